import { type Comment, marksOf } from "./comments.js";
import type { Diagnostic } from "./diagnostic.js";
import { type Document, entriesOf, itemsOf, type Node } from "./document.js";
import type { Range } from "./source.js";

/** A comment that is to silence a rule: `# rpcgen-ignore RULE: reason`. What it says is not looked at yet. */
export interface IgnoreComment {
  readonly comment: Comment;
  /** Undefined where the comment does not say which. */
  readonly rule: { readonly name: string; readonly range: Range } | undefined;
  /** Empty where there is none. */
  readonly reason: string;
  /** The whole comment. */
  readonly range: Range;
  /** Findings that start from here ... */
  readonly start: number;
  /** ... to before here are meant. */
  readonly end: number;
}

/** The comments of a file that are to silence rules. */
export function ignoreComments(document: Document): readonly IgnoreComment[] {
  // Most files have none, and need not be read again.
  if (!document.text.includes(mark)) return [];
  const places = placesOf(document.root);
  return marksOf(document.text).comments.flatMap((comment): IgnoreComment[] => {
    const words = /^#\s*rpcgen-ignore\b:?/.exec(comment.text)?.[0];
    if (words === undefined) return [];
    const parsed = /^(\s*)([A-Za-z][\w-]*)\s*(?::\s*(.*))?$/.exec(comment.text.slice(words.length));
    const range = { path: document.path, start: comment.start, end: comment.start + comment.text.length };
    const [, space = "", name, reason = ""] = parsed ?? [];
    const start = comment.start + words.length + space.length;
    const rule =
      name === undefined || words.endsWith(":")
        ? undefined
        : { name, range: { path: document.path, start, end: start + name.length } };
    return [{ comment, rule, reason: reason.trim(), range, ...scopeOf(comment, document, places) }];
  });
}

/** The diagnostics without the warnings that a comment silences. Errors stay: nothing would be generated. */
export function withoutSilenced(
  diagnostics: readonly Diagnostic[],
  documents: readonly Document[],
): readonly Diagnostic[] {
  if (!diagnostics.some(({ severity }) => severity === "warning")) return diagnostics;
  const ignores = documents.flatMap(ignoreComments).filter(({ rule, reason }) => rule !== undefined && reason !== "");
  if (ignores.length === 0) return diagnostics;
  return diagnostics.filter(
    ({ severity, code, range: at }) =>
      severity === "error" ||
      !ignores.some(
        ({ rule, range, start, end }) =>
          rule?.name === code && at?.path === range.path && at.start >= start && at.start < end,
      ),
  );
}

const mark = "rpcgen-ignore";

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Every entry and item of a file in its order, with all that is in it. */
function placesOf(root: Node): readonly Place[] {
  const places: Place[] = [];
  const visit = (node: Node, start: number): number => {
    const index = places.length;
    places.push({ start, end: node.range.end });
    let end = node.range.end;
    for (const { keyNode, value } of entriesOf(node)) end = Math.max(end, visit(value, keyNode.range.start));
    for (const item of itemsOf(node)) end = Math.max(end, visit(item, item.range.start));
    places[index] = { start, end };
    return end;
  };
  visit(root, root.range.start);
  // The first is the whole file.
  return places.slice(1);
}

function scopeOf({ start, ownLine }: Comment, { text }: Document, places: readonly Place[]): Place {
  if (!ownLine) {
    const lineEnd = text.indexOf("\n", start);
    return { start: text.lastIndexOf("\n", start) + 1, end: lineEnd === -1 ? text.length : lineEnd };
  }
  const next = places.findIndex((place) => place.start > start);
  const place = places[next];
  if (next === 0) return { start: 0, end: text.length };
  return place ?? { start: text.length, end: text.length };
}
