/** HTML that is safe to put between tags or into a quoted attribute: every text in it went through {@link text}. */
export type Html = string & { readonly isHtml: true };

/** A text of the definition, which may say anything. Line breaks and what nobody sees are kept from doing harm. */
export function text(value: string | number): Html {
  const escaped = String(value).replace(unsafe, (character) => entities.get(character) ?? visible(character));
  // The one place where a text becomes HTML.
  return escaped as Html;
}

/** HTML from a template whose places are HTML themselves, or texts that are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly (Html | number | readonly Html[])[]): Html {
  const filled = parts.map((part, index) => {
    const value = values[index];
    return part + (value === undefined ? "" : typeof value === "object" ? value.join("") : String(value));
  });
  // Parts are our own code, and values are HTML already.
  return filled.join("") as Html;
}

/** Pieces of HTML behind each other. */
export function joined(pieces: readonly Html[], between: Html = none): Html {
  return pieces.join(between) as Html;
}

/** Nothing. */
export const none = "" as Html;

/**
 * A description: paragraphs, lists of lines that begin with a dash, and `code` in backticks. Everything else is what it
 * says, markup too.
 */
export function prose(value: string | undefined): Html {
  return joined(
    blocksOf(value ?? "").map((block) => {
      if (block.kind === "list") return html`<ul>${block.items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
      return html`<p>${inline(block.text)}</p>`;
    }),
  );
}

/** A text in one line, with `code` in backticks. */
export function inline(value: string): Html {
  const pieces = value.replace(/\s+/g, " ").split(/(`[^`]+`)/);
  return joined(
    pieces.map((piece) => (/^`[^`]+`$/.test(piece) ? html`<code>${text(piece.slice(1, -1))}</code>` : text(piece))),
  );
}

/** A description cut into its paragraphs and lists. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] };

/** Cuts a description at its empty lines, and a paragraph where a list begins. */
export function blocksOf(value: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const paragraph of value.trim().split(/\n[ \t]*\n/)) {
    let lines: string[] = [];
    let items: string[] | undefined;
    const flush = (): void => {
      if (items !== undefined) blocks.push({ kind: "list", items });
      else if (lines.length > 0) blocks.push({ kind: "paragraph", text: lines.join(" ") });
      lines = [];
      items = undefined;
    };
    for (const line of paragraph
      .split("\n")
      .map((each) => each.trim())
      .filter((each) => each !== "")) {
      const item = /^[-*] +(.+)$/.exec(line)?.[1];
      if (item !== undefined) {
        if (items === undefined) flush();
        items = [...(items ?? []), item];
      } else if (items !== undefined) items.push(`${items.pop() ?? ""} ${line}`);
      else lines.push(line);
    }
    flush();
  }
  return blocks;
}

// Also what turns the direction of text or is not seen at all: names could pretend to be others.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unsafe = /[&<>"'`\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["`", "&#96;"],
]);

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
