import type { Diagnostic } from "../compiler/diagnostic.js";
import type { History } from "../compiler/history/history.js";
import type { HistoryFile, HistoryRequest } from "./commands/history.js";
import type { Io } from "./io.js";
import { type Places, shownPath } from "./places.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, paintFor } from "./report.js";
import { writeSarif } from "./report-findings.js";

/** How a run ended. */
interface Outcome {
  readonly histories: readonly History[];
  readonly files: readonly HistoryFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Prints the documents, or what was done with their files. */
export async function reportHistory(
  outcome: Outcome,
  markdown: (history: History) => string,
  request: HistoryRequest,
  places: Places,
  io: Io,
): Promise<void> {
  const { histories, files, diagnostics } = outcome;
  switch (request.format) {
    case "json":
      io.stdout.write(`${JSON.stringify(asJson(outcome, request, places, io), undefined, 2)}\n`);
      return;
    case "github":
      io.stdout.write(diagnosticsGithub([...diagnostics, ...outOfDate(outcome, request, places, io)], places));
      break;
    case "sarif":
      await writeSarif([...diagnostics, ...outOfDate(outcome, request, places, io)], places, io);
      return;
    case "text":
      io.stderr.write(diagnosticsText(diagnostics, places, paintFor(io.stderr, io.env)));
  }
  if (request.out === undefined) io.stdout.write(histories.map(markdown).join("\n"));
  for (const file of files) io.stdout.write(`${shownPath(file.path, io.cwd)} ${fileText(file, request)}\n`);
}

/** The shape of `--format json`, which is documented and only ever grows. */
function asJson({ histories, files, diagnostics }: Outcome, { check }: HistoryRequest, places: Places, io: Io) {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return {
    command: "history",
    ok: errors === 0 && !(check && files.some(({ action }) => action !== "unchanged")),
    errors,
    warnings: diagnostics.length - errors,
    written: errors === 0 && !check && files.length > 0,
    diagnostics: diagnosticsJson(diagnostics, places),
    files: files.map(({ path, action }) => ({ path: shownPath(path, io.cwd), action })),
    services: histories.map(({ service, source, entries }) => ({
      service,
      file: places.file(source),
      versions: entries.map(({ version, description, changes, releases }) => ({
        version,
        description,
        changes,
        releases,
      })),
    })),
  };
}

/** With --check, a finding for each file that is not as it should be. */
function outOfDate({ files }: Outcome, request: HistoryRequest, places: Places, io: Io): Diagnostic[] {
  return files
    .filter(({ action }) => request.check && action !== "unchanged")
    .map((file) => ({
      code: "out-of-date",
      severity: "error",
      message: `${shownPath(file.path, io.cwd)} ${fileText(file, request)}`,
      range: { path: places.pathOf(file.path), start: 0, end: 0 },
    }));
}

function fileText({ action }: HistoryFile, { check }: HistoryRequest): string {
  if (action === "unchanged") return "is up to date";
  if (check) return action === "create" ? "is missing; run rpcgen history" : "is out of date; run rpcgen history";
  return action === "create" ? "was made" : "was brought up to date";
}
