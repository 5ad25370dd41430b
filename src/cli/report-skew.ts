import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Finding, Skew, SkewReport } from "../skew/index.js";
import { printable } from "./frame.js";
import type { Io } from "./io.js";
import type { Places } from "./places.js";
import {
  diagnosticsGithub,
  diagnosticsJson,
  diagnosticsText,
  type Format,
  type Paint,
  paintFor,
  plural,
} from "./report.js";
import { writeSarif } from "./report-findings.js";
import { skewTable } from "./skew-table.js";

/** Prints what `rpcgen skew` has found: tables and lists to stdout, mistakes in definitions to stderr. */
export async function reportSkew(outcome: Skew, places: Places, format: Format, io: Io): Promise<void> {
  const { reports, diagnostics } = outcome;
  switch (format) {
    case "json":
      io.stdout.write(`${JSON.stringify(asJson(outcome, places), undefined, 2)}\n`);
      return;
    case "github":
      io.stdout.write(diagnosticsGithub([...diagnostics, ...reports.flatMap(brokenPromises)], places));
      break;
    case "sarif":
      await writeSarif([...diagnostics, ...reports.flatMap(brokenPromises)], places, io);
      return;
    case "text":
      io.stderr.write(diagnosticsText(diagnostics, places, paintFor(io.stderr, io.env)));
  }
  const paint = paintFor(io.stdout, io.env);
  io.stdout.write(reports.map((report) => reportText(report, places, paint)).join("\n"));
}

/** The shape of `--format json`, which is documented and only ever grows. */
function asJson({ reports, diagnostics }: Skew, places: Places) {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return {
    command: "skew",
    ok: errors === 0 && reports.every(({ holds }) => holds),
    errors,
    warnings: diagnostics.length - errors,
    diagnostics: diagnosticsJson(diagnostics, places),
    services: reports.map(({ service, source, versions, methods, caps, findings, holds }) => ({
      service,
      file: places.file(source),
      holds,
      versions,
      methods,
      caps: caps.map((cap) => ({
        ...cap,
        servers: cap.servers.map((pair) => ({ ...pair, works: pair.works.length })),
      })),
      findings: findings.map(({ range, ...finding }) => ({ ...finding, ...places.of(range) })),
    })),
  };
}

function reportText(report: SkewReport, places: Places, paint: Paint): string {
  const { service, source, versions, methods, findings, holds } = report;
  const title = `${paint.bold(service)}: ${plural(methods, "method")}, ${plural(versions.length, "version")} (${printable(places.file(source))})`;
  const of = (kind: Finding["kind"], isBroken: boolean): readonly Finding[] =>
    findings.filter((finding) => finding.kind === kind && finding.breaksPromise === isBroken);
  const lists = [
    list("At these caps the client refuses, as the definition says", of("refused-by-client", false), report),
    list("Taken for something else by servers older than the cap", of("misunderstood", false), report),
    list(
      paint.red("At these caps the client refuses, without a word of it in the definition"),
      of("refused-by-client", true),
      report,
    ),
    list(paint.red("Refused by the server"), of("refused-by-server", true), report),
    list(paint.red("Taken for something else"), of("misunderstood", true), report),
  ];
  const end = holds
    ? paint.green("Holds: every client works with each server that is not older than its cap.")
    : paint.red("Broken: some client does not work with a server that is not older than its cap.");
  return `${title}\n\n${[skewTable(report, paint), ...lists.filter((text) => text !== "")].join("\n")}\n${end}\n`;
}

/** What the client refuses is one line each where it fits; what goes wrong at servers has two. */
function list(title: string, findings: readonly Finding[], report: SkewReport): string {
  if (findings.length === 0) return "";
  const parts = findings.map((finding) => ({ finding, where: pairsText(finding, report) }));
  const width = Math.max(...parts.map(({ where }) => where.length));
  const lines = parts.map(({ finding, where }) => {
    const line = `  ${where.padEnd(width)}  ${subject(finding)} ${reason(finding)}`;
    const isShort = finding.kind === "refused-by-client" && line.length <= 80;
    return isShort ? line : `  ${where.padEnd(width)}  ${subject(finding)}\n      ${reason(finding)}`;
  });
  return `${title}:\n${lines.join("\n")}\n`;
}

function subject({ method, argument }: Finding): string {
  return argument === undefined ? method : `${method}(${argument})`;
}

/** The caller's error, where it is not the one that is always meant. */
function reason({ error, message, kind }: Finding): string {
  if (error === undefined || (kind === "refused-by-client" && error === "VersionCapError")) return printable(message);
  return kind === "refused-by-client" ? `${printable(message)} (${error})` : `${error}: ${printable(message)}`;
}

/** `5.0-5.13` where no server is concerned, otherwise `caps 5.0-5.13, servers 6.0-6.5`. */
function pairsText({ pairs, kind }: Finding, { versions }: SkewReport): string {
  const caps = rangesOf(
    pairs.map(({ cap }) => cap),
    versions,
  );
  if (kind === "refused-by-client") return caps;
  const servers = rangesOf(
    versions.filter((version) => pairs.some((pair) => pair.servers.includes(version))),
    versions,
  );
  return `caps ${caps}, servers ${servers}`;
}

/** Runs of versions that follow each other: `5.0-5.11, 6.1`. */
function rangesOf(some: readonly string[], versions: readonly string[]): string {
  const runs: { first: string; last: string; at: number }[] = [];
  for (const version of some) {
    const at = versions.indexOf(version);
    const run = runs.at(-1);
    if (run !== undefined && run.at === at - 1) Object.assign(run, { last: version, at });
    else runs.push({ first: version, last: version, at });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(", ");
}

function brokenPromises(report: SkewReport): Diagnostic[] {
  return report.findings.filter(({ breaksPromise }) => breaksPromise).map((finding) => asError(finding, report));
}

function asError(finding: Finding, report: SkewReport): Diagnostic {
  const at = finding.kind === "refused-by-client" ? "caps " : "";
  const message = `${subject(finding)}, ${at}${pairsText(finding, report)}: ${reason(finding)}`;
  return { code: "broken-promise", severity: "error", message, range: finding.range };
}
