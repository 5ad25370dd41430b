import type { SourceFile } from "ts-morph";

/** How a file is written, so that what is added looks like what is there. */
export interface Style {
  readonly newline: string;
  /** One step of indentation. */
  readonly step: string;
  readonly quote: string;
  /** Ends a statement; empty where the file leaves semicolons out. */
  readonly semicolon: string;
}

/** Reads the style off a file's imports and first indented line. An empty file gets ours. */
export function styleOf(file: SourceFile): Style {
  const text = file.getFullText();
  const first = file.getImportDeclarations()[0];
  const quoted = first?.getModuleSpecifier().getText();
  const hasSemicolons =
    first === undefined ? text.trim() === "" || /;[ \t]*\r?$/m.test(text) : first.getText().endsWith(";");
  return {
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    step: /^([ \t]+)(?! ?\*)\S/m.exec(text)?.[1] ?? "  ",
    quote: quoted?.startsWith("'") === true ? "'" : '"',
    semicolon: hasSemicolons ? ";" : "",
  };
}
