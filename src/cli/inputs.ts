import { basename, dirname, join, relative, resolve } from "node:path";
import type { Diagnostic, Staged } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { suggest } from "../compiler/suggest.js";
import { type FileStatus, failureText, type Io } from "./io.js";
import { Misuse } from "./misuse.js";
import { shownPath, sourcePath } from "./places.js";

/**
 * The definition files that patterns name, absolute, sorted, each once. A pattern is a file, a folder (all its YAML
 * files, at any depth) or a glob; one that begins with `!` takes files away again.
 *
 * @param base the folder from which relative patterns go
 * @param except files which folders and globs do not bring, such as the project file itself
 * @throws {Misuse} when a pattern names nothing
 */
export async function expandInputs(
  patterns: readonly string[],
  base: string,
  except: ReadonlySet<string>,
  io: Io,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns.filter((each) => !each.startsWith("!"))) {
    for (const path of await filesOf(pattern, base, except, io)) found.add(path);
  }
  for (const pattern of patterns.filter((each) => each.startsWith("!"))) {
    const { folder, matches } = await globOf(pattern.slice(1), base);
    for (const path of found) if (path === folder || matches(path)) found.delete(path);
  }
  if (found.size === 0) throw new Misuse("the inputs name no definition file at all");
  return [...found].sort();
}

/** Tells of a path whether a definition there would be one of those that the folders and globs among patterns name. */
export async function coverOf(patterns: readonly string[], base: string, io: Io): Promise<(path: string) => boolean> {
  const covers: ((path: string) => boolean)[] = [];
  for (const pattern of patterns) {
    const path = resolve(base, pattern);
    if (statusOrNothing(path, io)?.kind === "directory") covers.push((each) => each.startsWith(`${path}/`));
    else if (!pattern.startsWith("!") && isSpecial(pattern)) covers.push((await globOf(pattern, base)).matches);
  }
  return (path) => covers.some((covered) => covered(path));
}

/** Reads files as sources whose paths are relative to `root`. A file that cannot be read is a diagnostic. */
export function readSources(paths: readonly string[], root: string, io: Io): Staged<readonly Source[]> {
  const sources: Source[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    try {
      sources.push({ path: sourcePath(path, root), text: io.files.readText(path) });
    } catch (error) {
      diagnostics.push({
        code: "cannot-read",
        severity: "error",
        message: `cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`,
      });
    }
  }
  return { value: sources, diagnostics };
}

/** Reads files when the compiler comes upon their names in `imports`, and remembers them. */
export class ImportReader {
  readonly #root: string;
  readonly #io: Io;
  readonly #sources: Source[] = [];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(root: string, io: Io) {
    this.#root = root;
    this.#io = io;
  }

  /** What was read. */
  get sources(): readonly Source[] {
    return this.#sources;
  }

  /** Why some files were not. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  /** A file by its path from the root. Nothing where there is none: the compiler knows at which place it is missing. */
  readonly read = (path: string): Source | undefined => {
    const absolute = resolve(this.#root, path);
    if (statusOrNothing(absolute, this.#io)?.kind !== "file") return undefined;
    const { value, diagnostics } = readSources([absolute], this.#root, this.#io);
    this.#diagnostics.push(...diagnostics);
    this.#sources.push(...value);
    return value[0];
  };
}

async function filesOf(pattern: string, base: string, except: ReadonlySet<string>, io: Io): Promise<readonly string[]> {
  if (pattern === "") throw new Misuse("one of the inputs is empty", "name a file, a folder or a glob");
  const path = resolve(base, pattern);
  const status = statusOf(path, io);
  if (status?.kind === "file") return [path];
  if (status?.kind === "other") throw new Misuse(`${pattern} is neither a file nor a folder`);
  if (status?.kind === "directory") {
    const files = yamlFilesIn(path, except, () => true, io);
    if (files.length > 0) return files;
    throw new Misuse(`there is no .yaml or .yml file in ${pattern}`, "name the folder that has the definitions");
  }
  if (!isSpecial(pattern)) throw unknownFile(pattern, path, io);
  const { folder, matches } = await globOf(pattern, base);
  const files = yamlFilesIn(folder, except, matches, io);
  if (files.length > 0) return files;
  throw new Misuse(`no .yaml or .yml file matches ${pattern}`, `it was looked for from ${shownPath(base, io.cwd)}/`);
}

/** Every YAML file below a folder that the test takes. Hidden folders and node_modules hold no definitions. */
function yamlFilesIn(
  folder: string,
  except: ReadonlySet<string>,
  takes: (path: string) => boolean,
  io: Io,
): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (at: string): void => {
    // Links may lead back to where we are.
    const real = io.files.realPath(at);
    if (seen.has(real)) return;
    seen.add(real);
    for (const { name, kind } of io.files.list(at)) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const path = join(at, name);
      const leadsTo = kind === "link" ? statusOrNothing(path, io)?.kind : kind;
      if (leadsTo === "directory") visit(path);
      else if (leadsTo === "file" && /\.ya?ml$/.test(name) && !except.has(path) && takes(path)) found.push(path);
    }
  };
  if (statusOf(folder, io)?.kind !== "directory") return [];
  try {
    visit(folder);
  } catch (error) {
    throw new Misuse(`cannot list ${shownPath(folder, io.cwd)}: ${failureText(error)}`);
  }
  return found;
}

/**
 * Cuts a glob into the folder that it begins with and the matcher of paths below it; without any pattern in it,
 * everything below matches. The library is loaded only by those who use globs.
 */
async function globOf(
  pattern: string,
  base: string,
): Promise<{ readonly folder: string; readonly matches: (path: string) => boolean }> {
  const parts = pattern.split("/");
  const first = parts.findIndex(isSpecial);
  const folder = resolve(base, (first === -1 ? parts : parts.slice(0, first)).join("/") || (first > 0 ? "/" : "."));
  const inside = (path: string): boolean => path.startsWith(folder === "/" ? folder : `${folder}/`);
  if (first === -1) return { folder, matches: inside };
  const { default: picomatch } = await import("picomatch");
  const matches = picomatch(parts.slice(first).join("/"));
  return { folder, matches: (path) => inside(path) && matches(relative(folder, path)) };
}

function isSpecial(text: string): boolean {
  return /[*?[\]{}()!]/.test(text);
}

function unknownFile(pattern: string, path: string, io: Io): Misuse {
  const folder = dirname(path);
  const names = statusOrNothing(folder, io)?.kind === "directory" ? io.files.list(folder).map(({ name }) => name) : [];
  const close = suggest(basename(path), names);
  return new Misuse(
    `there is no file or folder ${pattern}`,
    close === undefined ? undefined : `did you mean ${shownPath(join(folder, close), io.cwd)}?`,
  );
}

function statusOf(path: string, io: Io): FileStatus | undefined {
  try {
    return io.files.status(path);
  } catch (error) {
    throw new Misuse(`cannot open ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

/** A link that leads nowhere is passed over where nobody named it. */
function statusOrNothing(path: string, io: Io): FileStatus | undefined {
  try {
    return io.files.status(path);
  } catch {
    return undefined;
  }
}
