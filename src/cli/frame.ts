import type { Place, Places } from "./places.js";

/**
 * The lines around a place, with their numbers, and the place underlined:
 *
 *       13 |     params:
 *     > 14 |       instance: Instanse
 *          |                 ^^^^^^^^
 */
export function codeFrame(
  path: string,
  place: Place,
  places: Places,
  colour: (text: string) => string,
  dim: (text: string) => string,
): readonly string[] {
  const marked = places.line(path, place.line);
  if (marked === undefined) return [];
  const cut = windowOf(place.column);
  const lines: string[] = [];
  const digits = String(place.line + 1).length;
  for (let number = Math.max(1, place.line - 2); number <= place.line + 1; number += 1) {
    const text = places.line(path, number);
    // The line after the last line end holds nothing.
    if (text === undefined || (number > place.line && text === "")) continue;
    // Beside the middle of a very long line its neighbours say nothing.
    if (cut.start > 0 && number !== place.line) continue;
    const arrow = number === place.line ? colour(">") : " ";
    lines.push(`${arrow} ${dim(`${String(number).padStart(digits)} |`)} ${visible(text, cut)}`.trimEnd());
    if (number !== place.line) continue;
    const end = place.endLine === place.line ? place.endColumn : marked.length + 1;
    const before = widthOf(visible(marked.slice(0, place.column - 1), cut));
    const under = widthOf(printable(marked.slice(place.column - 1, Math.min(end - 1, cut.end))));
    lines.push(`  ${dim(`${" ".repeat(digits)} |`)} ${" ".repeat(before)}${colour("^".repeat(Math.max(1, under)))}`);
  }
  return lines;
}

/** Text without anything that moves a terminal's cursor or turns its writing direction. */
export function printable(text: string): string {
  return (
    text
      .replace(/\t/g, " ")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/[\u0000-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
      .replace(/[\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "\ufffd")
  );
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

const frameWidth = 110;

/** Which part of long lines is shown, so that the column is seen. */
function windowOf(column: number): Cut {
  const start = column <= frameWidth - 10 ? 0 : column - 40;
  return { start, end: start + frameWidth };
}

function visible(text: string, { start, end }: Cut): string {
  const part = printable(text.slice(start, end));
  return `${start > 0 && text.length > 0 ? "…" : ""}${part}${text.length > end ? "…" : ""}`;
}

/** Columns of a terminal that the text takes: most of East Asia's characters and emoji take two, marks take none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character <= "\u007e") width += 1;
    else if (/[\p{Mark}\u200d]/u.test(character)) width += 0;
    else if (wide.test(character)) width += 2;
    else width += 1;
  }
  return width;
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
