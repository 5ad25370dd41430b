import type { Diagnostic } from "./diagnostic.js";
import { type Code, messages, type ParamsOf } from "./messages.js";
import type { Range } from "./source.js";

/** Collects the diagnostics of a stage. */
export interface Reporter {
  readonly diagnostics: readonly Diagnostic[];
  /** Adds one diagnostic; its text comes from the table of messages. */
  report<C extends Code>(code: C, place: Place, ...params: ParamsOf<C>): void;
}

/** Where a diagnostic points: one range, or one with other places that matter. */
export type Place =
  | Range
  | { readonly range: Range; readonly related: readonly { readonly message: string; readonly range: Range }[] }
  | undefined;

/** A file with so many mistakes gets no more texts: making them (looking for similar names) takes time, and nobody reads them. */
const mostPerFile = 200;

/** Starts a stage's collection. */
export function createReporter(): Reporter {
  const diagnostics: Diagnostic[] = [];
  const counts = new Map<string, number>();
  const add = <C extends Code>(code: C, place: Place, params: ParamsOf<C>): void => {
    const entry = messages[code];
    // The table's entries differ in their parameters; ParamsOf ties the code to its own.
    const text = entry.text as (...params: ParamsOf<C>) => { message: string; help?: string };
    const at = place === undefined ? {} : "range" in place ? place : { range: place };
    diagnostics.push({ code, severity: entry.severity, ...text(...params), ...at });
  };
  return {
    diagnostics,
    report(code, place, ...params) {
      const path = place === undefined ? "" : "range" in place ? place.range.path : place.path;
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      if (count <= mostPerFile) add(code, place, params);
      else if (count === mostPerFile + 1) add("too-many-problems", place, [{ limit: mostPerFile }]);
    },
  };
}
