import type { Range } from "./source.js";

export type Severity = "error" | "warning";

/** A user's mistake, with its place and the way out. Values, never exceptions. */
export interface Diagnostic {
  /** Stable; `rpcgen explain` and suppressions use it: `unknown-type`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in plain words, without the place: `there is no type "Instanse"`. */
  readonly message: string;
  /** The way out, as one sentence: `did you mean "Instance"?` */
  readonly help?: string;
  /** Absent only where there is no place, such as a file that cannot be read. */
  readonly range?: Range;
  /** Other places that matter, such as the first of two clashing names. */
  readonly related?: readonly { readonly message: string; readonly range: Range }[];
}

/** What every stage of the compiler returns. */
export interface Staged<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}
