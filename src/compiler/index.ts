import { analyze } from "./analyze.js";
import { type Config, defaultConfig } from "./config.js";
import type { Diagnostic } from "./diagnostic.js";
import { emit } from "./emit/emit.js";
import type { GeneratedFile } from "./emit/write.js";
import type { Source } from "./source.js";

export { type Config, defaultConfig, type ImportExtension } from "./config.js";
export type { Diagnostic, Severity } from "./diagnostic.js";
export type { GeneratedFile } from "./emit/write.js";
export { type Position, positionAt, type Range, type Source } from "./source.js";

/** What became of definitions: files, unless there is an error among the diagnostics. */
export interface Compilation {
  /** Paths are relative to the output folder, with forward slashes. Empty where there is an error. */
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles service definitions to TypeScript. Pure: reads and writes nothing, so `sources` must have every file that
 * one of them imports. The same sources and Config give the same files, in whatever order the sources are.
 */
export function compile(sources: readonly Source[], config: Config = defaultConfig): Compilation {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(sources, (path) => byPath.get(path), config);
  if (diagnostics.some(isError)) {
    return { files: [], diagnostics };
  }
  const emitted = emit(model, config);
  const all = [...diagnostics, ...emitted.diagnostics];
  return { files: all.some(isError) ? [] : emitted.value, diagnostics: all };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
