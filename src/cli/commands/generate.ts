import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { ProjectFile } from "../../compiler/config.js";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import {
  applyChanges,
  type Change,
  type GeneratedFile,
  listGenerated,
  planWrite,
  readExisting,
  WriteFailure,
} from "../../compiler/emit/write.js";
import type { Source } from "../../compiler/source.js";
import { compilerKey, digestOf, digestOfState, type RunRecord, readRecord, recordPath, writeRecord } from "../cache.js";
import { configOf, hasErrors, inputCover, inputFiles } from "../definitions.js";
import { ImportReader, readSources } from "../inputs.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { shownPath } from "../places.js";
import { findProject, type Project, projectFileName, readProject, readTemplates } from "../project.js";
import type { Format } from "../report.js";
import { reportGenerate } from "../report-generate.js";
import { Stopwatch } from "../stopwatch.js";

/** The command line of `rpcgen generate`. */
export interface GenerateRequest {
  /** Files, folders and globs; the project file's `inputs` where there are none. */
  readonly inputs: readonly string[];
  readonly out?: string;
  readonly config?: string;
  readonly format: Format;
  /** Write nothing; fail when something would change. */
  readonly check: boolean;
  /** Write nothing; show the changes line by line. */
  readonly diff: boolean;
  /** Write nothing; list the changes. */
  readonly dryRun: boolean;
  /** Tell on stderr how long each stage took. */
  readonly timing: boolean;
}

/** How a run ended. Paths of sources are relative to the root, those of changes to the output folder. */
export interface GenerateOutcome {
  readonly root: string;
  readonly out: string;
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Change[];
  /** The output folder is as the definitions want it. */
  readonly settled: boolean;
}

/** Compiles definitions and brings the output folder up to date, or says what would change in it. */
export async function generate(request: GenerateRequest, io: Io): Promise<ExitCode> {
  const stopwatch = new Stopwatch(io);
  const outcome = await runGenerate(request, stopwatch, io);
  await reportGenerate(outcome, request, io);
  stopwatch.lap("report");
  if (request.timing) io.stderr.write(stopwatch.text());
  const failed = hasErrors(outcome.diagnostics) || (request.check && !outcome.settled);
  return failed ? exitCodes.diagnostics : exitCodes.clean;
}

/** One run without its report. */
export async function runGenerate(request: GenerateRequest, stopwatch: Stopwatch, io: Io): Promise<GenerateOutcome> {
  const project = findProject(request.config, io);
  const cachePath = recordPath(project.root, runKey(request, project, io), io);
  const last = readRecord(cachePath, io);
  const { value: settings, diagnostics } = await readProject(project, last);
  if (hasErrors(diagnostics)) {
    const sources = project.source === undefined ? [] : [project.source];
    return { root: project.root, out: project.root, sources, diagnostics, changes: [], settled: false };
  }
  const job: Job = {
    project,
    settings,
    inputs: await inputFiles(request.inputs, settings, project, io),
    out: outFolder(request, settings, project, io),
    templates: readTemplates(settings.templates, project.root, io),
  };
  stopwatch.lap("inputs");
  const unchanged = outcomeOfUnchanged(job, last, io);
  stopwatch.lap("cache");
  if (unchanged !== undefined) return unchanged;

  const outcome = await compileAndWrite(job, request, stopwatch, io);
  // What was kept for files elsewhere is looked at anew each time: no record knows of them.
  const isKnown = outcome.diagnostics.every(({ code }) => code !== "kept-output");
  if (outcome.settled && isKnown) writeRecord(cachePath, recordOf(job, outcome, io), randomSuffix(), io);
  stopwatch.lap("record");
  return outcome;
}

/** Everything that a run starts from. */
interface Job {
  readonly project: Project;
  readonly settings: ProjectFile;
  readonly out: string;
  readonly inputs: readonly string[];
  readonly templates: Readonly<Record<string, string>>;
}

/** What decides the outcome beside files. Runs which differ in it keep records of their own. */
function runKey({ inputs, out, config }: GenerateRequest, { root }: Project, io: Io): string {
  return JSON.stringify([compilerKey(io), root, io.cwd, inputs, out, config]);
}

/** The output folder, absolute. */
export function outFolder(
  request: Pick<GenerateRequest, "out">,
  settings: ProjectFile,
  { root }: Project,
  io: Io,
): string {
  const out =
    request.out !== undefined
      ? resolve(io.cwd, request.out)
      : settings.out !== undefined
        ? resolve(root, settings.out)
        : undefined;
  if (out === undefined || request.out === "") {
    throw new Misuse("there is no output folder", `give --out DIR, or write "out: DIR" into ${projectFileName}`);
  }
  // A file in the place of a folder above is in the way too.
  for (let at = out; ; at = dirname(at)) {
    const shown = shownPath(at, io.cwd);
    const kind = orMisuse(`cannot open ${shown}`, () => io.files.status(at)?.kind);
    if (kind === "directory" || (kind === undefined && dirname(at) === at)) return out;
    if (kind === undefined) continue;
    const help = "give --out a folder; it is made when it does not exist";
    throw new Misuse(`the output folder ${shownPath(out, io.cwd)} cannot be: ${shown} is a file`, help);
  }
}

/** The outcome of the last run, if every file that it read or made is as it was. */
function outcomeOfUnchanged(job: Job, last: RunRecord | undefined, io: Io): GenerateOutcome | undefined {
  if (last === undefined) return undefined;
  const { project, out, inputs, templates } = job;
  const sources = readSources(
    last.sources.map((path) => resolve(project.root, path)),
    project.root,
    io,
  ).value;
  const outputs = readSources(
    last.outputs.map((path) => join(out, path)),
    out,
    io,
  ).value;
  const listing = listGenerated(out, last.outputs, io.files);
  if (digestOfState({ project: project.source?.text, inputs, sources, templates, outputs, listing }) !== last.state)
    return undefined;
  const changes = outputs.map(({ path }) => ({ action: "unchanged" as const, path }));
  return { root: project.root, out, sources, diagnostics: last.diagnostics, changes, settled: true };
}

function recordOf({ project, settings, inputs, templates, out }: Job, outcome: GenerateOutcome, io: Io): RunRecord {
  const outputs = outcome.changes.flatMap(({ path, after }): GeneratedFile[] =>
    after === undefined ? [] : [{ path, text: after }],
  );
  const paths = outputs.map(({ path }) => path);
  const listing = listGenerated(out, paths, io.files);
  return {
    ...(project.source === undefined ? {} : { project: { digest: digestOf(project.source.text), settings } }),
    sources: outcome.sources.map(({ path }) => path),
    outputs: paths,
    state: digestOfState({
      project: project.source?.text,
      inputs,
      sources: outcome.sources,
      templates,
      outputs,
      listing,
    }),
    diagnostics: outcome.diagnostics,
  };
}

async function compileAndWrite(
  { project, settings, out, inputs, templates }: Job,
  request: GenerateRequest,
  stopwatch: Stopwatch,
  io: Io,
): Promise<GenerateOutcome> {
  const { root } = project;
  const read = readSources(inputs, root, io);
  stopwatch.lap("read");
  const failed = { root, out, sources: read.value, changes: [], settled: false };
  if (hasErrors(read.diagnostics)) return { ...failed, diagnostics: read.diagnostics };

  const { compile } = await import("../../compiler/compile.js");
  const { Leftovers } = await import("../leftovers.js");
  const { overwritten } = await import("../overwritten.js");
  stopwatch.lap("load");
  const imports = new ImportReader(root, io);
  const { files, diagnostics } = compile(read.value, { ...configOf(settings), templates }, imports.read);
  stopwatch.lap("compile");
  const sources = [...read.value, ...imports.sources];
  const found = [...imports.diagnostics, ...diagnostics];
  const outcome = { ...failed, sources };
  if (hasErrors(found)) return { ...outcome, diagnostics: found };

  try {
    const covers = await inputCover(request.inputs, settings, project, io);
    const run = { root, hasProjectFile: project.source !== undefined, out, inputs, covers, files };
    const existing = readExisting(out, files, io.files);
    const leftovers = new Leftovers(run, io);
    const plan = planWrite(files, existing, leftovers.isStale);
    const problems = [...found, ...plan.diagnostics, ...overwritten(run, existing, io), ...leftovers.diagnostics];
    stopwatch.lap("plan");
    if (hasErrors(problems)) return { ...outcome, diagnostics: problems };
    const writes = !request.check && !request.diff && !request.dryRun;
    if (writes) applyChanges(out, plan.value, randomSuffix(), io.files);
    stopwatch.lap("write");
    const settled = writes || plan.value.every(({ action }) => action === "unchanged");
    return { ...outcome, diagnostics: problems, changes: plan.value, settled };
  } catch (error) {
    if (!(error instanceof WriteFailure)) throw error;
    const message = `cannot write ${shownPath(error.path, io.cwd)}: ${failureText(error.cause)}`;
    return { ...outcome, diagnostics: [...found, { code: "cannot-write", severity: "error", message }] };
  }
}

/** Makes the names of files that live for a moment this run's own. */
function randomSuffix(): string {
  return `${randomBytes(6).toString("hex")}.tmp`;
}

function orMisuse<T>(message: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Misuse(`${message}: ${failureText(error)}`);
  }
}
