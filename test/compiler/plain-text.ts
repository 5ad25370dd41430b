import { type Diagnostic, positionAt, type Source } from "../../src/compiler/index.js";

/** Diagnostics one below the other, without code frames: `path:line:col: severity code: message` and the help. */
export function plainText(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const place = (range: Diagnostic["range"]): string => {
    if (range === undefined) return "-";
    const { line, column } = positionAt(texts.get(range.path) ?? "", range.start);
    return `${range.path}:${line}:${column}`;
  };
  return diagnostics
    .flatMap(({ code, severity, message, help, range, related = [] }) => [
      `${place(range)}: ${severity} ${code}: ${message}`,
      ...(help === undefined ? [] : [`  help: ${help}`]),
      ...related.map((other) => `  ${place(other.range)}: ${other.message}`),
    ])
    .map((line) => `${line}\n`)
    .join("");
}
