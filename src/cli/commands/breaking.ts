import { basename, resolve } from "node:path";
import { analyze } from "../../compiler/analyze.js";
import { type Baseline, readBaseline, writeBaseline } from "../../compiler/breaking/baseline.js";
import { type BreakingReport, breaking as compareModels } from "../../compiler/breaking/breaking.js";
import { fixVersion } from "../../compiler/breaking/fix-version.js";
import type { Diagnostic, Staged } from "../../compiler/diagnostic.js";
import type { Model } from "../../compiler/model.js";
import type { ResolveOptions } from "../../compiler/resolve.js";
import type { Source } from "../../compiler/source.js";
import { type Comparands, type Previous, readPrevious } from "../against.js";
import { type Definitions, type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { previousPrefix, shownPath, sourcePath } from "../places.js";
import { baselineName } from "../project.js";
import { replaceFile } from "../replace-file.js";
import type { FindingFormat } from "../report.js";
import { reportBreaking } from "../report-breaking.js";

/** The command line of `rpcgen breaking`. */
export interface BreakingRequest extends DefinitionsRequest, Comparands {
  readonly format: FindingFormat;
  /** Write the version that the changes need. */
  readonly fixVersion: boolean;
  /** Changes of the generated TypeScript are errors too. */
  readonly strict: boolean;
  /** The file of accepted breaks; rpcgen-baseline.yaml beside the project file by default. */
  readonly baseline?: string;
  /** Accept what was found. */
  readonly writeBaseline: boolean;
  /** Why, for `writeBaseline`. */
  readonly reason?: string;
}

/** What a run has found and done. Paths of sources are relative to the root. */
export interface BreakingOutcome extends BreakingReport {
  readonly root: string;
  /** Those of the previous state have the prefix. */
  readonly sources: readonly Source[];
  /** What is wrong with definitions or the baseline, and unused entries of it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of files that were written. */
  readonly written: readonly string[];
}

/** Compares definitions with an earlier state of them, and tells what breaks and which version may carry it. */
export async function breaking(request: BreakingRequest, io: Io): Promise<ExitCode> {
  const outcome = await run(request, io);
  await reportBreaking(outcome, request, io);
  return hasErrors([...outcome.diagnostics, ...outcome.findings]) ? exitCodes.diagnostics : exitCodes.clean;
}

async function run(request: BreakingRequest, io: Io): Promise<BreakingOutcome> {
  const definitions = await readDefinitions(request, io);
  const { root, imports, config } = definitions;
  const none: BreakingOutcome = {
    root,
    sources: definitions.sources,
    diagnostics: definitions.diagnostics,
    findings: [],
    accepted: [],
    verdicts: [],
    unused: [],
    written: [],
  };
  if (hasErrors(none.diagnostics)) return none;
  const now = understood(definitions, config);
  if (now.diagnostics.length > 0) {
    return { ...none, sources: [...none.sources, ...imports.sources], diagnostics: now.diagnostics };
  }
  const before = await readPrevious(request, root, io);
  const previous = understood(before, { ...config, ...before.options });
  const texts = [...before.sources, ...before.imports.sources].map((source) => ({
    ...source,
    path: earlier(source.path),
  }));
  if (previous.diagnostics.length > 0) {
    return { ...none, sources: texts, diagnostics: previous.diagnostics.map(ofPrevious) };
  }
  const baseline = readAccepted(request, root, io);
  const compare = (sources: readonly Source[], { value, diagnostics } = now): BreakingOutcome => {
    const all = [...sources, ...imports.sources, ...texts, ...(baseline.source === undefined ? [] : [baseline.source])];
    if (diagnostics.length > 0) return { ...none, sources: all, diagnostics };
    const found = compareModels(onlyAsked(previous.value, value, before, request, io), value, {
      baseline: baseline.value,
      strict: request.strict,
      previousPrefix,
    });
    return { ...none, ...found, sources: all, diagnostics: [...baseline.diagnostics, ...found.unused] };
  };
  const outcome = compare(definitions.sources);
  const fixed = request.fixVersion
    ? fixVersions(
        outcome,
        definitions,
        (sources) => compare(sources, understood({ ...definitions, sources }, config)),
        io,
      )
    : outcome;
  return request.writeBaseline ? acceptAll(fixed, baseline, request, io) : fixed;
}

// ------------------------------------------------------------------------------------------------------- definitions

/** What definitions mean, without services that are only imported: nobody asked for those. Warnings are for other verbs. */
function understood(
  { sources, imports, diagnostics }: Pick<Previous, "sources" | "imports" | "diagnostics">,
  options: ResolveOptions,
): Staged<Model> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const analyzed = analyze(sources, (path) => byPath.get(path) ?? imports.read(path), options);
  const services = analyzed.value.services.filter(({ source }) => byPath.has(source));
  return {
    value: { services },
    diagnostics: [...diagnostics, ...imports.diagnostics, ...analyzed.diagnostics].filter(isError),
  };
}

/** Where the command line names single files, services of others are not asked for, though a folder has them. */
function onlyAsked(previous: Model, current: Model, before: Previous, { inputs }: BreakingRequest, io: Io): Model {
  const areFiles =
    inputs.length > 0 && inputs.every((input) => io.files.status(resolve(io.cwd, input))?.kind === "file");
  if (!areFiles || before.sources.length === 1) return previous;
  const names = new Set(current.services.map(({ name }) => name));
  const files = new Set(current.services.map(({ source }) => basename(source)));
  return { services: previous.services.filter(({ name, source }) => names.has(name) || files.has(basename(source))) };
}

function earlier(path: string): string {
  return `${previousPrefix}${path}`;
}

function ofPrevious({ range, related: _, ...rest }: Diagnostic): Diagnostic {
  return range === undefined ? rest : { ...rest, range: { ...range, path: earlier(range.path) } };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

// ---------------------------------------------------------------------------------------------------------- baseline

interface Accepted extends Staged<Baseline> {
  readonly path: string;
  readonly source: Source | undefined;
}

function readAccepted({ baseline: named, writeBaseline: writes }: BreakingRequest, root: string, io: Io): Accepted {
  const path = named === undefined ? resolve(root, baselineName) : resolve(io.cwd, named);
  try {
    const status = io.files.status(path);
    if (status === undefined && named !== undefined && !writes) {
      throw new Misuse(`there is no file ${shownPath(path, io.cwd)}`, "--write-baseline makes one of what was found");
    }
    if (status === undefined) return { path, source: undefined, value: { accepted: [] }, diagnostics: [] };
    const source = { path: sourcePath(path, root), text: io.files.readText(path) };
    return { path, source, ...readBaseline(source) };
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

/** Enters every error into the baseline, and takes out what accepts nothing. */
function acceptAll(
  outcome: BreakingOutcome,
  baseline: Accepted,
  { reason = "" }: BreakingRequest,
  io: Io,
): BreakingOutcome {
  // A file that could not be understood is not written over.
  if (baseline.diagnostics.some(({ code }) => code !== "baseline-reason" && code !== "baseline-unused")) return outcome;
  const open = outcome.findings.filter(isError);
  const text = writeBaseline(baseline.source?.text, open, outcome.unused, reason.trim());
  if (text === baseline.source?.text || (open.length === 0 && baseline.source === undefined)) return outcome;
  const failure = replaceFile(baseline.path, text, io);
  if (failure !== undefined) return { ...outcome, diagnostics: [...outcome.diagnostics, failure] };
  const source = { path: sourcePath(baseline.path, outcome.root), text };
  const { diagnostics } = readBaseline(source);
  return {
    ...outcome,
    sources: [...outcome.sources.filter(({ path }) => path !== source.path), source],
    findings: outcome.findings.filter((finding) => !isError(finding)),
    accepted: [...outcome.accepted, ...open.map((finding) => ({ ...finding, accepted: reason.trim() }))],
    unused: [],
    diagnostics,
    written: [...outcome.written, baseline.path],
  };
}

// ------------------------------------------------------------------------------------------------------- fix-version

/** Writes what the verdicts ask for, and compares again. */
function fixVersions(
  outcome: BreakingOutcome,
  { root, sources }: Definitions,
  compare: (sources: readonly Source[]) => BreakingOutcome,
  io: Io,
): BreakingOutcome {
  const texts = new Map(sources.map((source) => [source.path, source]));
  const failures: Diagnostic[] = [];
  const written: string[] = [];
  for (const verdict of outcome.verdicts) {
    const source = texts.get(verdict.source);
    if (source === undefined) continue;
    const findings = outcome.findings.filter((finding) => finding.service === verdict.service);
    const text = fixVersion(source, verdict, findings);
    if (text === source.text) continue;
    const path = resolve(root, source.path);
    const failure = replaceFile(path, text, io);
    if (failure !== undefined) failures.push(failure);
    else {
      written.push(path);
      texts.set(source.path, { ...source, text });
    }
  }
  const after = written.length === 0 ? outcome : compare([...texts.values()]);
  return { ...after, diagnostics: [...after.diagnostics, ...failures], written };
}
