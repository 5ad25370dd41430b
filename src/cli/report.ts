import type { Diagnostic, Severity } from "../compiler/diagnostic.js";
import { codeFrame, printable } from "./frame.js";
import type { Io, Output } from "./io.js";
import type { Place, Places } from "./places.js";

/** How results are printed: for people, for programs, for the annotations of a GitHub workflow, for code scanning services. */
export const formats = ["text", "json", "github", "sarif"] as const;
export type Format = (typeof formats)[number];

/** In the order of files and lines; what has no place comes first. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = (diagnostic: Diagnostic): string => diagnostic.range?.path ?? "";
  return [...diagnostics].sort(
    (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) || (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}

/** Every diagnostic with its code frame and help, and a last line that counts them. Empty without diagnostics. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], places: Places, paint: Paint): string {
  if (diagnostics.length === 0) return "";
  const blocks = inOrder(diagnostics).map((diagnostic) => diagnosticText(diagnostic, places, paint));
  return `${blocks.join("\n")}\n${paint.bold(countText(diagnostics))}\n`;
}

/** One annotation of a GitHub workflow for each diagnostic. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[], places: Places): string {
  return inOrder(diagnostics)
    .map(({ severity, code, message, help, range }) => {
      const place = range === undefined ? undefined : places.of(range);
      const properties = [
        ...(place === undefined
          ? []
          : [`file=${escapeProperty(place.file)}`, `line=${place.line}`, `endLine=${place.endLine}`]),
        // GitHub takes columns only of an annotation that stays on one line.
        ...(place === undefined || place.line !== place.endLine
          ? []
          : [`col=${place.column}`, `endColumn=${place.endColumn}`]),
        `title=${escapeProperty(code)}`,
      ];
      return `::${severity} ${properties.join(",")}::${escapeData(help === undefined ? message : `${message}; ${help}`)}\n`;
    })
    .join("");
}

/** One of them, with more keys than that. */
interface DiagnosticData {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
}

/** The diagnostics as plain data: the `diagnostics` of `--format json`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], places: Places): readonly DiagnosticData[] {
  return inOrder(diagnostics).map(({ severity, code, message, help, range, related }) => ({
    severity,
    code,
    message,
    ...(help === undefined ? {} : { help }),
    ...(range === undefined ? {} : places.of(range)),
    ...(related === undefined || related.length === 0
      ? {}
      : { related: related.map((other) => ({ message: other.message, ...places.of(other.range) })) }),
  }));
}

/** How many errors and warnings, in how many files: `3 errors, 1 warning in 2 files`. */
function countText(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const files = new Set(diagnostics.flatMap(({ range }) => (range === undefined ? [] : [range.path]))).size;
  const counts = [
    ...(errors === 0 ? [] : [plural(errors, "error")]),
    ...(errors === diagnostics.length ? [] : [plural(diagnostics.length - errors, "warning")]),
  ].join(", ");
  return files === 0 ? counts : `${counts} in ${plural(files, "file")}`;
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Colours for a terminal, or nothing at all. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours where the stream is a terminal that takes them and the user has not said no (see no-color.org). */
export function paintFor(output: Output, env: Io["env"]): Paint {
  const colour = output.isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const style =
    (on: number, off: number) =>
    (text: string): string =>
      colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: style(1, 22), red: style(31, 39), yellow: style(33, 39), green: style(32, 39), dim: style(2, 22) };
}

function diagnosticText(diagnostic: Diagnostic, places: Places, paint: Paint): string {
  const { severity, code, message, help, range, related = [] } = diagnostic;
  const colour = severity === "error" ? paint.red : paint.yellow;
  const title = `${colour(`${severity} ${code}:`)} ${paint.bold(printable(message))}`;
  const lines = [range === undefined ? title : `${placeText(places.of(range))}: ${title}`];
  if (range !== undefined) lines.push(...codeFrame(range.path, places.of(range), places, colour, paint.dim));
  if (help !== undefined) lines.push(`  ${paint.green("help:")} ${printable(help)}`);
  for (const other of related) lines.push(`  ${placeText(places.of(other.range))}: ${printable(other.message)}`);
  return `${lines.join("\n")}\n`;
}

function placeText({ file, line, column }: Place): string {
  return `${printable(file)}:${line}:${column}`;
}

// The escapes of GitHub's workflow commands.
function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
