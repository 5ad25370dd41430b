import { randomBytes } from "node:crypto";
import { dirname, extname, resolve } from "node:path";
import type { Config } from "../../compiler/config.js";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import {
  applyChanges,
  type Change,
  type GeneratedFile,
  planWrite,
  readExisting,
  WriteFailure,
} from "../../compiler/emit/write.js";
import type { Source } from "../../compiler/source.js";
import { configOf, hasErrors, inputCover, inputFiles } from "../definitions.js";
import { ImportReader, readSources } from "../inputs.js";
import { failureText, type Io } from "../io.js";
import { Leftovers, type WritingRun } from "../leftovers.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { overwritten } from "../overwritten.js";
import { shownPath } from "../places.js";
import { findProject, readProject, readTemplates } from "../project.js";
import type { Format } from "../report.js";
import { reportGenerate } from "../report-generate.js";

/** The command line of a verb that writes files beside the generated code: documents, exports. */
export interface DocumentsRequest {
  /** Files, folders and globs; the project file's `inputs` where there are none. */
  readonly inputs: readonly string[];
  readonly out: string;
  readonly config?: string;
  readonly format: Format;
  /** Write nothing; fail when something would change. */
  readonly check: boolean;
}

/** What makes the files of such a verb. */
export interface DocumentsJob {
  /** `docs`, as the command line has it. */
  readonly command: string;
  /** Loads its library when it is called, and not before. */
  readonly make: (
    sources: readonly Source[],
    config: Config,
    read: (path: string) => Source | undefined,
  ) => Promise<{ readonly files: readonly GeneratedFile[]; readonly diagnostics: readonly Diagnostic[] }>;
  /** Whether a file may be one of this verb's: other verbs may own the same folder. */
  readonly owns: (path: string) => boolean;
}

/** Makes the files of a verb and brings its output folder up to date. */
export async function writeDocuments(job: DocumentsJob, request: DocumentsRequest, io: Io): Promise<ExitCode> {
  const outcome = await run(job, request, io);
  await reportGenerate(outcome, { ...request, command: job.command, diff: false, dryRun: false }, io);
  const failed = hasErrors(outcome.diagnostics) || (request.check && !outcome.settled);
  return failed ? exitCodes.diagnostics : exitCodes.clean;
}

interface Outcome {
  readonly root: string;
  readonly out: string;
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Change[];
  readonly settled: boolean;
}

async function run(job: DocumentsJob, request: DocumentsRequest, io: Io): Promise<Outcome> {
  const project = findProject(request.config, io);
  const { root } = project;
  const out = outFolder(request.out, io);
  const { value: settings, diagnostics: problems } = await readProject(project, undefined);
  const nothing = { root, out, changes: [], settled: false };
  if (hasErrors(problems)) {
    return { ...nothing, sources: project.source === undefined ? [] : [project.source], diagnostics: problems };
  }
  const inputs = await inputFiles(request.inputs, settings, project, io);
  const read = readSources(inputs, root, io);
  if (hasErrors(read.diagnostics)) return { ...nothing, sources: read.value, diagnostics: read.diagnostics };
  const imports = new ImportReader(root, io);
  const config = { ...configOf(settings), templates: readTemplates(settings.templates, root, io) };
  const { files, diagnostics } = await job.make(read.value, config, imports.read);
  const sources = [...read.value, ...imports.sources];
  const found = [...problems, ...imports.diagnostics, ...diagnostics];
  if (hasErrors(found)) return { ...nothing, sources, diagnostics: found };
  const covers = await inputCover(request.inputs, settings, project, io);
  const written = { root, hasProjectFile: project.source !== undefined, out, inputs, covers, files };
  return { ...nothing, sources, ...bringUp(job, request, found, written, io) };
}

function bringUp(
  { owns }: DocumentsJob,
  { check }: DocumentsRequest,
  found: readonly Diagnostic[],
  written: WritingRun,
  io: Io,
): Pick<Outcome, "diagnostics" | "changes" | "settled"> {
  const { out, files } = written;
  try {
    const made = new Set(files.map(({ path }) => path));
    const existing = new Map([...readExisting(out, files, io.files)].filter(([path]) => made.has(path) || owns(path)));
    const leftovers = new Leftovers(written, io);
    const plan = planWrite(files, existing, leftovers.isStale);
    const clashes = overwritten(written, existing, io);
    const diagnostics = [...found, ...plan.diagnostics, ...clashes, ...leftovers.diagnostics];
    if (hasErrors(diagnostics)) return { diagnostics, changes: [], settled: false };
    if (!check) applyChanges(out, plan.value, `${randomBytes(6).toString("hex")}.tmp`, io.files);
    const settled = !check || plan.value.every(({ action }) => action === "unchanged");
    return { diagnostics, changes: plan.value, settled };
  } catch (error) {
    if (!(error instanceof WriteFailure)) throw error;
    const message = `cannot write ${shownPath(error.path, io.cwd)}: ${failureText(error.cause)}`;
    return {
      diagnostics: [...found, { code: "cannot-write", severity: "error", message }],
      changes: [],
      settled: false,
    };
  }
}

/** The folder, which need not be there yet; nothing but a folder may be in its place, nor above it. */
function outFolder(named: string, io: Io): string {
  if (named === "") throw new Misuse("there is no output folder", "give --out DIR");
  const out = resolve(io.cwd, named);
  for (let at = out; ; at = dirname(at)) {
    const kind = kindOf(at, io);
    if (kind === "directory" || (kind === undefined && dirname(at) === at)) return out;
    if (kind === undefined) continue;
    const help = "give --out a folder; it is made when it does not exist";
    throw new Misuse(`the output folder ${shownPath(out, io.cwd)} cannot be: ${shownPath(at, io.cwd)} is a file`, help);
  }
}

function kindOf(path: string, io: Io): string | undefined {
  try {
    return io.files.status(path)?.kind;
  } catch (error) {
    throw new Misuse(`cannot open ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

/** Whether the path lies in the folder itself and ends so. */
export function liesFlat(path: string, ...extensions: readonly string[]): boolean {
  return !path.includes("/") && extensions.includes(extname(path));
}
