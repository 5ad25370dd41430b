import { type Comment, isBlankAbove, type Marks } from "../comments.js";
import type { Document, Node, ScalarNode } from "../document.js";

/** An entry of a map or an item of a list, with the comments that belong to it. */
export interface Item {
  readonly key: ScalarNode | undefined;
  readonly value: Node;
  /** What is in the value, where it is a map or a list. */
  readonly block: Block | undefined;
  /** Comments above it, each on a line of its own. */
  readonly lead: Line[];
  /** Comments behind it, on its line. */
  readonly trailing: Line[];
  readonly blankBefore: boolean;
}

/** A map or list. */
export interface Block {
  readonly node: Node;
  readonly isList: boolean;
  /** Written with braces or brackets. */
  readonly flow: boolean;
  readonly items: Item[];
  /** Comments below the last item. */
  readonly dangling: Line[];
}

/** A comment. */
export interface Line {
  readonly text: string;
  readonly start: number;
  readonly blankBefore: boolean;
}

/** A definition as a tree in which every comment has its place. */
export interface Tree {
  /** Comments above everything, which stay there. */
  readonly header: Line[];
  readonly root: Block;
}

/** Gives each comment of a file to the entry or item that it is about. Undefined where the file is no map or list. */
export function attach(document: Document, marks: Marks): Tree | undefined {
  const anchors: Anchor[] = [];
  const root = blockOf(document.root, document.text, { anchors, dashes: marks.dashes, nextDash: 0 }, false, undefined);
  if (root === undefined) return undefined;
  const header: Line[] = [];
  let after = 0;
  for (const comment of marks.comments) {
    while ((anchors[after]?.start ?? Number.POSITIVE_INFINITY) < comment.start) after += 1;
    const before = anchors[after - 1];
    if (before === undefined) header.push(lineOf(comment));
    else if (comment.ownLine) attachLine(comment, before, anchors[after], root);
    else ownerOfTrailing(comment, before).trailing.push(lineOf(comment));
  }
  moveFromHeader(header, root);
  return { header, root };
}

/** An item with what is needed to find it: where it starts, at which column, and what it is in. */
interface Anchor {
  readonly item: Item;
  readonly start: number;
  readonly column: number;
  readonly parent: Block;
  readonly owner: Anchor | undefined;
}

interface Walk {
  readonly anchors: Anchor[];
  readonly dashes: readonly number[];
  nextDash: number;
}

function blockOf(node: Node, text: string, walk: Walk, inFlow: boolean, owner: Anchor | undefined): Block | undefined {
  if (node.kind !== "list" && node.kind !== "map") return undefined;
  const isList = node.kind === "list";
  const flow = inFlow || text[node.range.start] === (isList ? "[" : "{");
  const block: Block = { node, isList, flow, items: [], dangling: [] };
  const parts = isList ? node.items.map((value) => ({ value, keyNode: undefined })) : node.entries;
  for (const { keyNode: key, value } of parts) {
    let start = key?.range.start ?? value.range.start;
    if (isList && !flow) {
      // Each item of a block list has one dash, and they come in the order in which we walk.
      start = walk.dashes[walk.nextDash] ?? start;
      walk.nextDash += 1;
    }
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const isFirst = text.slice(lineStart, start).trim() === "";
    const item: { -readonly [K in keyof Item]: Item[K] } = {
      key,
      value,
      block: undefined,
      lead: [],
      trailing: [],
      blankBefore: isFirst && isBlankAbove(text, lineStart),
    };
    const anchor: Anchor = { item, start, column: start - lineStart, parent: block, owner };
    walk.anchors.push(anchor);
    item.block = blockOf(value, text, walk, flow, anchor);
    block.items.push(item);
  }
  return block;
}

function attachLine(comment: Comment, before: Anchor, after: Anchor | undefined, root: Block): void {
  const line = lineOf(comment);
  const { value, block } = before.item;
  // Between a key and its value.
  if (comment.start < value.range.start && (block === undefined || block.flow)) {
    before.item.lead.push(line);
    return;
  }
  const open = openFlow(comment, before);
  if (open !== undefined) {
    const isInside = after !== undefined && after.start < open.node.range.end;
    (isInside ? after.item.lead : open.dangling).push(line);
    return;
  }
  const opens = after !== undefined && after.owner === before;
  if (after !== undefined && (opens || comment.column <= after.column)) {
    after.item.lead.push(line);
    return;
  }
  // It stands deeper than what follows: it ends one of the blocks that end here.
  for (let at: Anchor | undefined = before; at !== undefined && at.parent !== after?.parent; at = at.owner) {
    if (!at.parent.flow && at.column <= comment.column) {
      at.parent.dangling.push(line);
      return;
    }
  }
  (after === undefined ? root.dangling : after.item.lead).push(line);
}

/** The innermost map or list in braces that the comment is inside of. */
function openFlow({ start }: Comment, before: Anchor): Block | undefined {
  const holds = (block: Block | undefined): block is Block =>
    block?.flow === true && block.node.range.start < start && start < block.node.range.end;
  if (holds(before.item.block)) return before.item.block;
  for (let at: Anchor | undefined = before; at !== undefined; at = at.owner) if (holds(at.parent)) return at.parent;
  return undefined;
}

/** Behind a closing brace it belongs to whatever has the value in braces. */
function ownerOfTrailing({ start }: Comment, before: Anchor): Item {
  let at = before;
  while (at.parent.flow && at.owner !== undefined && at.parent.node.range.end <= start) at = at.owner;
  return at.item;
}

/** Comments directly above the first key are about it where an empty line parts them from the file's own. */
function moveFromHeader(header: Line[], root: Block): void {
  const [first] = root.items;
  if (first === undefined || first.blankBefore) return;
  const last = header.findLastIndex(({ blankBefore }) => blankBefore);
  if (last > 0) first.lead.unshift(...header.splice(last));
}

function lineOf({ text, start, ownLine, blankBefore }: Comment): Line {
  return { text, start, blankBefore: ownLine && blankBefore };
}
