import { relative, resolve, sep } from "node:path";
import type { Range, Source } from "../compiler/source.js";

/** A place as every format of ours shows it. Lines and columns count from 1; the end is exclusive. */
export interface Place {
  /** From the folder where rpcgen runs, or absolute where that is shorter; with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What the paths of sources begin with that were read from an earlier state. */
export const previousPrefix = "previous:";

/** Turns ranges into places, and gives the text around them. Each text is cut into lines once, when it is needed. */
export class Places {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #lines = new Map<string, readonly number[]>();
  readonly #root: string;
  readonly #cwd: string;

  /** @param root the folder to which the paths of the sources are relative */
  constructor(sources: readonly Source[], root: string, cwd: string) {
    this.#texts = new Map(sources.map((source) => [source.path, source.text]));
    this.#root = root;
    this.#cwd = cwd;
  }

  /** The place of a range. */
  of(range: Range): Place {
    const start = this.#position(range.path, range.start);
    const end = this.#position(range.path, Math.max(range.start, range.end));
    return { file: this.file(range.path), ...start, endLine: end.line, endColumn: end.column };
  }

  /** A source's path as it is shown. */
  file(path: string): string {
    // The previous state of a definition, which may be nowhere on the disk.
    if (path.startsWith(previousPrefix)) {
      return `${previousPrefix}${this.file(path.slice(previousPrefix.length))}`;
    }
    return shownPath(resolve(this.#root, path), this.#cwd);
  }

  /** The path that a file which is no source would have as one; of a place in it only the file is shown. */
  pathOf(absolute: string): string {
    return sourcePath(absolute, this.#root);
  }

  /** One line of a source, from 1, without its end; undefined outside of it. */
  line(path: string, number: number): string | undefined {
    const starts = this.#startsOf(path);
    const start = starts[number - 1];
    if (start === undefined) return undefined;
    return (this.#texts.get(path) ?? "").slice(start, starts[number]).replace(/\r?\n$/, "");
  }

  #position(path: string, offset: number): { line: number; column: number } {
    const starts = this.#startsOf(path);
    const at = Math.min(offset, (this.#texts.get(path) ?? "").length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  }

  #startsOf(path: string): readonly number[] {
    const known = this.#lines.get(path);
    if (known !== undefined) return known;
    const text = this.#texts.get(path) ?? "";
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#lines.set(path, starts);
    return starts;
  }
}

/** A path as people see it: from where they are, or the whole of it where that is shorter; with forward slashes. */
export function shownPath(path: string, cwd: string): string {
  const shown = sourcePath(path, cwd) || ".";
  return shown.startsWith("../") && path.length < shown.length ? path : shown;
}

/** A path as sources have it: from the project's root, the same on every machine. */
export function sourcePath(path: string, root: string): string {
  return relative(root, path).split(sep).join("/");
}
