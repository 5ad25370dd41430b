import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Io } from "./io.js";
import type { Places } from "./places.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, type Format, paintFor } from "./report.js";

/** What a verb whose result are findings has to say. */
export interface FindingsReport {
  readonly command: string;
  readonly ok: boolean;
  readonly findings: readonly Diagnostic[];
  /** Further keys of `--format json`. */
  readonly json: object;
  /** A last line for people; empty for none. */
  readonly summary: string;
}

/** Prints findings to stdout: they are the result. The tables of rules are loaded for SARIF alone. */
export async function reportFindings(report: FindingsReport, format: Format, places: Places, io: Io): Promise<void> {
  const { command, ok, findings, json, summary } = report;
  switch (format) {
    case "json": {
      const errors = findings.filter(({ severity }) => severity === "error").length;
      const counts = { errors, warnings: findings.length - errors };
      const all = { command, ok, ...counts, ...json, diagnostics: diagnosticsJson(findings, places) };
      io.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
      break;
    }
    case "github":
      io.stdout.write(diagnosticsGithub(findings, places));
      break;
    case "sarif":
      await writeSarif(findings, places, io);
      break;
    case "text": {
      io.stdout.write(diagnosticsText(findings, places, paintFor(io.stdout, io.env)));
      if (summary !== "") io.stdout.write(`${summary}\n`);
    }
  }
}

/** Prints findings as SARIF, with what is known of their codes. */
export async function writeSarif(findings: readonly Diagnostic[], places: Places, io: Io): Promise<void> {
  const { sarifLog } = await import("./sarif.js");
  const { catalogue } = await import("../compiler/catalogue.js");
  const { detailsOf } = await import("../compiler/catalogue-markdown.js");
  const entries = new Map(catalogue().map((entry) => [entry.code, entry]));
  const ruleOf = (code: string) => {
    const entry = entries.get(code);
    return entry === undefined ? undefined : { ...entry, id: code, markdown: detailsOf(entry) };
  };
  io.stdout.write(sarifLog(findings, places, ruleOf, io));
}
