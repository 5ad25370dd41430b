/** A text with a name: one YAML file, or whatever a user of the library calls it. */
export interface Source {
  /** The path as diagnostics show it, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A place in a source. Offsets count UTF-16 units from 0; `end` is exclusive. */
export interface Range {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Line and column as editors count them, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds the line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: end - lineStart + 1 };
}
