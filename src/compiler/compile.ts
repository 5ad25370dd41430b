import { analyze } from "./analyze.js";
import { type Config, defaultConfig } from "./config.js";
import type { Diagnostic } from "./diagnostic.js";
import { emit } from "./emit/emit.js";
import type { GeneratedFile } from "./emit/write.js";
import type { Source } from "./source.js";

/** What became of definitions: files, unless there is an error among the diagnostics. */
export interface Compilation {
  /** Paths are relative to the output folder, with forward slashes. Empty where there is an error. */
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles service definitions to TypeScript. Pure: reads and writes nothing by itself. The same sources and Config
 * give the same files, in whatever order the sources are.
 *
 * @param read gives a file that a source imports and that is not among the sources; without it they must all be there
 */
export function compile(
  sources: readonly Source[],
  config: Config = defaultConfig,
  read: (path: string) => Source | undefined = () => undefined,
): Compilation {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(sources, (path) => byPath.get(path) ?? read(path), config);
  if (diagnostics.some(isError)) {
    return { files: [], diagnostics };
  }
  // What is only imported lends its types and methods; its own service was not asked for.
  const services = model.services.filter((service) => byPath.has(service.source));
  const emitted = emit({ services }, config);
  const all = [...diagnostics, ...emitted.diagnostics];
  return { files: all.some(isError) ? [] : emitted.value, diagnostics: all };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
