import { resolve } from "node:path";
import type { ProjectFile } from "../compiler/config.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { ResolveOptions } from "../compiler/resolve.js";
import type { Source } from "../compiler/source.js";
import { configOf, hasErrors, inputFiles } from "./definitions.js";
import { filesAt } from "./git.js";
import { expandInputs, ImportReader, readSources } from "./inputs.js";
import { type FileStatus, failureText, type Io } from "./io.js";
import { Misuse } from "./misuse.js";
import { shownPath, sourcePath } from "./places.js";
import { baselineName, findProject, type Project, projectFileName, readProject } from "./project.js";

/** The previous state of definitions, read and not yet understood. */
export interface Previous {
  /** What its project file says; nothing where it has none. */
  readonly options: ResolveOptions;
  /** With paths from the root of the current state, as all sources of a run. */
  readonly sources: readonly Source[];
  readonly imports: ImportReader;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is compared, as the command line says it. */
export interface Comparands {
  /** A folder, a file, or a branch, tag or commit of git. */
  readonly against: string;
  /** The current state's files, folders and globs; the project file's `inputs` where there are none. */
  readonly inputs: readonly string[];
  readonly config?: string;
}

/**
 * Reads the previous state. What exists as a file or folder is one; every other name is one of git's, in which the same
 * paths are read as in the work tree.
 */
export async function readPrevious(request: Comparands, root: string, io: Io): Promise<Previous> {
  const { against } = request;
  if (against === "") throw new Misuse("--against is empty", "give it a folder, a file, or a branch, tag or commit");
  const path = resolve(io.cwd, against);
  const kind = statusOf(path, io)?.kind;
  if (kind === "file") return readFrom([path], root, io);
  if (kind === "directory") return readFolder(path, root, io);
  if (kind === "other") throw new Misuse(`${against} is neither a file nor a folder`);
  return readCommit(request, root, io);
}

/** A folder is a project of its own where it has a project file; otherwise all its YAML files are definitions. */
async function readFolder(folder: string, root: string, io: Io): Promise<Previous> {
  if (statusOf(resolve(folder, projectFileName), io)?.kind !== "file") {
    return readFrom(
      await expandInputs([shownPath(folder, io.cwd)], io.cwd, new Set([resolve(folder, baselineName)]), io),
      root,
      io,
    );
  }
  const there = { ...io, cwd: folder };
  const project = findProject(undefined, there);
  const { value: settings, diagnostics } = await readProject(project, undefined);
  if (hasErrors(diagnostics)) return failed(project, root, diagnostics, io);
  const inputs = settings.inputs.length > 0 ? [] : ["."];
  return readFrom(await inputFiles(inputs, settings, project, there), root, io, settings);
}

async function readCommit({ against, inputs, config }: Comparands, root: string, io: Io): Promise<Previous> {
  const { source: current } = findProject(config, io);
  const there: Io = { ...io, files: filesAt(against, root, io) };
  // The project file as it was, since definitions may have moved; one that came later says as much as it can.
  const file = current === undefined ? undefined : resolve(root, current.path);
  const wasThere = file !== undefined && there.files.status(file) !== undefined;
  const project = wasThere ? findProject(config, there) : { root, source: current };
  const { value: settings, diagnostics } = await readProject(project, undefined);
  if (hasErrors(diagnostics)) return failed(project, root, diagnostics, there);
  // A file that came later has no previous state; that is no mistake as long as another one has.
  const isNew = (input: string): boolean => {
    const path = resolve(io.cwd, input);
    return statusOf(path, io)?.kind === "file" && there.files.status(path) === undefined;
  };
  const known = inputs.filter((input) => !isNew(input));
  try {
    const named = known.length > 0 ? known : inputs;
    return readFrom(await inputFiles(named, settings, project, there), root, there, settings);
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    throw new Misuse(
      `in ${against}: ${error.message}`,
      "--against also takes a folder or a file with the previous definitions",
    );
  }
}

function readFrom(paths: readonly string[], root: string, io: Io, settings?: ProjectFile): Previous {
  const { value: sources, diagnostics } = readSources(paths, root, io);
  const options = settings === undefined ? {} : configOf(settings);
  return { options, sources, imports: new ImportReader(root, io), diagnostics };
}

/** With the project file, whose mistakes are to be shown. */
function failed(project: Project, root: string, diagnostics: readonly Diagnostic[], io: Io): Previous {
  const at = (path: string): string => sourcePath(resolve(project.root, path), root);
  const sources = project.source === undefined ? [] : [{ ...project.source, path: at(project.source.path) }];
  const moved = diagnostics.map(({ range, ...rest }) =>
    range === undefined ? rest : { ...rest, range: { ...range, path: at(range.path) } },
  );
  return { options: {}, sources, imports: new ImportReader(root, io), diagnostics: moved };
}

function statusOf(path: string, io: Io): FileStatus | undefined {
  try {
    return io.files.status(path);
  } catch (error) {
    throw new Misuse(`cannot open ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}
