import { basename, resolve } from "node:path";
import { understand } from "../../compiler/analyze.js";
import { type BreakingReport, breaking as compareModels } from "../../compiler/breaking/breaking.js";
import type { Diagnostic, Staged } from "../../compiler/diagnostic.js";
import type { Model } from "../../compiler/model.js";
import type { ResolveOptions } from "../../compiler/resolve.js";
import type { Source } from "../../compiler/source.js";
import { type AcceptedFile, readAccepted, writeAccepted } from "../accepted.js";
import { type Comparands, type Previous, readPrevious } from "../against.js";
import { type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import type { Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { previousPrefix } from "../places.js";
import { replaceFile } from "../replace-file.js";
import type { Format } from "../report.js";
import { reportBreaking } from "../report-breaking.js";

/** The command line of `rpcgen breaking`. */
export interface BreakingRequest extends DefinitionsRequest, Comparands {
  readonly format: Format;
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
  if (request.reason !== undefined && !request.writeBaseline) {
    throw new Misuse("--reason is why breaks are accepted, and nothing accepts them here", "add --write-baseline");
  }
  const outcome = await run(request, io);
  await reportBreaking(outcome, request, io);
  return hasErrors([...outcome.diagnostics, ...outcome.findings]) ? exitCodes.diagnostics : exitCodes.clean;
}

async function run(request: BreakingRequest, io: Io): Promise<BreakingOutcome> {
  const definitions = await readDefinitions(request, io);
  const { root, sources, imports, config } = definitions;
  const failed = (where: readonly Source[], diagnostics: readonly Diagnostic[]): BreakingOutcome => {
    return { root, sources: where, diagnostics, findings: [], accepted: [], verdicts: [], unused: [], written: [] };
  };
  if (hasErrors(definitions.diagnostics)) return failed(sources, definitions.diagnostics);
  const current = understood(definitions, config);
  if (current.diagnostics.length > 0) return failed([...sources, ...imports.sources], current.diagnostics);

  const before = await readPrevious(request, root, io);
  const options = { ...config, ...before.options };
  const isSame = options.objectPrefix === config.objectPrefix && areSame(sources, imports.sources, before);
  const previous = isSame ? current : understood(before, options);
  const texts = [...before.sources, ...before.imports.sources].map(({ path, text }) => ({ path: earlier(path), text }));
  if (previous.diagnostics.length > 0) return failed(texts, previous.diagnostics.map(ofPrevious));

  const compare = ({ baseline, written, ...state }: State): BreakingOutcome => {
    const isChanged = state.sources !== sources;
    const { value, diagnostics } = isChanged ? understood({ ...definitions, sources: state.sources }, config) : current;
    const own = baseline.source === undefined ? [] : [baseline.source];
    const all = [...state.sources, ...imports.sources, ...texts, ...own];
    if (diagnostics.length > 0) return failed(all, diagnostics);
    const found = compareModels(onlyAsked(previous.value, value, before, request, io), value, {
      baseline: baseline.value,
      strict: request.strict,
      previousPrefix,
    });
    const problems = [...found.unused, ...withoutUnused(baseline.diagnostics, found.unused), ...state.failures];
    return { ...found, root, sources: all, diagnostics: problems, written };
  };
  let state: State = { sources, baseline: accepted(request, root, io), written: [], failures: [] };
  let outcome = compare(state);
  for (const step of [...(request.fixVersion ? [fixVersions] : []), ...(request.writeBaseline ? [acceptAll] : [])]) {
    const next = await step(state, outcome, request, io);
    if (next === state) continue;
    state = next;
    outcome = compare(state);
  }
  return outcome;
}

/** What a run may change. */
interface State {
  readonly sources: readonly Source[];
  readonly baseline: AcceptedFile;
  readonly written: readonly string[];
  /** Files that could not be written. */
  readonly failures: readonly Diagnostic[];
}

/** What definitions mean, without services that are only imported: nobody asked for those. Warnings are for other verbs. */
function understood(
  { sources, imports, diagnostics }: Pick<Previous, "sources" | "imports" | "diagnostics">,
  options: ResolveOptions,
): Staged<Model> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value, diagnostics: found } = understand(sources, (path) => byPath.get(path) ?? imports.read(path), options);
  const services = value.model.services.filter(({ source }) => byPath.has(source));
  return {
    value: { services },
    diagnostics: [...diagnostics, ...imports.diagnostics, ...found].filter(isError),
  };
}

/** Whether nothing at all has changed, which need not be understood twice: the same files with the same texts. */
function areSame(sources: readonly Source[], imported: readonly Source[], before: Previous): boolean {
  const texts = new Map(before.sources.map(({ path, text }) => [path, text]));
  return (
    texts.size === sources.length &&
    sources.every(({ path, text }) => texts.get(path) === text) &&
    imported.every(({ path, text }) => before.imports.read(path)?.text === text)
  );
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

// ------------------------------------------------------------------------------------------------------------- changes

/** Writes what the verdicts ask for into the definitions. */
async function fixVersions(
  state: State,
  { root, verdicts, findings }: BreakingOutcome,
  _: BreakingRequest,
  io: Io,
): Promise<State> {
  const { fixVersion } = await import("../../compiler/breaking/fix-version.js");
  let next = state;
  for (const verdict of verdicts) {
    const source = next.sources.find(({ path }) => path === verdict.source);
    if (source === undefined) continue;
    const text = fixVersion(
      source,
      verdict,
      findings.filter(({ service }) => service === verdict.service),
    );
    if (text === source.text) continue;
    const path = resolve(root, source.path);
    const failure = replaceFile(path, text, io);
    if (failure !== undefined) {
      next = { ...next, failures: [...next.failures, failure] };
      continue;
    }
    const sources = next.sources.map((each) => (each === source ? { ...each, text } : each));
    next = { ...next, sources, written: [...next.written, path] };
  }
  return next;
}

/** Enters every error into the baseline, and takes out what accepts nothing. */
function acceptAll(state: State, outcome: BreakingOutcome, request: BreakingRequest, io: Io): State {
  const open = outcome.findings.filter(isError);
  const { changed, failure } = writeAccepted(state.baseline, open, outcome.unused, request.reason?.trim() ?? "", io);
  if (failure !== undefined) return { ...state, failures: [...state.failures, failure] };
  if (!changed) return state;
  const baseline = accepted(request, outcome.root, io);
  return { ...state, baseline, written: [...state.written, baseline.path] };
}

function accepted({ baseline, writeBaseline }: BreakingRequest, root: string, io: Io): AcceptedFile {
  return readAccepted(baseline, writeBaseline, root, io);
}

/** Of an entry that is not needed, nobody asks for the reason. */
function withoutUnused(diagnostics: readonly Diagnostic[], unused: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ code, range }) =>
      code !== "baseline-reason" ||
      !unused.some((other) => inRange(range?.start ?? -1, other.range?.start ?? 0, other.range?.end ?? 0)),
  );
}

function inRange(at: number, start: number, end: number): boolean {
  return start <= at && at <= end;
}
