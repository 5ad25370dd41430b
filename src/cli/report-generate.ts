import { join } from "node:path";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Change } from "../compiler/emit/write.js";
import type { GenerateOutcome, GenerateRequest } from "./commands/generate.js";
import { unifiedDiff } from "./diff.js";
import type { Io } from "./io.js";
import { Places, shownPath } from "./places.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, paintFor, plural } from "./report.js";
import { writeSarif } from "./report-findings.js";

/** What the report needs to know of a command line. */
export interface ReportedRequest extends Pick<GenerateRequest, "format" | "check" | "diff" | "dryRun"> {
  /** The verb that ran. @default "generate" */
  readonly command?: string;
}

/**
 * Prints how a run of `rpcgen generate`, or of another verb that writes files, ended. Results go to stdout. Diagnostics for people go to stderr, so that
 * `--diff` can be piped; those for programs are results.
 */
export async function reportGenerate(outcome: GenerateOutcome, request: ReportedRequest, io: Io): Promise<void> {
  const places = new Places(outcome.sources, outcome.root, io.cwd);
  switch (request.format) {
    case "json":
      io.stdout.write(`${JSON.stringify(asJson(outcome, request, places, io), undefined, 2)}\n`);
      return;
    case "github":
      io.stdout.write(diagnosticsGithub(outcome.diagnostics, places));
      if (request.check) io.stdout.write(diagnosticsGithub(outOfDate(outcome, request, places, io), places));
      break;
    case "sarif":
      await writeSarif(
        [...outcome.diagnostics, ...(request.check ? outOfDate(outcome, request, places, io) : [])],
        places,
        io,
      );
      return;
    case "text":
      io.stderr.write(diagnosticsText(outcome.diagnostics, places, paintFor(io.stderr, io.env)));
  }
  if (outcome.diagnostics.some(({ severity }) => severity === "error")) return;
  io.stdout.write(request.diff ? diffText(outcome, io) : changesText(outcome, request, io));
}

/**
 * The shape of `--format json`, which is documented and only ever grows. `files` says what was done, or with
 * `written: false` what would be.
 */
function asJson(
  { diagnostics, changes, settled, out }: GenerateOutcome,
  request: ReportedRequest,
  places: Places,
  io: Io,
) {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const writes = !request.check && !request.diff && !request.dryRun;
  return {
    command: request.command ?? "generate",
    ok: errors === 0 && (settled || !request.check),
    errors,
    warnings: diagnostics.length - errors,
    written: writes && errors === 0,
    diagnostics: diagnosticsJson(diagnostics, places),
    files: changes.map((change) => ({
      path: shownPath(join(out, change.path), io.cwd),
      action: change.action,
      ...(request.diff && change.action !== "unchanged" ? { diff: diffOf(change, out, io) } : {}),
    })),
  };
}

function diffText({ changes, out }: GenerateOutcome, io: Io): string {
  const paint = paintFor(io.stdout, io.env);
  return changes
    .map((change) => (change.action === "unchanged" ? "" : diffOf(change, out, io)))
    .join("")
    .replace(/^[-+@].*$/gm, (line) =>
      line.startsWith("@") ? paint.dim(line) : line.startsWith("-") ? paint.red(line) : paint.green(line),
    );
}

function diffOf({ path, before, after }: Change, out: string, io: Io): string {
  return unifiedDiff(shownPath(join(out, path), io.cwd), before, after);
}

/** What was done in words. In a run that writes, one line. Otherwise one line a change, and what to do. */
export function changesText(
  { changes, out }: GenerateOutcome,
  { check, dryRun, command = "generate" }: ReportedRequest,
  io: Io,
): string {
  const folder = shownPath(out, io.cwd);
  const pending = changes.filter(({ action }) => action !== "unchanged");
  if (pending.length === 0) return `${folder} is up to date (${plural(changes.length, "file")})\n`;
  if (!check && !dryRun) return `${folder}: ${countsText(changes)}\n`;
  const lines = pending.map(({ action, path }) => `${action} ${shownPath(join(out, path), io.cwd)}\n`).join("");
  return `${lines}${folder} ${check ? "is out of date" : "would change"}: ${countsText(changes)}${check ? `; run rpcgen ${command}` : ""}\n`;
}

function countsText(changes: readonly Change[]): string {
  const texts = { create: "created", update: "updated", remove: "removed", unchanged: "unchanged" } as const;
  const actions = ["create", "update", "remove", "unchanged"] as const;
  return actions
    .map((action) => ({ action, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }, index) => `${index === 0 ? plural(count, "file") : count} ${texts[action]}`)
    .join(", ");
}

/** A finding for each file that is not as it should be, at its beginning. */
function outOfDate(
  { changes, out }: GenerateOutcome,
  { command = "generate" }: ReportedRequest,
  places: Places,
  io: Io,
): Diagnostic[] {
  return changes
    .filter(({ action }) => action !== "unchanged")
    .map(({ path }) => ({
      code: "out-of-date",
      severity: "error",
      message: `${shownPath(join(out, path), io.cwd)} is out of date; run rpcgen ${command}`,
      range: { path: places.pathOf(join(out, path)), start: 0, end: 0 },
    }));
}
