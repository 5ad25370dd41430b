import { markCollector } from "../comments.js";
import type { Staged } from "../diagnostic.js";
import { type Document, entriesOf, jsonOf } from "../document.js";
import { load } from "../load.js";
import type { Source } from "../source.js";
import { attach } from "./attach.js";
import { print } from "./print.js";

/**
 * Brings a definition into its canonical form: the order of keys, indentation, spaces and empty lines. What it says
 * and its comments stay. Formatting twice changes nothing. A text that cannot be read comes back as it is, with the
 * reasons.
 */
export function format(source: Source): Staged<string> {
  const { marks, see } = markCollector(source.text);
  const { value: document, diagnostics } = load(source, see);
  if (document === undefined || diagnostics.length > 0) return { value: source.text, diagnostics };
  const tree = attach(document, marks);
  // A file without keys, with a scalar or a list, is no definition, and other stages say so.
  if (tree === undefined || entriesOf(document.root).length === 0) return { value: source.text, diagnostics };
  const text = directivesOf(source.text) + print(tree, source.text);
  if (text !== source.text) check(document, text, marks.comments.length);
  return { value: text, diagnostics };
}

/** Lines such as `%YAML 1.2` at the top say how the rest is to be read, so that they stay, with the line that ends them. */
function directivesOf(text: string): string {
  return /^\ufeff?((?:%.*\r?\n)+---)(?=\s)/.exec(text)?.[1]?.concat("\n") ?? "";
}

/** A formatter that loses something is worse than none: what came out must say what went in. */
function check(before: Document, text: string, comments: number): void {
  const { marks, see } = markCollector(text);
  const after = load({ path: before.path, text }, see);
  const isSame =
    after.value !== undefined &&
    after.diagnostics.length === 0 &&
    sorted(jsonOf(before.root)) === sorted(jsonOf(after.value.root)) &&
    marks.comments.length === comments;
  if (!isSame) throw new Error(`the formatter would change what ${before.path} says`);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "bigint") return `${item}n`;
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
