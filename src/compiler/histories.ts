import { analyze } from "./analyze.js";
import { type Config, defaultConfig } from "./config.js";
import type { Diagnostic } from "./diagnostic.js";
import { type History, historyOf } from "./history/history.js";
import type { Source } from "./source.js";

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
