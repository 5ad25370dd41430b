import type { Node, ScalarNode } from "../document.js";

/** A scalar on one line, as it may also stand in braces; empty where nothing is written. */
export function scalarText(node: ScalarNode, text: string): string {
  const raw = text.slice(node.range.start, node.range.end);
  const isOneLine = !/[\r\n]/.test(raw);
  const [mark] = raw;
  if (mark === '"') return isOneLine ? raw : JSON.stringify(node.value);
  if (mark === "'") {
    if (isOneLine && /["\\]/.test(raw)) return raw;
    return isOneLine ? `"${node.value}"` : JSON.stringify(node.value);
  }
  if (mark === "|" || mark === ">") return JSON.stringify(node.value);
  // A plain text of several lines is one line in which each line end is a space, unless it has empty lines.
  return isOneLine ? raw : String(node.value).includes("\n") ? JSON.stringify(node.value) : String(node.value);
}

/**
 * A scalar behind a key or a dash, which stand on the first line: one line, or the lines of a block scalar.
 *
 * @param column where the scalar starts on the first line
 * @param indent of the other lines
 */
export function scalarLines(node: Node, text: string, column: number, indent: number, width: number): string[] {
  if (node.kind !== "scalar") return [""];
  const raw = text.slice(node.range.start, node.range.end);
  if (raw.startsWith("|") || raw.startsWith(">")) return blockLines(node, raw, indent);
  const line = scalarText(node, text);
  if (!/[\r\n]/.test(raw) || typeof node.value !== "string") return [line];
  // It was written over several lines, which only a block scalar does in an orderly way.
  if (isLiteralSafe(node.value) && node.value.includes("\n")) return literalLines(node.value, indent);
  if (column + line.length <= width || !isFoldable(node.value)) return [line];
  return [">-", ...fold(node.value, width - indent).map((each) => " ".repeat(indent) + each)];
}

function blockLines(node: ScalarNode, raw: string, indent: number): string[] {
  const value = String(node.value);
  const header = /^[|>][0-9+-]*/.exec(raw)?.[0] ?? "|";
  // Digits and "+" count spaces and empty lines, which others would not dare to touch.
  if (!isLiteralSafe(value)) return [JSON.stringify(value)];
  if (header.startsWith("|") || /[0-9+]/.test(header)) return literalLines(value, indent);
  const lines = raw.split(/\r?\n/).slice(1);
  while (lines.at(-1)?.trim() === "") lines.pop();
  const base = /^ */.exec(lines.find((line) => line.trim() !== "") ?? "")?.[0].length ?? 0;
  return [header, ...lines.map((line) => (line.trim() === "" ? "" : " ".repeat(indent) + line.slice(base)))];
}

function literalLines(value: string, indent: number): string[] {
  const endsOpen = value.endsWith("\n");
  const lines = (endsOpen ? value.slice(0, -1) : value).split("\n");
  return [endsOpen ? "|" : "|-", ...lines.map((line) => (line === "" ? "" : " ".repeat(indent) + line))];
}

/** Whether the text can be written as a block scalar without an indentation digit, and without "+". */
function isLiteralSafe(value: string): boolean {
  return /^[^\s]/.test(value) && !/\n\n$/.test(value) && !/[\t\r\u0085\u2028\u2029\ufeff]|[ ]\n|[ ]$/.test(value);
}

function isFoldable(value: string): boolean {
  return isLiteralSafe(value) && !value.includes("\n");
}

/** Breaks a text at single spaces, which folding turns into the same spaces again. */
function fold(value: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of value.split(/(?<! ) (?! )/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
