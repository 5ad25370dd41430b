import { type Html, html, joined, text } from "./html.js";

/** JSON with its keys, texts and other values marked for the style sheet. */
export function highlightedJson(json: string): Html {
  const pieces = json.split(/("(?:[^"\\]|\\.)*"(?:: )?)/);
  return joined(
    pieces.map((piece, index) => {
      if (index % 2 === 0) {
        return joined(
          piece
            .split(/\b(true|false|null|-?\d[\d.eE+-]*)\b/)
            .map((part, at) => (at % 2 === 1 ? html`<i class="n">${text(part)}</i>` : text(part))),
        );
      }
      return piece.endsWith(": ")
        ? html`<i class="k">${text(piece.slice(0, -2))}</i>: `
        : html`<i class="s">${text(piece)}</i>`;
    }),
  );
}
