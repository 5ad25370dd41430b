import { analyze } from "./analyze.js";
import { type Config, defaultConfig } from "./config.js";
import type { Diagnostic } from "./diagnostic.js";
import { emit } from "./emit/emit.js";
import type { GeneratedFile } from "./emit/write.js";
import { type History, historyOf } from "./history/history.js";
import type { Source } from "./source.js";

export { analyze } from "./analyze.js";
export { type AcceptedBreak, type Baseline, readBaseline } from "./breaking/baseline.js";
export { type BreakingOptions, type BreakingReport, breaking } from "./breaking/breaking.js";
export type { Category, Finding, Step } from "./breaking/finding.js";
export type { Verdict } from "./breaking/verdict.js";
export { type CatalogueEntry, catalogue, lookUp } from "./catalogue.js";
export { type Config, defaultConfig, type ImportExtension, type LintSettings } from "./config.js";
export type { Diagnostic, Severity, Staged } from "./diagnostic.js";
export type { GeneratedFile } from "./emit/write.js";
export { format } from "./format/format.js";
export type { Change } from "./history/changes.js";
export type { History, HistoryEntry } from "./history/history.js";
export { historyMarkdown } from "./history/markdown.js";
export { type Implementation, type ImplementOptions, implement } from "./implement/implement.js";
export type { Imported } from "./importers/draft.js";
export { type ImportPythonOptions, importPython } from "./importers/python/import.js";
export { type ImportTypeScriptOptions, importTypeScript } from "./importers/typescript/import.js";
export { type Finding as LintFinding, type Fixed, fixAll, type LintOptions, lint } from "./lint/lint.js";
export type { Model } from "./model.js";
export { type Position, positionAt, type Range, type Source } from "./source.js";

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

/** The histories of services, unless there is an error among the diagnostics. */
export interface Histories {
  /** In the order of files. */
  readonly histories: readonly History[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads from service definitions which versions there are and what each brought. Pure, as `compile` is;
 * `historyMarkdown` makes a document of each.
 *
 * @param read gives a file that a source imports and that is not among the sources
 */
export function history(
  sources: readonly Source[],
  config: Pick<Config, "objectPrefix"> = defaultConfig,
  read: (path: string) => Source | undefined = () => undefined,
): Histories {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(sources, (path) => byPath.get(path) ?? read(path), config);
  const asked = diagnostics.some(isError) ? [] : model.services.filter(({ source }) => byPath.has(source));
  return { histories: asked.map(historyOf), diagnostics };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
