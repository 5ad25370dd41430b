import { dirname, join, normalize } from "node:path";
import type { EntryKind, FileStatus, FileSystem, Io, Output } from "../../src/cli/io.js";
import type { RunProcess } from "../../src/cli/processes.js";

/** A world in memory for one test: a few files, what was printed, and failures on demand. */
export interface MemoryIo extends Io {
  readonly files: MemoryFiles;
  /** Everything that was printed so far. */
  printed(): { readonly stdout: string; readonly stderr: string };
}

export interface MemoryIoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly stdin?: string;
  /** Answers for other programs. @default there are none */
  readonly run?: RunProcess;
}

/** @param texts files by path; relative ones are in the current folder */
export function memoryIo(texts: Readonly<Record<string, string>>, options: MemoryIoOptions = {}): MemoryIo {
  const { cwd = "/project", env = {}, isTTY = false, stdin = "", run = () => undefined } = options;
  const files = new MemoryFiles(stdin);
  files.makeFolder(cwd);
  for (const [path, text] of Object.entries(texts)) files.add(path.startsWith("/") ? path : join(cwd, path), text);
  const printed = { stdout: "", stderr: "" };
  const output = (name: keyof typeof printed): Output => ({
    isTTY,
    write: (text) => {
      printed[name] += text;
    },
  });
  let clock = 0;
  return {
    files,
    env,
    cwd,
    home: "/home/user",
    self: { folder: "/rpcgen", version: "1.2.3" },
    stdout: output("stdout"),
    stderr: output("stderr"),
    now: () => {
      clock += 1;
      return clock;
    },
    run,
    printed: () => ({ ...printed }),
  };
}

type Entry =
  | { readonly kind: "file"; readonly text: string; readonly modified: number }
  | { readonly kind: "directory" }
  | { readonly kind: "other" }
  | { readonly kind: "link"; readonly to: string };

/** A file system in memory that fails as a real one does. */
export class MemoryFiles implements FileSystem {
  readonly #entries = new Map<string, Entry>([["/", { kind: "directory" }]]);
  readonly #refusals = new Map<string, string>();
  readonly #stdin: string;
  #clock = 0;

  constructor(stdin = "") {
    this.#stdin = stdin;
  }

  readStdin(): string {
    return this.#stdin;
  }

  /** A file, with the folders above it. */
  add(path: string, text: string): void {
    this.makeFolder(dirname(path));
    this.writeText(path, text);
  }

  addLink(path: string, to: string): void {
    this.makeFolder(dirname(path));
    this.#entries.set(path, { kind: "link", to });
  }

  /** Something such as a pipe or a device. */
  addOther(path: string): void {
    this.#entries.set(path, { kind: "other" });
  }

  /** From now on every operation on the path (or below it) fails with the code. */
  refuse(path: string, code: string): void {
    this.#refusals.set(path, code);
  }

  /** All files with their texts, in order, without those of a cache. */
  texts(below = "/"): Readonly<Record<string, string>> {
    const found = [...this.#entries].flatMap(([path, entry]): [string, string][] =>
      entry.kind === "file" && path.startsWith(below) && !path.includes("/.cache/") ? [[path, entry.text]] : [],
    );
    return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  modified(path: string): number | undefined {
    return this.status(path)?.modified;
  }

  readText(path: string): string {
    const entry = this.#found(path);
    if (entry.kind !== "file") throw failure("EISDIR", path);
    return entry.text;
  }

  status(path: string): FileStatus | undefined {
    this.#mayFail(path);
    const entry = this.#entries.get(this.#resolve(path));
    if (entry === undefined || entry.kind === "link") return undefined;
    const file = entry.kind === "file" ? entry : { text: "", modified: 0 };
    return { kind: entry.kind, size: file.text.length, modified: file.modified };
  }

  list(path: string): readonly { readonly name: string; readonly kind: EntryKind }[] {
    if (this.#found(path).kind !== "directory") throw failure("ENOTDIR", path);
    const folder = this.#resolve(path);
    return [...this.#entries]
      .filter(([at]) => at !== "/" && dirname(at) === folder)
      .map(([at, { kind }]) => ({ name: at.slice(at.lastIndexOf("/") + 1), kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  realPath(path: string): string {
    this.#found(path);
    return this.#resolve(path);
  }

  writeText(path: string, text: string): void {
    this.#mayFail(path);
    const at = this.#resolve(path);
    if (this.#entries.get(dirname(at))?.kind !== "directory") throw failure("ENOENT", path);
    if (this.#entries.get(at)?.kind === "directory") throw failure("EISDIR", path);
    this.#clock += 1;
    this.#entries.set(at, { kind: "file", text, modified: this.#clock });
  }

  makeFolder(path: string): void {
    this.#mayFail(path);
    const at = this.#resolve(path);
    const present = this.#entries.get(at);
    if (present?.kind === "directory") return;
    if (present !== undefined) throw failure("EEXIST", path);
    this.makeFolder(dirname(at));
    this.#entries.set(at, { kind: "directory" });
  }

  rename(from: string, to: string): void {
    this.#mayFail(to);
    const entry = this.#found(from);
    if (this.#entries.get(to)?.kind === "directory") throw failure("EISDIR", to);
    this.#entries.delete(from);
    this.#entries.set(to, entry);
  }

  removeFile(path: string): void {
    this.#found(path);
    this.#entries.delete(path);
  }

  removeFolder(path: string): void {
    if (this.list(path).length > 0) throw failure("ENOTEMPTY", path);
    this.#entries.delete(path);
  }

  #found(path: string): Entry {
    this.#mayFail(path);
    const entry = this.#entries.get(this.#resolve(path));
    if (entry === undefined) throw failure("ENOENT", path);
    return entry;
  }

  /** Follows links in every part of the path. */
  #resolve(path: string, links = 0): string {
    if (links > 20) throw failure("ELOOP", path);
    let at = "/";
    const parts = normalize(path).split("/").filter(Boolean);
    for (const [index, part] of parts.entries()) {
      at = join(at, part);
      const entry = this.#entries.get(at);
      if (entry?.kind === "link") {
        return this.#resolve(join(dirname(at), entry.to, ...parts.slice(index + 1)), links + 1);
      }
      if (entry?.kind === "file" && index < parts.length - 1) return at.concat("/", parts.slice(index + 1).join("/"));
    }
    return at;
  }

  #mayFail(path: string): void {
    for (const [refused, code] of this.#refusals) {
      if (path === refused || path.startsWith(`${refused}/`)) throw failure(code, path);
    }
  }
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
