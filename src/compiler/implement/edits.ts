/** A piece of a text that is replaced; nothing outside of it changes. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Carries edits out. They must not overlap; several at one place come in their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, index) => ({ edit, index })).sort(bySpot);
  let result = "";
  let at = 0;
  for (const { edit } of ordered) {
    if (edit.start < at) throw new Error(`two edits overlap at ${edit.start}`);
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

interface Numbered {
  readonly edit: Edit;
  readonly index: number;
}

function bySpot(a: Numbered, b: Numbered): number {
  return a.edit.start - b.edit.start || a.index - b.index;
}
