import type { Document, Entry, ListNode, MapNode, Node } from "../document.js";

/** Replaces a part of a file. */
export interface Edit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Replaces a value. */
export function replaceNode({ path }: Document, { range }: Node, text: string): Edit[] {
  return [{ path, start: range.start, end: range.end, text }];
}

/**
 * Removes an entry of a map with what is behind it on its line. With `section`, it is a declaration: comments directly
 * above it go as well, and the last one takes its section with it. Undefined where it shares its line with what stays.
 */
export function removeEntry(
  document: Document,
  map: MapNode,
  entry: Entry,
  section?: { readonly owner: MapNode; readonly entry: Entry },
): Edit[] | undefined {
  if (map.entries.length === 1 && section !== undefined) return removeEntry(document, section.owner, section.entry);
  const index = map.entries.indexOf(entry);
  if (map.entries.length === 1 || index === -1) return undefined;
  const parts = map.entries.map(({ keyNode, value }) => ({ start: keyNode.range.start, end: endOf(document, value) }));
  return isFlow(document, map)
    ? removeFlow(document, parts, index)
    : removeLines(document, parts, index, section !== undefined);
}

/** Removes an item of a list in brackets. */
export function removeItem(document: Document, list: ListNode, item: Node): Edit[] | undefined {
  const index = list.items.indexOf(item);
  if (list.items.length === 1 || index === -1 || !isFlow(document, list)) return undefined;
  return removeFlow(
    document,
    list.items.map(({ range }) => range),
    index,
  );
}

/** Adds a key to what an entry has: the short form `name: type` becomes `{ type: type, key: text }`. */
export function addKey(document: Document, { value }: Entry, key: string, text: string): Edit[] | undefined {
  const { path } = document;
  if (value.kind === "scalar") {
    const written = document.text.slice(value.range.start, value.range.end);
    return /^[\w?<>]+$/.test(written)
      ? replaceNode(document, value, `{ type: ${written}, ${key}: ${text} }`)
      : undefined;
  }
  if (value.kind !== "map") return undefined;
  const [first] = value.entries;
  const last = value.entries.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (isFlow(document, value)) {
    const at = endOf(document, last.value);
    return [{ path, start: at, end: at, text: `, ${key}: ${text}` }];
  }
  // Behind the first entry whose value is on its line, since only there the line's end is the entry's.
  const after = value.entries.find((one) => one.value.kind === "scalar" && !/^[|>]/.test(rawOf(document, one.value)));
  const anchor = after ?? first;
  const lineStart = document.text.lastIndexOf("\n", first.keyNode.range.start - 1) + 1;
  const pad = " ".repeat(first.keyNode.range.start - lineStart);
  if (after === undefined) {
    const at = anchor.keyNode.range.start;
    return [{ path, start: at, end: at, text: `${key}: ${text}\n${pad}` }];
  }
  const at = lineEnd(document.text, endOf(document, anchor.value));
  return [{ path, start: at, end: at, text: `\n${pad}${key}: ${text}` }];
}

/** Whether the map or list is written with braces or brackets. */
export function isFlow({ text }: Document, node: Node): boolean {
  return text[node.range.start] === "{" || text[node.range.start] === "[";
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function removeFlow({ path, text }: Document, parts: readonly Part[], index: number): Edit[] | undefined {
  const part = parts[index];
  const next = parts[index + 1];
  const before = parts[index - 1];
  const range =
    part === undefined
      ? undefined
      : next !== undefined
        ? { start: part.start, end: next.start }
        : before === undefined
          ? undefined
          : { start: before.end, end: part.end };
  if (range === undefined || text.slice(range.start, range.end).includes("#")) return undefined;
  return [{ path, ...range, text: "" }];
}

function removeLines(
  { path, text }: Document,
  parts: readonly Part[],
  index: number,
  withComments: boolean,
): Edit[] | undefined {
  const part = parts[index];
  if (part === undefined) return undefined;
  let start = text.lastIndexOf("\n", part.start - 1) + 1;
  const pad = text.slice(start, part.start);
  if (pad.trim() !== "") return undefined;
  let end = Math.min(lineEnd(text, part.end) + 1, text.length);
  while (withComments) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (start === 0 || !text.slice(above, start).startsWith(`${pad}#`)) break;
    start = above;
  }
  // The empty line that parted it from the next is not needed twice.
  const isApart = start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
  const gap = /^[ \t]*\r?\n/.exec(text.slice(end, end + 200))?.[0];
  if (isApart && gap !== undefined) end += gap.length;
  return [{ path, start, end, text: "" }];
}

/** Where a value really ends; the range of a map in lines may reach over the comments below it. */
function endOf(document: Document, node: Node): number {
  if ((node.kind !== "map" && node.kind !== "list") || isFlow(document, node)) return node.range.end;
  const last = node.kind === "map" ? node.entries.at(-1)?.value : node.items.at(-1);
  return last === undefined ? node.range.end : endOf(document, last);
}

function rawOf({ text }: Document, { range }: Node): string {
  return text.slice(range.start, range.end);
}

function lineEnd(text: string, from: number): number {
  // A block scalar's range ends behind its last line end.
  const start = text[from - 1] === "\n" ? from - 1 : from;
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}
