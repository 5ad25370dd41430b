import { lineWidth } from "./layout.js";
import { unseen } from "./literal.js";

/** What a doc comment says, in the order in which it is printed. */
export interface Doc {
  readonly text?: string | undefined;
  /** Block tags: `["since", "6.1"]`. A text of several lines keeps them. */
  readonly tags?: readonly (readonly [tag: string, text: string])[];
}

/** A doc comment, ready for the partial `doc.hbs`: one line, or several, or neither. */
export interface Comment {
  readonly line: string;
  readonly lines: readonly string[];
}

/**
 * Lays a comment out at the given depth of indentation. `compact` puts a text and one tag on one line where they fit,
 * which suits fields; a method's tags stand in lines of their own.
 */
export function comment(doc: Doc, depth: number, compact = false): Comment {
  if ((doc.text ?? "") === "" && (doc.tags ?? []).length === 0) {
    return none;
  }
  const text = paragraphs(doc.text ?? "");
  const tags = (doc.tags ?? []).map(([tag, value]) => tagLines(tag, value));
  const width = lineWidth - depth * 2;
  const oneLine = inOneLine(text, tags, compact);
  if (oneLine !== undefined && oneLine.length + "/**  */".length <= width) {
    return { line: oneLine, lines: [] };
  }
  const wrapped = text.flatMap((lines, index) => [...(index === 0 ? [] : [""]), ...wrap(lines, width - " * ".length)]);
  const lines = [
    ...wrapped,
    ...(wrapped.length > 0 && tags.length > 0 ? [""] : []),
    ...tags.flatMap((each) => wrap(each, width - " * ".length)),
  ];
  return { line: "", lines };
}

const none: Comment = { line: "", lines: [] };

function inOneLine(
  text: readonly (readonly string[])[],
  tags: readonly (readonly string[])[],
  compact: boolean,
): string | undefined {
  const parts = [...text, ...tags];
  const short = parts.length <= 1 || (compact && text.length === 1 && tags.length === 1);
  return short && parts.every((lines) => lines.length === 1) ? parts.map(([only]) => only).join(" ") : undefined;
}

function tagLines(tag: string, value: string): readonly string[] {
  const [first = "", ...rest] = escapeEnd(value).split("\n");
  return [first === "" ? `@${tag}` : `@${tag} ${first}`, ...rest.map((each) => each.trimEnd())];
}

/** Blocks between blank lines, each of them lines. The lines of plain prose are one line, to be wrapped again. */
function paragraphs(text: string): readonly (readonly string[])[] {
  const safe = escapeTags(escapeEnd(text)).trim();
  const blocks: string[][] = [];
  let block: string[] = [];
  let fenced = false;
  for (const each of safe.split("\n")) {
    const isFence = each.trimStart().startsWith("```");
    if (each.trim() === "" && !fenced) {
      blocks.push(block);
      block = [];
    } else {
      block.push(each.trimEnd());
    }
    fenced = isFence ? !fenced : fenced;
  }
  return [...blocks, block]
    .filter((lines) => lines.length > 0)
    .map((lines) => (isProse(lines) ? [lines.join(" ")] : lines));
}

/** Lists, code and tables keep their lines. */
function isProse(lines: readonly string[]): boolean {
  return lines.every((each) => !/^(\s|[-*+>|] |\d+[.)] |```)/.test(each));
}

/** A line of prose that is too long is broken between words; the lines of a list or of code stay. */
function wrap(lines: readonly string[], width: number): readonly string[] {
  const [first] = lines;
  if (lines.length !== 1 || first === undefined || first.length <= width || !isProse([first])) {
    return lines;
  }
  const result: string[] = [];
  let current = "";
  for (const word of first.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      result.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...result, current];
}

/** A comment would end at its end mark, and what no editor shows has no place in one. */
function escapeEnd(text: string): string {
  if (/^[\n -)+-~]*$/.test(text)) {
    return text;
  }
  return text
    .replaceAll("*/", "*\\/")
    .replaceAll("\t", "  ")
    .replace(unseen, (character) => (character === "\n" ? "\n" : ""));
}

/** An `@` at the start of a word would be a tag; one in `{@link X}` or an address is not. */
function escapeTags(text: string): string {
  return text.replace(/(^|\s)@/g, "$1\\@");
}
