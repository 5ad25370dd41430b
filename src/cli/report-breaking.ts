import type { Finding } from "../compiler/breaking/finding.js";
import { joined } from "../compiler/breaking/texts.js";
import type { Verdict } from "../compiler/breaking/verdict.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { BreakingOutcome, BreakingRequest } from "./commands/breaking.js";
import { printable } from "./frame.js";
import type { Io } from "./io.js";
import { Places, previousPrefix, shownPath } from "./places.js";
import { diagnosticsJson, type Paint, paintFor, plural } from "./report.js";
import { reportFindings } from "./report-findings.js";

/** Prints what `rpcgen breaking` has found, and the verdict on each service. */
export async function reportBreaking(outcome: BreakingOutcome, request: BreakingRequest, io: Io): Promise<void> {
  const { root, sources, diagnostics, findings } = outcome;
  const places = new Places(sources, root, io.cwd);
  const all = [...diagnostics, ...findings];
  const ok = !all.some(({ severity }) => severity === "error");
  if (request.format === "json") {
    io.stdout.write(`${JSON.stringify(asJson(outcome, request, ok, places, io), undefined, 2)}\n`);
    return;
  }
  // Tools that know the present files only are shown the service where the thing is gone.
  const first = request.format === "sarif" ? sources.find(({ path }) => !path.startsWith(previousPrefix)) : undefined;
  const shown = request.format === "text" ? all : all.map((each) => atHome(each, places, first?.path));
  const summary = summaryOf(outcome, request, paintFor(io.stdout, io.env), io);
  await reportFindings({ command: "breaking", ok, findings: shown, json: {}, summary }, request.format, places, io);
}

/** @param otherwise the file for what has no place in the present files; SARIF's findings need one */
function atHome(
  diagnostic: Diagnostic & { readonly home?: Finding["home"] },
  places: Places,
  otherwise: string | undefined,
): Diagnostic {
  const { range, home, message, related, ...rest } = diagnostic;
  const isPrevious = ({ path }: { readonly path: string }): boolean => path.startsWith(previousPrefix);
  const own = related?.filter((other) => !isPrevious(other.range)) ?? [];
  const kept = { ...rest, ...(own.length === 0 ? {} : { related: own }) };
  if (range === undefined || !isPrevious(range)) return { ...kept, message, ...(range === undefined ? {} : { range }) };
  const { file, line } = places.of(range);
  const place = home ?? (otherwise === undefined ? undefined : { path: otherwise, start: 0, end: 0 });
  return { ...kept, message: `${message} (${file}:${line})`, ...(place === undefined ? {} : { range: place }) };
}

/** The shape of `--format json`, which is documented and only ever grows. */
function asJson(outcome: BreakingOutcome, { against }: BreakingRequest, ok: boolean, places: Places, io: Io) {
  const { diagnostics, findings, accepted, verdicts, written } = outcome;
  const all = [...diagnostics, ...findings];
  const errors = all.filter(({ severity }) => severity === "error").length;
  const asData = (finding: Finding): object => {
    const { category, service, subject, needs, unless, accepted: reason } = finding;
    return {
      ...diagnosticsJson([finding], places)[0],
      category,
      service,
      subject,
      needs,
      ...(unless === undefined ? {} : { unless }),
      ...(reason === undefined ? {} : { reason }),
    };
  };
  return {
    command: "breaking",
    ok,
    errors,
    warnings: all.length - errors,
    against,
    diagnostics: diagnosticsJson(diagnostics, places),
    findings: findings.map(asData),
    accepted: accepted.map(asData),
    verdicts: verdicts.map(({ source, ...verdict }) => ({ ...verdict, file: places.file(source) })),
    written: written.map((path) => shownPath(path, io.cwd)),
  };
}

function summaryOf(outcome: BreakingOutcome, request: BreakingRequest, paint: Paint, io: Io): string {
  const { verdicts, findings, accepted, diagnostics, written, sources } = outcome;
  const open = findings.filter(({ severity }) => severity === "error").length;
  const reasons = diagnostics.filter(({ code }) => code === "baseline-reason").length;
  const files = [...new Set(written)].map((path) => shownPath(path, io.cwd));
  const counts = (["WIRE", "ROLLING", "SOURCE", "POLICY"] as const)
    .map((category) => ({ category, count: findings.filter((finding) => finding.category === category).length }))
    .filter(({ count }) => count > 0)
    .map(({ category, count }) => `${category} ${count}`);
  const lines = [
    ...(counts.length > 0 ? [`by category: ${counts.join(", ")}`] : []),
    ...verdicts.flatMap((verdict) => verdictLines(verdict, findings, request, paint)),
    ...(verdicts.length === 0 && findings.length === 0 && diagnostics.length === 0
      ? [`nothing to compare: ${plural(sources.length, "file")} and no service that both states have`]
      : []),
    ...(accepted.length > 0 ? [`${plural(accepted.length, "break")} accepted by the baseline`] : []),
    ...(reasons > 0 ? [`write the ${reasons === 1 ? "reason" : `${reasons} reasons`} into the baseline`] : []),
    ...(files.length > 0 ? [`wrote ${joined(files)}`] : []),
    ...(open > 0 && !request.writeBaseline
      ? [paint.dim("rpcgen explain RULE says more; --write-baseline --reason TEXT accepts them all")]
      : []),
  ];
  return lines.map((line) => printableLine(line)).join("\n");
}

/** A verdict as a sentence, with the reasons below it. */
function verdictLines(
  { service, previous, declared, required, needs, isEnough, reasons, otherwise }: Verdict,
  findings: readonly Finding[],
  request: BreakingRequest,
  paint: Paint,
): string[] {
  const mark = isEnough ? paint.green : paint.red;
  const open = findings.filter((finding) => finding.service === service && finding.severity === "error");
  if (needs === "none") {
    const text = "no version may carry what was found: put it right, or accept it in the baseline";
    if (open.length > 0) return [`${paint.bold(service)}: ${paint.red(text)}`];
    return [`${paint.bold(service)}: ${paint.green(declared)} is fine, nothing that peers can notice has changed`];
  }
  const step = `${previous} -> ${required}`;
  const head = isEnough
    ? `${paint.bold(service)}: ${step} is needed, and ${mark(declared)} is declared`
    : `${paint.bold(service)}: ${mark(step)} is needed, and ${declared} is declared`;
  const shown = reasons.slice(0, 5).map((reason) => `  because ${reason}`);
  const more = reasons.length > shown.length ? [`  and ${reasons.length - shown.length} more reasons`] : [];
  const conditions =
    otherwise === undefined ? [] : [`  ${otherwise.version} would do if ${joined(otherwise.conditions)}`];
  const isOpen = open.some((finding) => finding.needs === "major");
  const history = isOpen && isEnough ? [`  ${declared} is enough once what older versions promise is as it was`] : [];
  const fix = isEnough || request.fixVersion ? [] : ["  --fix-version writes it"];
  return [head, ...shown, ...more, ...conditions, ...history, ...fix];
}

function printableLine(line: string): string {
  // Colours are escape sequences, which everything else must not be.
  return line
    .split("\u001b")
    .map((part) => printable(part))
    .join("\u001b");
}
