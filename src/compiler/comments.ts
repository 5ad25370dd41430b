import { Lexer } from "yaml";

/** A comment of a YAML text. */
export interface Comment {
  /** From its `#`, without what is blank at its end. */
  readonly text: string;
  readonly start: number;
  /** Nothing but blanks is before it on its line. */
  readonly ownLine: boolean;
  /** The column of its `#`, from 0. */
  readonly column: number;
  /** The line above is empty. */
  readonly blankBefore: boolean;
}

/** What is in a YAML text beside its values. */
export interface Marks {
  readonly comments: readonly Comment[];
  /** Where the `-` of each item of a block list is, in order. */
  readonly dashes: readonly number[];
}

/** Finds the comments of a YAML text, and the dashes of its lists. A `#` inside of a text is neither. */
export function marksOf(text: string): Marks {
  const { marks, see } = markCollector(text);
  for (const lexeme of new Lexer().lex(text)) see(lexeme);
  return marks;
}

/** The same for a text that somebody else reads, and tells every lexeme of. */
export function markCollector(text: string): { readonly marks: Marks; readonly see: (lexeme: string) => void } {
  const comments: Comment[] = [];
  const dashes: number[] = [];
  let at = 0;
  let inScalar = false;
  const see = (lexeme: string): void => {
    // The lexer's own marks have no place in the text: a document starts, a scalar follows, a flow ends by mistake.
    if (lexeme === "\u0002" || lexeme === "\u0018" || lexeme === "\u001f") {
      inScalar = lexeme === "\u001f";
      return;
    }
    if (!inScalar && lexeme === "-") dashes.push(at);
    if (!inScalar && lexeme.startsWith("#")) comments.push(commentAt(text, at, lexeme));
    inScalar = false;
    at += lexeme.length;
  };
  return { marks: { comments, dashes }, see };
}

function commentAt(text: string, start: number, lexeme: string): Comment {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  return {
    text: lexeme.trimEnd(),
    start,
    ownLine: text.slice(lineStart, start).trim() === "",
    column: start - lineStart,
    blankBefore: isBlankAbove(text, lineStart),
  };
}

/** Whether the line that ends where this one starts is empty. */
export function isBlankAbove(text: string, lineStart: number): boolean {
  if (lineStart === 0) return false;
  const above = text.lastIndexOf("\n", lineStart - 2) + 1;
  return text.slice(above, lineStart).trim() === "";
}
