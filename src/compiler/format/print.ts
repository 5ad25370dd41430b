import type { Node } from "../document.js";
import { compareVersions } from "../versions.js";
import type { Block, Item, Line, Tree } from "./attach.js";
import { scalarLines, scalarText } from "./scalars.js";
import { anything, definition, type Shape } from "./shapes.js";

/** Lines that braces and folded texts make are not longer. */
const width = 120;

/** Prints a definition in its canonical form. `text` is its source, from which scalars are taken as they are written. */
export function print({ header, root }: Tree, text: string): string {
  const { lead, lines, blankBefore } = printBlock(root, 0, definition, text);
  const above = linesOf([...header, ...lead], "");
  const all = [...above, ...(above.length > 0 && blankBefore ? [""] : []), ...lines];
  return `${withoutFirstBlank(all).join("\n")}\n`;
}

interface Printed {
  /** Comments that stand above the lines; where they go is for the caller to say. */
  readonly lead: readonly Line[];
  /** An empty line is between the comments and the lines. */
  readonly blankBefore: boolean;
  readonly lines: readonly string[];
}

function printBlock(block: Block, indent: number, shape: Shape, text: string): Printed {
  const pad = " ".repeat(indent);
  const ordered = inOrder(block, shape);
  const items = ordered.map((item) => printItem(item, block, indent, shapeIn(shape, item), text));
  const lines: string[] = [];
  let wasLong = false;
  for (const [index, item] of items.entries()) {
    const isLong = item.lines.length > 1;
    const whole = index === 0 ? item.lines : withLead(item, pad);
    // Sections stand apart, long texts among the keys at the top do not.
    const isSection = shape === definition && isLong && ordered[index]?.block !== undefined;
    const apart = index > 0 && (isSection || (shape.apart === true && (isLong || wasLong)));
    if (apart && whole[0] !== "") lines.push("");
    for (const line of whole) lines.push(line);
    wasLong = isLong;
  }
  lines.push(...linesOf(block.dangling, pad));
  return { lead: items[0]?.lead ?? [], blankBefore: items[0]?.blankBefore ?? false, lines };
}

function printItem(item: Item, { isList }: Block, indent: number, shape: Shape, text: string): Printed {
  const { block, key, trailing, blankBefore } = item;
  const head = `${" ".repeat(indent)}${key === undefined ? "-" : `${scalarText(key, text)}:`}`;
  const flow = block === undefined ? undefined : flowBlock(block, shape, text);
  const fits = flow !== undefined && (head.length + 1 + flow.length <= width || block?.items.length === 0);
  // A comment behind "- name: value" would be one of the entry, so that it goes above. So do all but the last.
  const behind = isList && block !== undefined && !fits ? undefined : trailing.at(-1);
  const above = behind === undefined ? trailing : trailing.slice(0, -1);
  const lead = [...item.lead, ...above].sort((a, b) => a.start - b.start);
  const end = behind === undefined ? "" : ` ${behind.text}`;

  if (block === undefined) {
    const [first = "", ...rest] = scalarLines(item.value, text, head.length + 1, indent + 2, width);
    return { lead, blankBefore, lines: [`${head}${first === "" ? "" : ` ${first}`}${end}`, ...rest] };
  }
  if (fits) return { lead: [...lead, ...block.dangling], blankBefore, lines: [`${head} ${flow}${end}`] };
  const inner = printBlock(block, indent + 2, shape, text);
  if (isList) {
    // What is inside begins behind the dash, so that comments above its first line go above the dash.
    const [first = "", ...rest] = inner.lines;
    return { lead: [...lead, ...inner.lead], blankBefore, lines: [`${head} ${first.trimStart()}`, ...rest] };
  }
  const lines = withoutFirstBlank(withLead(inner, " ".repeat(indent + 2)));
  return { lead, blankBefore, lines: [`${head}${end}`, ...lines] };
}

/** A map or list in braces on one line. Undefined where it cannot be: it is written in lines, or has comments inside. */
function flowBlock(block: Block, shape: Shape, text: string): string | undefined {
  // A block without items can only be written in braces; its comments go elsewhere.
  if (block.items.length === 0) return block.isList ? "[]" : "{}";
  if (!block.flow || block.dangling.length > 0) return undefined;
  const parts: string[] = [];
  for (const item of inOrder(block, shape)) {
    if (item.lead.length > 0 || item.trailing.length > 0) return undefined;
    const value =
      item.block === undefined ? flowScalar(item.value, text) : flowBlock(item.block, shapeIn(shape, item), text);
    if (value === undefined || hasComments(item.block)) return undefined;
    parts.push(item.key === undefined ? value : `${scalarText(item.key, text)}: ${value}`);
  }
  return block.isList ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}

/** An empty value would leave a colon before a comma. */
function flowScalar(value: Node, text: string): string {
  return value.kind === "scalar" ? scalarText(value, text) || "null" : "null";
}

function hasComments(block: Block | undefined): boolean {
  return block !== undefined && block.dangling.length > 0;
}

function shapeIn(shape: Shape, { key }: Item): Shape {
  if (key === undefined) return shape.items ?? anything;
  return (Object.hasOwn(shape.values ?? {}, key.text) ? shape.values?.[key.text] : shape.each) ?? anything;
}

/** The items in their canonical order; those of equal rank stay as they are written. */
function inOrder({ items, isList }: Block, shape: Shape): readonly Item[] {
  if (isList) return items;
  if (shape.versions === true) {
    const isVersion = ({ key }: Item): boolean => /^\d+\.\d+$/.test(key?.text ?? "");
    return items.every(isVersion)
      ? [...items].sort((a, b) => compareVersions(a.key?.text ?? "", b.key?.text ?? ""))
      : items;
  }
  const { keys } = shape;
  if (keys === undefined) return items;
  const rank = ({ key }: Item): number => {
    const name = key?.text ?? "";
    const found = keys.findIndex((one) => one === name || (typeof one !== "string" && one.includes(name)));
    return found !== -1 ? found : name.startsWith("x-") ? keys.length + 1 : keys.length;
  };
  return [...items].sort((a, b) => rank(a) - rank(b));
}

function withLead({ lead, blankBefore, lines }: Printed, pad: string): readonly string[] {
  return [...linesOf(lead, pad), ...(blankBefore ? [""] : []), ...lines];
}

function linesOf(lines: readonly Line[], pad: string): string[] {
  return lines.flatMap(({ text, blankBefore }) => (blankBefore ? ["", `${pad}${text}`] : [`${pad}${text}`]));
}

function withoutFirstBlank(lines: readonly string[]): readonly string[] {
  return lines[0] === "" ? lines.slice(1) : lines;
}
