import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { ProjectFile } from "../compiler/config.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { GeneratedFile } from "../compiler/emit/write.js";
import type { Source } from "../compiler/source.js";
import type { Io } from "./io.js";

/** What a clean run left behind, so that the next one can see in milliseconds that nothing has changed. */
export interface RunRecord {
  /** The digest of the project file, and what it said; absent where there was none. */
  readonly project?: { readonly digest: string; readonly settings: ProjectFile };
  /** The paths of all sources: the inputs, and everything that they import. */
  readonly sources: readonly string[];
  readonly outputs: readonly string[];
  /** The digest of the state that the run left. */
  readonly state: string;
  /** Warnings, which an unchanged run shows again. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Every file that a run reads or makes. When nothing of it has changed, neither would the outcome. */
export interface RunState {
  /** The text of the project file. */
  readonly project: string | undefined;
  /** The files that the inputs name. */
  readonly inputs: readonly string[];
  readonly sources: readonly Source[];
  readonly templates: Readonly<Record<string, string>>;
  readonly outputs: readonly GeneratedFile[];
  /** The names in the output folder that might be stale files. */
  readonly listing: readonly string[];
}

/** One text that differs wherever two states do. */
export function digestOfState({ project, inputs, sources, templates, outputs, listing }: RunState): string {
  const texts = [...sources, ...Object.entries(templates).map(([path, text]) => ({ path, text })), ...outputs];
  return digestOf(
    JSON.stringify([
      project,
      inputs,
      sources.length,
      outputs.length,
      texts.map(({ path, text }) => [path, digestOf(text)]),
      listing,
    ]),
  );
}

/**
 * The place of the record of runs like this one: in node_modules, where a project has it, or in the user's cache.
 *
 * @param key everything beside files that decides what a run does: the compiler and the command line
 */
export function recordPath(root: string, key: string, io: Io): string {
  const name = `${digestOf(key).slice(0, 20)}.json`;
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (quietly(() => io.files.status(modules)?.kind) === "directory") return join(modules, ".cache", "rpcgen", name);
    if (dirname(folder) === folder) break;
  }
  return join(io.env["XDG_CACHE_HOME"] || join(io.home, ".cache"), "rpcgen", name);
}

/** The record of the last run, if there is one and it is whole. */
export function readRecord(path: string, io: Io): RunRecord | undefined {
  return quietly(() => {
    const text = io.files.readText(path);
    const body = text.slice(text.indexOf("\n") + 1);
    // The digest says that we have written it, so it has our shape.
    return text.startsWith(`${digestOf(body)}\n`) ? (JSON.parse(body) as RunRecord) : undefined;
  });
}

/** Leaves a record for the next run. A cache that cannot be written costs time and nothing else. */
export function writeRecord(path: string, record: RunRecord, suffix: string, io: Io): void {
  const body = JSON.stringify(record);
  quietly(() => {
    io.files.makeFolder(dirname(path));
    io.files.writeText(`${path}.${suffix}`, `${digestOf(body)}\n${body}`);
    io.files.rename(`${path}.${suffix}`, path);
  });
}

/** The digest of a text. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/**
 * Stands for the compiler in the key: its version, and the sizes and times of its own files, so that a compiler that
 * was rebuilt or patched in place does not trust what the former one left.
 */
export function compilerKey(io: Io): string {
  const stamps: string[] = [io.self.version];
  const visit = (folder: string): void => {
    for (const { name, kind } of io.files.list(folder)) {
      const path = join(folder, name);
      if (kind === "directory") visit(path);
      else if (/\.(js|hbs|json)$/.test(name)) {
        const status = io.files.status(path);
        stamps.push(`${path} ${status?.size} ${status?.modified}`);
      }
    }
  };
  for (const part of ["dist", "templates"]) quietly(() => visit(join(io.self.folder, part)));
  return digestOf(stamps.join("\n"));
}

/** Runs what may fail without consequence: the cache is never needed. */
function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
