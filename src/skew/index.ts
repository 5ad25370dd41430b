import { analyze } from "../compiler/analyze.js";
import { type Config, defaultConfig } from "../compiler/config.js";
import type { Diagnostic } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import type { SkewReport } from "./result.js";
import { runSkew } from "./run.js";

export type { Config } from "../compiler/config.js";
export type { Diagnostic } from "../compiler/diagnostic.js";
export type { Source } from "../compiler/source.js";
export type { CapResult, Finding, PairResult, SkewReport } from "./result.js";

/** What became of the pairs of each service. */
export interface Skew {
  /** In the order of files. Empty where a definition has an error. */
  readonly reports: readonly SkewReport[];
  /** What is wrong with the definitions, and arguments for which no value could be made. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs every pair of a client's version cap and a server's version of each definition, on a broker in the process, with
 * arguments that are made from their types.
 *
 * @param read gives a file that a source imports and that is not among the sources
 */
export async function skew(
  sources: readonly Source[],
  config: Pick<Config, "objectPrefix"> = defaultConfig,
  read: (path: string) => Source | undefined = () => undefined,
): Promise<Skew> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const { value: model, diagnostics } = analyze(sources, (path) => byPath.get(path) ?? read(path), config);
  if (diagnostics.some(({ severity }) => severity === "error")) return { reports: [], diagnostics };
  const reports: SkewReport[] = [];
  const found: Diagnostic[] = [...diagnostics];
  for (const service of model.services.filter(({ source }) => byPath.has(source))) {
    const run = await runSkew(service);
    reports.push(run.report);
    found.push(...run.diagnostics);
  }
  return { reports, diagnostics: found };
}
