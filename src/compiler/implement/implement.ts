import { analyze } from "../analyze.js";
import { type Config, defaultConfig } from "../config.js";
import type { Diagnostic, Staged } from "../diagnostic.js";
import type { Source } from "../source.js";
import { suggest } from "../suggest.js";

/** What to implement, and where things are. Paths are relative to one root, with forward slashes. */
export interface ImplementOptions {
  /** The service's name; the only one of the definitions where it is left out. */
  readonly service?: string | undefined;
  /** The class; otherwise the one that implements the service's manager. */
  readonly className?: string | undefined;
  /** The output folder of `rpcgen generate`. */
  readonly out: string;
  /** The project's; its runtime and ending of imports are those of the file. */
  readonly config?: Omit<Config, "templates">;
}

/** What became of a user's file. */
export interface Implementation {
  /** The whole file. It is the text that was given where nothing is to be done. */
  readonly text: string;
  readonly className: string;
  /** The class was not there. */
  readonly created: boolean;
  /** Members that were added. */
  readonly added: readonly string[];
  /** Members whose signature was changed. */
  readonly updated: readonly string[];
  /** Methods that take a request's context and that the manager does not have (any more). They stay as they are. */
  readonly gone: readonly string[];
}

/**
 * Brings the class that implements a service's manager up to date: adds the methods that it lacks, which throw, and
 * changes signatures that do not fit any more. Everything else keeps every byte. Reads and writes nothing by itself.
 *
 * @param file the user's file; its text is empty where there is none yet
 * @param definitions the sources of the service, with paths relative to the same root as that of the file
 * @param read gives a file that a definition imports
 * @returns no value where nothing could be done; the diagnostics say why
 */
export async function implement(
  file: Source,
  definitions: readonly Source[],
  options: ImplementOptions,
  read: (path: string) => Source | undefined = () => undefined,
): Promise<Staged<Implementation | undefined>> {
  const config = options.config ?? defaultConfig;
  const byPath = new Map(definitions.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(definitions, (path) => byPath.get(path) ?? read(path), config);
  if (diagnostics.some(({ severity }) => severity === "error")) return { value: undefined, diagnostics };

  const services = model.services.filter(({ source }) => byPath.has(source));
  const [only, second] = services;
  const service = options.service === undefined ? only : services.find(({ name }) => name === options.service);
  if (service === undefined || (options.service === undefined && second !== undefined)) {
    const names = services.map(({ name }) => name);
    return { value: undefined, diagnostics: [...diagnostics, noService(options.service, names)] };
  }
  // ts-morph is large, and no other verb needs it.
  const { implementManager } = await import("./manager.js");
  const done = implementManager(file, service, options, config);
  const failed = done.diagnostics.some(({ severity }) => severity === "error");
  return { value: failed ? undefined : done.value, diagnostics: [...diagnostics, ...done.diagnostics] };
}

function noService(name: string | undefined, names: readonly string[]): Diagnostic {
  const code = "unknown-service";
  if (names.length === 0) {
    const help = "name the definition of a service, or add service: NAME to it";
    return { code, severity: "error", message: "the definitions have no service", help };
  }
  const list = `the definitions have ${names.join(", ")}`;
  if (name === undefined) {
    return {
      code,
      severity: "error",
      message: "it is not said for which service",
      help: `give --service NAME; ${list}`,
    };
  }
  const close = suggest(name, names);
  const help = close === undefined ? list : `did you mean "${close}"?`;
  return { code, severity: "error", message: `there is no service "${name}"`, help };
}
