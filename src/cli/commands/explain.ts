import { type CatalogueEntry, catalogue, catalogueKinds, lookUp } from "../../compiler/catalogue.js";
import type { Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { type Paint, paintFor } from "../report.js";

/** The command line of `rpcgen explain`. */
export interface ExplainRequest {
  /** All of them where there is none. */
  readonly code?: string;
  readonly format: "text" | "json" | "markdown";
}

/** Says what a diagnostic or rule is about, with an example and the way out. */
export async function explain({ code, format }: ExplainRequest, io: Io): Promise<ExitCode> {
  const paint = paintFor(io.stdout, io.env);
  if (format === "markdown" && code === undefined) {
    const { catalogueMarkdown } = await import("../../compiler/catalogue-markdown.js");
    io.stdout.write(catalogueMarkdown());
    return exitCodes.clean;
  }
  const entries = code === undefined ? catalogue() : [entryOf(code)];
  if (format === "json") io.stdout.write(`${JSON.stringify({ command: "explain", codes: entries }, undefined, 2)}\n`);
  else if (format === "markdown") {
    const { detailsOf } = await import("../../compiler/catalogue-markdown.js");
    io.stdout.write(entries.map(detailsOf).join("\n"));
  } else if (code === undefined) io.stdout.write(listText(entries, paint));
  else io.stdout.write(entries.map((entry) => entryText(entry, paint)).join("\n"));
  return exitCodes.clean;
}

function entryOf(code: string): CatalogueEntry {
  const found = lookUp(code);
  if ("entry" in found) return found.entry;
  throw new Misuse(`there is no diagnostic or rule "${code}"`, found.help);
}

function listText(entries: readonly CatalogueEntry[], paint: Paint): string {
  const width = Math.max(...entries.map(({ code }) => code.length));
  const parts = catalogueKinds.map((kind) => {
    const lines = entries
      .filter((entry) => entry.kind === kind)
      .map(({ code, purpose }) => `  ${code.padEnd(width)}  ${purpose}\n`);
    return `${paint.bold(titles[kind])}\n${lines.join("")}`;
  });
  return `${parts.join("\n")}\nrpcgen explain CODE shows one with an example.\n`;
}

const titles = {
  definition: "Mistakes in definitions",
  run: "Mistakes of a run",
  lint: "Lint rules",
  breaking: "Breaking rules",
} as const;

function entryText(
  { code, kind, severity, group, purpose, explanation, before, example, fix, fixable }: CatalogueEntry,
  paint: Paint,
): string {
  const isRule = kind === "lint" || kind === "breaking";
  const what = isRule && group !== undefined ? `${kind} rule, ${group}` : `${severity}, ${titles[kind].toLowerCase()}`;
  const mends = fixable === true ? ["rpcgen lint --fix mends it.", ""] : [];
  const text = explanation.startsWith(purpose) ? explanation : `${purpose} ${explanation}`;
  const lines = [
    `${paint.bold(code)} ${paint.dim(`(${what})`)}`,
    "",
    ...wrapped(text, 80),
    "",
    ...mends,
    ...(before === undefined ? [] : [paint.dim("Before:"), "", ...indented(before), ""]),
    ...(example === undefined
      ? []
      : [paint.red(before === undefined ? "Wrong:" : "Now, which breaks:"), "", ...indented(example), ""]),
    ...(fix === undefined || fix === "" ? [] : [paint.green("Right:"), "", ...indented(fix), ""]),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line.length > 200 ? `    ${line.slice(0, 100)}…` : `    ${line}`));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
