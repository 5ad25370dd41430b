import { blocksOf } from "./html.js";

/** Markdown in which texts of the definition stand for themselves. */
export type Markdown = string & { readonly isMarkdown: true };

/** A text in one line; what Markdown or HTML would take for markup is escaped. */
export function plain(value: string): Markdown {
  const line = value.replace(/\s+/g, " ").replace(invisible, "");
  const escaped = line
    .replace(/[\\`*_{}[\]|~#$]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    // At the start of a line these would begin a list or a heading; a URL would become a link.
    .replace(/^(\s*)([-+=])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2")
    .replace(/:\/\//g, ":\\/\\/");
  // The one place where a text becomes Markdown.
  return escaped as Markdown;
}

/** A text in one line, with `code` in backticks. */
export function inlineMarkdown(value: string): Markdown {
  const pieces = value.replace(/\s+/g, " ").split(/(`[^`]+`)/);
  return pieces
    .map((piece) => (/^`[^`]+`$/.test(piece) ? code(piece.slice(1, -1)) : plain(piece)))
    .join("") as Markdown;
}

/** A description as paragraphs and lists. */
export function proseMarkdown(value: string | undefined): Markdown {
  const blocks = blocksOf(value ?? "").map((block) =>
    block.kind === "list"
      ? block.items.map((item) => `- ${inlineMarkdown(item)}`).join("\n")
      : inlineMarkdown(block.text),
  );
  return blocks.join("\n\n") as Markdown;
}

/** Code in a line; its fence is longer than any row of backticks in it. */
export function code(value: string): Markdown {
  const line = value.replace(/\s+/g, " ").replace(invisible, "");
  if (line.trim() === "") return "" as Markdown;
  const fence = "`".repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? " " : "";
  return `${fence}${space}${line}${space}${fence}` as Markdown;
}

/** A block of code. */
export function fenced(language: string, value: string): Markdown {
  const fence = "`".repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value}\n${fence}` as Markdown;
}

/** A cell of a table, where a bar would end it, in code too. */
export function cell(value: Markdown): Markdown {
  return value.replace(/(?<!\\)\|/g, "\\|") as Markdown;
}

/** Markdown from a template whose places are Markdown. */
export function md(parts: TemplateStringsArray, ...values: readonly (Markdown | number)[]): Markdown {
  // Parts are our own code, and values are Markdown already.
  return parts.map((part, index) => part + String(values[index] ?? "")).join("") as Markdown;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const invisible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function longestRun(value: string): number {
  return Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
}
