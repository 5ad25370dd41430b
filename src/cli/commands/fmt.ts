import { resolve } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import { format } from "../../compiler/format/format.js";
import type { Source } from "../../compiler/source.js";
import { type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import { unifiedDiff } from "../diff.js";
import type { Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places } from "../places.js";
import { replaceFile } from "../replace-file.js";
import { diagnosticsText, type Format, paintFor, plural } from "../report.js";
import { reportFindings } from "../report-findings.js";

/** The command line of `rpcgen fmt`. */
export interface FmtRequest extends DefinitionsRequest {
  readonly format: Format;
  /** Write nothing; fail when something would change. */
  readonly check: boolean;
  /** Write nothing; print what would change, line by line. */
  readonly diff: boolean;
}

/** Brings definitions into their canonical form. The input `-` is stdin, which goes to stdout. */
export async function fmt(request: FmtRequest, io: Io): Promise<ExitCode> {
  if (request.inputs.includes("-")) return filter(request, io);
  const { root, sources, diagnostics } = await readDefinitions(request, io);
  if (hasErrors(diagnostics)) {
    const places = new Places(sources, root, io.cwd);
    await reportFindings(
      { command: "fmt", ok: false, findings: diagnostics, json: { files: [] }, summary: "" },
      request.format,
      places,
      io,
    );
    return exitCodes.diagnostics;
  }
  const results = sources.map((source) => ({ source, ...format(source) }));
  const places = new Places(sources, root, io.cwd);
  const changed = results.filter(({ source, value }) => value !== source.text);
  const writes = !request.check && !request.diff;
  const findings = [
    ...results.flatMap((result) => result.diagnostics),
    ...(request.check ? changed.map(({ source, value }) => notFormatted(source, value)) : []),
    ...(writes ? changed.flatMap(({ source, value }) => replaceFile(resolve(root, source.path), value, io) ?? []) : []),
  ];
  const ok = !hasErrors(findings);
  if (request.diff && request.format === "text") {
    io.stderr.write(diagnosticsText(findings, places, paintFor(io.stderr, io.env)));
    for (const { source, value } of changed) io.stdout.write(unifiedDiff(places.file(source.path), source.text, value));
    return ok ? exitCodes.clean : exitCodes.diagnostics;
  }
  const files = results.map(({ source, value }) => ({
    path: places.file(source.path),
    action: value === source.text ? "unchanged" : "update",
  }));
  const lines = writes ? changed.map(({ source }) => `formatted ${places.file(source.path)}`) : [];
  const rest = results.length - changed.length;
  if (ok)
    lines.push(
      changed.length === 0
        ? `${plural(rest, "file")} formatted already`
        : `${plural(changed.length, "file")} formatted, ${rest} unchanged`,
    );
  else if (request.check && changed.length > 0) lines.push("run rpcgen fmt");
  const json = { written: writes && changed.length > 0, files };
  await reportFindings({ command: "fmt", ok, findings, json, summary: lines.join("\n") }, request.format, places, io);
  return ok ? exitCodes.clean : exitCodes.diagnostics;
}

/** From stdin to stdout, for editors. A text that cannot be read is not printed, so that nobody saves half of it. */
async function filter({ inputs, check, diff, format: printed }: FmtRequest, io: Io): Promise<ExitCode> {
  if (inputs.length > 1)
    throw new Misuse('"-" is stdin, and stands alone', "name files, or give a definition on stdin");
  if (printed !== "text" && !check)
    throw new Misuse('"-" prints the definition itself', "leave out --format, or add --check");
  const source = { path: "<stdin>", text: io.files.readStdin() };
  const { value, diagnostics } = format(source);
  const isStale = value !== source.text;
  const findings = [...diagnostics, ...(check && isStale ? [notFormatted(source, value)] : [])];
  const places = new Places([source], "/", "/");
  if (printed === "text") io.stderr.write(diagnosticsText(findings, places, paintFor(io.stderr, io.env)));
  else {
    const json = { written: false, files: [{ path: source.path, action: isStale ? "update" : "unchanged" }] };
    await reportFindings(
      { command: "fmt", ok: findings.length === 0, findings, json, summary: "" },
      printed,
      places,
      io,
    );
  }
  if (hasErrors(diagnostics)) return exitCodes.diagnostics;
  if (diff) io.stdout.write(isStale ? unifiedDiff("<stdin>", source.text, value) : "");
  else if (!check) io.stdout.write(value);
  return check && isStale ? exitCodes.diagnostics : exitCodes.clean;
}

/** Points to the first line that is another one. */
function notFormatted({ path, text }: Source, wanted: string): Diagnostic {
  let start = 0;
  for (
    let at = text.indexOf("\n");
    at !== -1 && text.slice(start, at) === wanted.slice(start, at);
    at = text.indexOf("\n", start)
  ) {
    start = at + 1;
  }
  const end = text.indexOf("\n", start);
  const range = { path, start, end: end === -1 ? text.length : Math.max(end, start) };
  return {
    code: "not-formatted",
    severity: "error",
    message: "the file is not in its canonical form, from here on",
    help: "run rpcgen fmt; rpcgen fmt --diff shows what it would change",
    range,
  };
}
