import { dirname, join, resolve, sep } from "node:path";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { GeneratedFile } from "../compiler/emit/write.js";
import type { Io } from "./io.js";
import { shownPath, sourcePath } from "./places.js";
import { projectFileName } from "./project.js";
import { plural } from "./report.js";

/** What a run is, as far as it matters for files that it does not make. Paths are absolute. */
export interface WritingRun {
  /** The folder from which headers name definitions. */
  readonly root: string;
  /** Whether a project file says that this is the root, so that a definition which is not there is gone. */
  readonly hasProjectFile: boolean;
  readonly out: string;
  readonly inputs: readonly string[];
  /** Whether a definition at a path would be one of the inputs. */
  readonly covers: (path: string) => boolean;
  readonly files: readonly GeneratedFile[];
}

/**
 * Tells of generated files which a run does not make whether they are stale. A header names its definition from the
 * folder of the run that made it, and this may have been another one: another project which writes into the same
 * folder, or the same definitions from another current folder. What such a run has made is kept.
 */
export class Leftovers {
  readonly #run: WritingRun;
  readonly #io: Io;
  readonly #inputs: ReadonlySet<string>;
  readonly #folders: ReadonlySet<string>;
  readonly #known = new Map<string, Fate>();
  /** The files that are kept without knowing, by the reason. */
  readonly #unclear = new Map<string, number>();

  constructor(run: WritingRun, io: Io) {
    this.#run = run;
    this.#io = io;
    this.#inputs = new Set(run.inputs);
    this.#folders = new Set(run.files.map(({ path }) => dirname(path)).filter((folder) => folder !== "."));
  }

  /** Whether the file, whose header names the definition, is to be removed. */
  readonly isStale = (definition: string, path: string): boolean => {
    // Whoever writes the folder of a service writes all of it.
    if (this.#folders.has(dirname(path))) return true;
    const service = serviceOf(path);
    const key = JSON.stringify([definition, service]);
    const fate = this.#known.get(key) ?? this.#fateOf(definition, service);
    this.#known.set(key, fate);
    if (typeof fate === "object") this.#unclear.set(fate.text, (this.#unclear.get(fate.text) ?? 0) + 1);
    return fate === "stale";
  };

  /** Says which files were kept because nobody knows. */
  get diagnostics(): readonly Diagnostic[] {
    const out = shownPath(this.#run.out, this.#io.cwd);
    return [...this.#unclear].map(([text, count]) => ({
      code: "kept-output",
      severity: "warning",
      message: `${out} keeps ${plural(count, "file")} made from ${text}`,
      help: "delete them if nothing makes them any more",
    }));
  }

  #fateOf(definition: string, service: string): Fate {
    const { root, out, hasProjectFile, covers } = this.#run;
    const path = resolve(root, definition);
    const isInput = this.#inputs.has(path);
    if (!isInput && this.#isThere(path)) return "other";
    const isOurs = isInput || covers(path) || (hasProjectFile && isIn(path, root));
    const ending = `/${definition.replace(/^(\.\.\/)+/, "")}`;
    const area = this.#repositoryAbove(commonFolder(root, out));
    const found = this.#search(area, service, ending, path);
    if (found === undefined && isOurs) return "stale";
    if (typeof found !== "string") return { text: `${definition}, which is not among the inputs` };
    // A file that is ours and gone may have left a copy in a folder of builds; a project file there speaks for a run.
    const otherRoot = found.slice(0, -ending.length);
    if (!isOurs || this.#isThere(join(otherRoot, projectFileName))) return "other";
    return { text: `${definition}, or perhaps from ${shownPath(found, this.#io.cwd)}` };
  }

  /**
   * Looks for a definition of the service which another run would name so: first in the area, and then beside it, as
   * far as it goes. False where the area is too large to know.
   */
  #search(area: string, service: string, ending: string, except: string): string | undefined | false {
    // A folder that has nothing but the disk in common with the root may be anybody's.
    if (dirname(area) === area) return false;
    const seen = new Set<string>();
    for (const start of [area, dirname(area)]) {
      const queue = dirname(start) === start ? [] : [start];
      for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
        if (seen.has(folder) || folder === this.#run.out) continue;
        if (seen.size === mostFolders) return start === area ? false : undefined;
        seen.add(folder);
        for (const { name, kind } of this.#list(folder)) {
          if (name.startsWith(".") || name === "node_modules") continue;
          const path = join(folder, name);
          if (kind === "directory") queue.push(path);
          else if (path !== except && path.split(sep).join("/").endsWith(ending) && defines(path, service, this.#io)) {
            return path;
          }
        }
      }
    }
    return undefined;
  }

  #repositoryAbove(folder: string): string {
    for (let at = folder; dirname(at) !== at; at = dirname(at)) {
      if (this.#list(at).some(({ name }) => name === ".git")) return at;
    }
    return folder;
  }

  #isThere(path: string): boolean {
    try {
      return this.#io.files.status(path) !== undefined;
    } catch {
      return true;
    }
  }

  #list(folder: string): ReturnType<Io["files"]["list"]> {
    try {
      return this.#io.files.list(folder);
    } catch {
      // What we may not look into is none of this run's.
      return [];
    }
  }
}

/** A file is stale, another run's, or nobody knows, with what is known. */
type Fate = "stale" | "other" | { readonly text: string };

/** Looking into more folders takes longer than anybody wants to wait. */
const mostFolders = 10_000;

/** Whether a file says that it is the definition of a service; one that cannot be read may be. */
export function defines(path: string, service: string, { files }: Io): boolean {
  try {
    return new RegExp(`\\bservice["']?\\s*:\\s*["']?${service}(?![\\w-])`).test(files.readText(path));
  } catch {
    return true;
  }
}

/** The service that a generated file is about: `compute/types.ts`, `compute.html`. */
export function serviceOf(path: string): string {
  const [first = ""] = path.split("/");
  return (first === path ? first.replace(/\..*/s, "") : first).replace(/[^\w-]/g, ".");
}

function commonFolder(one: string, other: string): string {
  let at = one;
  while (!isIn(other, at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || !/^\.\.(\/|$)|^([A-Za-z]:)?\//.test(sourcePath(path, folder));
}
