import { dirname, join, resolve } from "node:path";
import { type ProjectFile, projectDefaults } from "../compiler/config.js";
import type { Staged } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import type { RunRecord } from "./cache.js";
import { failureText, type Io } from "./io.js";
import { Misuse } from "./misuse.js";
import { shownPath, sourcePath } from "./places.js";

/** Where a run begins: the project file, if there is one, and the folder to which all paths of sources are relative. */
export interface Project {
  readonly root: string;
  /** The project file. Its path is relative to the root, as that of every source. */
  readonly source: Source | undefined;
}

/** The name of the project file that is taken from the current folder when no other is named. */
export const projectFileName = "rpcgen.yaml";

/** The name of the file with the breaks that a project accepts, beside its project file. */
export const baselineName = "rpcgen-baseline.yaml";

/** Finds the project: the named file, or rpcgen.yaml in the current folder. */
export function findProject(named: string | undefined, io: Io): Project {
  const path = resolve(io.cwd, named ?? projectFileName);
  try {
    const status = io.files.status(path);
    if (status?.kind === "file") {
      const root = dirname(path);
      return { root, source: { path: sourcePath(path, root), text: io.files.readText(path) } };
    }
    if (status === undefined && named === undefined) {
      const other = projectFileName.replace(/aml$/, "ml");
      if (io.files.status(resolve(io.cwd, other)) === undefined) return { root: io.cwd, source: undefined };
      throw new Misuse(
        `the project file is called ${projectFileName}, and here it is ${other}`,
        `rename it, or give --config ${other}`,
      );
    }
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
  throw new Misuse(`there is no file ${shownPath(path, io.cwd)}`, "--config names a project file such as rpcgen.yaml");
}

/** What the project file says. One that the last run has read needs neither YAML nor a schema. */
export async function readProject({ source }: Project, last: RunRecord | undefined): Promise<Staged<ProjectFile>> {
  if (source !== undefined && last?.project !== undefined) {
    // Only generate remembers a run, and other verbs need no digests.
    const { digestOf } = await import("./cache.js");
    if (last.project.digest === digestOf(source.text)) return { value: last.project.settings, diagnostics: [] };
  }
  if (source === undefined) return { value: projectDefaults, diagnostics: [] };
  const { readProjectFile } = await import("../compiler/project-file.js");
  return readProjectFile(source);
}

/** The user's templates by their path in the folder, `partials/doc.hbs`. */
export function readTemplates(folder: string | undefined, root: string, io: Io): Readonly<Record<string, string>> {
  if (folder === undefined) return {};
  const base = resolve(root, folder);
  const found: [string, string][] = [];
  const visit = (prefix: string): void => {
    for (const { name } of io.files.list(join(base, prefix))) {
      const path = `${prefix}${name}`;
      const kind = io.files.status(join(base, path))?.kind;
      if (kind === "directory" && !name.startsWith(".") && prefix.length < 100) visit(`${path}/`);
      else if (kind === "file" && name.endsWith(".hbs")) found.push([path, io.files.readText(join(base, path))]);
    }
  };
  try {
    if (io.files.status(base)?.kind !== "directory") {
      throw new Misuse(`there is no folder ${shownPath(base, io.cwd)}, which the project file names as templates`);
    }
    visit("");
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`cannot read the templates in ${shownPath(base, io.cwd)}: ${failureText(error)}`);
  }
  return Object.fromEntries(found);
}
