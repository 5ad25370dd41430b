import { resolve } from "node:path";
import type { Config, LintSettings, ProjectFile } from "../compiler/config.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { coverOf, expandInputs, ImportReader, readSources } from "./inputs.js";
import type { Io } from "./io.js";
import { Misuse } from "./misuse.js";
import { shownPath } from "./places.js";
import { baselineName, findProject, type Project, projectFileName, readProject } from "./project.js";

/** What a verb that reads definitions is told on the command line. */
export interface DefinitionsRequest {
  /** Files, folders and globs; the project file's `inputs` where there are none. */
  readonly inputs: readonly string[];
  readonly config?: string;
}

/** The definitions that a command line names, read and not yet understood. Paths of sources are relative to the root. */
export interface Definitions {
  readonly root: string;
  readonly config: Omit<Config, "templates">;
  /** What the project file says of lint rules. */
  readonly lint: LintSettings | undefined;
  readonly sources: readonly Source[];
  /** Reads what the sources import. */
  readonly imports: ImportReader;
  /** Why the project file or a definition could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the project file and the definitions. */
export async function readDefinitions(request: DefinitionsRequest, io: Io): Promise<Definitions> {
  const project = findProject(request.config, io);
  const { root } = project;
  const { value: settings, diagnostics } = await readProject(project, undefined);
  const found = { root, config: configOf(settings), lint: settings.lint, imports: new ImportReader(root, io) };
  if (hasErrors(diagnostics)) {
    return { ...found, sources: project.source === undefined ? [] : [project.source], diagnostics };
  }
  const read = readSources(await inputFiles(request.inputs, settings, project, io), root, io);
  return { ...found, sources: read.value, diagnostics: [...diagnostics, ...read.diagnostics] };
}

/** The definition files of a command line, or of the project file where it names none. */
export async function inputFiles(
  inputs: readonly string[],
  settings: ProjectFile,
  { root, source }: Project,
  io: Io,
): Promise<readonly string[]> {
  const except = new Set(
    [baselineName, ...(source === undefined ? [] : [source.path])].map((path) => resolve(root, path)),
  );
  if (inputs.length > 0) return expandInputs(inputs, io.cwd, except, io);
  if (source !== undefined && settings.inputs.length > 0) {
    const name = shownPath(resolve(root, source.path), io.cwd);
    return expandInputs(settings.inputs, root, except, io).catch((error: unknown) => {
      throw error instanceof Misuse ? new Misuse(`${name}, inputs: ${error.message}`, error.help) : error;
    });
  }
  throw new Misuse(
    "no definitions are named",
    `name the definition files, or write "inputs: [FILES]" into ${projectFileName}; rpcgen init makes a project to start from`,
  );
}

/** Tells of a path whether a definition there would be one of {@link inputFiles}. */
export function inputCover(
  inputs: readonly string[],
  settings: ProjectFile,
  { root }: Project,
  io: Io,
): Promise<(path: string) => boolean> {
  return inputs.length > 0 ? coverOf(inputs, io.cwd, io) : coverOf(settings.inputs, root, io);
}

/** What the project file tells the compiler. */
export function configOf({ runtime, importExtension, objectPrefix }: ProjectFile): Omit<Config, "templates"> {
  return { runtime, importExtension, objectPrefix };
}

/** Whether a run must end with 1. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
