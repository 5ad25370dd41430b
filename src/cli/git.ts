import { posix, relative, resolve, sep } from "node:path";
import type { EntryKind, FileStatus, FileSystem, Io } from "./io.js";
import { Misuse } from "./misuse.js";

/**
 * The files of a commit as a file system that can only be read: absolute paths of the work tree lead to what the commit
 * had there.
 *
 * @param folder a folder in the repository
 * @param ref a branch, tag or commit
 * @throws {Misuse} where there is no git, no repository, or nothing of that name
 */
export function filesAt(ref: string, folder: string, io: Io): FileSystem {
  const git = (...args: readonly string[]): string | undefined => {
    const result = io.run?.("git", args, folder);
    if (result === undefined) {
      throw new Misuse(
        `git is not installed, so that "${ref}" cannot be read from it`,
        "give --against a folder or a file with the previous definitions",
      );
    }
    return result.code === 0 ? result.stdout : undefined;
  };
  const prefix = git("rev-parse", "--show-prefix")?.replace(/\n$/, "");
  if (prefix === undefined) {
    throw new Misuse(
      `there is no file or folder ${ref}, and this is no git repository in which it could be a commit`,
      "give --against a folder or a file with the previous definitions, or run this in the repository",
    );
  }
  // What begins with a dash would be an option.
  const commit = ref.startsWith("-") ? undefined : git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`)?.trim();
  if (commit === undefined) {
    throw new Misuse(
      `there is no file, folder, branch, tag or commit ${ref}`,
      "git branch -a and git tag list the names; a shallow clone lacks them: git fetch origin main",
    );
  }
  const listed = git("ls-tree", "-r", "-z", "--full-tree", commit);
  if (listed === undefined) throw new Misuse(`git cannot list the files of ${ref}`);
  const tree = treeOf(listed);
  const pathIn = (path: string): string => {
    const inRoot = relative(folder, resolve(folder, path)).split(sep).join("/");
    return posix.normalize(posix.join(prefix, inRoot)).replace(/^\.?\/?|\/$/g, "");
  };
  const entry = (path: string): TreeEntry | undefined => tree.get(pathIn(path));
  return {
    readText(path) {
      const found = entry(path);
      const text = found?.kind === "file" ? git("cat-file", "blob", found.id) : undefined;
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
      return text;
    },
    status(path): FileStatus | undefined {
      const found = entry(path);
      if (found === undefined) return undefined;
      return { kind: found.kind === "link" ? "other" : found.kind, size: 0, modified: 0 };
    },
    list(path) {
      const found = entry(path);
      if (found?.kind !== "directory") throw Object.assign(new Error(`ENOTDIR: ${path}`), { code: "ENOTDIR" });
      return [...found.entries].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    realPath: (path) => path,
    readStdin: () => io.files.readStdin(),
    writeText: readOnly,
    makeFolder: readOnly,
    rename: readOnly,
    removeFile: readOnly,
    removeFolder: readOnly,
  };
}

type TreeEntry =
  | { readonly kind: "file" | "link" | "other"; readonly id: string }
  | { readonly kind: "directory"; readonly entries: Map<string, EntryKind> };

/** Files and folders by their path from the repository's root; the root itself is the empty path. */
function treeOf(listed: string): ReadonlyMap<string, TreeEntry> {
  const root = { kind: "directory" as const, entries: new Map<string, EntryKind>() };
  const tree = new Map<string, TreeEntry>([["", root]]);
  for (const line of listed.split("\0")) {
    // 100644 blob 5716ca5987cbf97d6bb54920bea6adde242d87e6	schemas/compute.yaml
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line);
    if (match === null) continue;
    const [, mode = "", type, id = "", path = ""] = match;
    const kind = type !== "blob" ? "other" : mode === "120000" ? "link" : "file";
    tree.set(path, { kind, id });
    note(tree, path, kind);
  }
  return tree;
}

/** Enters something into its folder, and the folder into those above it. */
function note(tree: Map<string, TreeEntry>, path: string, kind: EntryKind): void {
  const slash = path.lastIndexOf("/");
  const folder = path.slice(0, Math.max(slash, 0));
  const name = path.slice(slash + 1);
  let found = tree.get(folder);
  if (found === undefined) {
    found = { kind: "directory", entries: new Map() };
    tree.set(folder, found);
    note(tree, folder, "directory");
  }
  if (found.kind === "directory") found.entries.set(name, kind);
}

function readOnly(): never {
  throw new Error("a commit cannot be written to");
}
