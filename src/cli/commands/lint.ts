import { resolve } from "node:path";
import { type LintSettings, lintDefaults } from "../../compiler/config.js";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import type { Finding } from "../../compiler/lint/lint.js";
import type { Source } from "../../compiler/source.js";
import { type Definitions, type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import type { Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places } from "../places.js";
import { replaceFile } from "../replace-file.js";
import { type Format, plural } from "../report.js";
import { reportFindings } from "../report-findings.js";

/** The command line of `rpcgen lint`. */
export interface LintRequest extends DefinitionsRequest {
  readonly format: Format;
  /** Mend what can be mended. */
  readonly fix: boolean;
  /** Print the rules and look at nothing. */
  readonly list: boolean;
  /** Rules and groups in the place of those of the project file. */
  readonly use?: readonly string[];
  readonly except?: readonly string[];
}

/** Looks at definitions as a reviewer would, and says what it would say. */
export async function lint(request: LintRequest, io: Io): Promise<ExitCode> {
  if (request.list) return list(request, io);
  const definitions = await readDefinitions(request, io);
  const { sources, imports, config } = definitions;
  if (hasErrors(definitions.diagnostics)) {
    return report(request, definitions, { sources, findings: definitions.diagnostics, count: 0 }, io);
  }
  const settings = await settingsOf(request, definitions);
  const library = await import("../../compiler/lint/lint.js");
  const options = { settings, read: imports.read, objectPrefix: config.objectPrefix };
  if (!request.fix) {
    const findings = [...library.lint(sources, options), ...imports.diagnostics];
    return report(request, definitions, { sources, findings, count: 0 }, io);
  }
  const fixed = library.fixAll(sources, options);
  const failures = fixed.sources.flatMap(({ path, text }, index) =>
    text === sources[index]?.text ? [] : (replaceFile(resolve(definitions.root, path), text, io) ?? []),
  );
  return report(
    request,
    definitions,
    { ...fixed, findings: [...fixed.findings, ...imports.diagnostics, ...failures] },
    io,
  );
}

/** A name that is no rule is a wrong command line, or a wrong project file. */
async function settingsOf(request: LintRequest, { lint: own = lintDefaults }: Definitions): Promise<LintSettings> {
  const { selectRules } = await import("../../compiler/lint/select.js");
  const settings = {
    use: request.use ?? own.use,
    except: [...(request.use === undefined ? own.except : []), ...(request.except ?? [])],
  };
  const [wrong] = selectRules(settings).diagnostics;
  if (wrong !== undefined) throw new Misuse(wrong.message, wrong.help);
  return settings;
}

interface Outcome {
  readonly sources: readonly Source[];
  readonly findings: readonly (Finding | Diagnostic)[];
  /** How many findings were mended. */
  readonly count: number;
}

async function report(
  { format, fix }: LintRequest,
  { root, imports }: Definitions,
  { sources, findings, count }: Outcome,
  io: Io,
): Promise<ExitCode> {
  const ok = findings.length === 0;
  const fixable = findings.filter((finding) => "fix" in finding).length;
  const fixed = fix ? `${plural(count, "finding")} fixed` : "";
  const clean = ok ? `nothing to complain about in ${plural(sources.length, "file")}` : "";
  const more = fixable > 0 && !fix ? `rpcgen lint --fix mends ${fixable} of them` : "";
  const summary = [fixed, clean, more].filter((text) => text !== "").join("; ");
  const places = new Places([...sources, ...imports.sources], root, io.cwd);
  await reportFindings({ command: "lint", ok, findings, json: { fixed: count, fixable }, summary }, format, places, io);
  return ok ? exitCodes.clean : exitCodes.diagnostics;
}

async function list({ format }: LintRequest, io: Io): Promise<ExitCode> {
  if (format !== "text" && format !== "json") {
    throw new Misuse("--list has no findings, and is text or JSON", "leave out --format, or give it json");
  }
  const { lintRules } = await import("../../compiler/lint/rules.js");
  if (format === "json") {
    const rules = lintRules.map(({ id, group, severity, purpose, fixable = false }) => ({
      id,
      group,
      severity,
      fixable,
      purpose,
    }));
    io.stdout.write(`${JSON.stringify({ command: "lint", rules }, undefined, 2)}\n`);
    return exitCodes.clean;
  }
  const width = Math.max(...lintRules.map(({ id }) => id.length));
  let last = "";
  for (const { id, group, purpose, fixable } of lintRules) {
    if (group !== last)
      io.stdout.write(`${last === "" ? "" : "\n"}${group}${group === "strict" ? " (not in default)" : ""}\n`);
    last = group;
    io.stdout.write(`  ${id.padEnd(width)}  ${purpose}${fixable === true ? " [--fix]" : ""}\n`);
  }
  io.stdout.write(
    "\nrpcgen explain RULE shows why, with an example. Groups are names too: lint: { use: [default, strict] }\n",
  );
  return exitCodes.clean;
}
