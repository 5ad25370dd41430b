import type { Staged } from "../../diagnostic.js";
import type { Source } from "../../source.js";
import type { Imported } from "../draft.js";

/** What to import. */
export interface ImportTypeScriptOptions {
  /** The interface whose methods are those of the service. */
  readonly interface: string;
  /** The service's name; made from the interface's where it is left out. */
  readonly service?: string | undefined;
}

/**
 * Makes a draft of a definition from a TypeScript interface: methods as generated managers have them, and plain ones
 * that return a promise. Reads and writes nothing by itself.
 *
 * @param read gives the files that the file imports, by paths relative to the same root
 * @returns no value where there is nothing to import; the diagnostics say why
 */
export async function importTypeScript(
  file: Source,
  options: ImportTypeScriptOptions,
  read: (path: string) => Source | undefined = () => undefined,
): Promise<Staged<Imported | undefined>> {
  // ts-morph is large, and hardly any verb needs it.
  const [{ draftOfInterface }, { draftText }] = await Promise.all([import("./interface.js"), import("../draft.js")]);
  const { value: draft, diagnostics } = draftOfInterface(file, options.interface, options.service, read);
  if (draft === undefined) return { value: undefined, diagnostics };
  const { service, methods } = draft.data;
  const names = typeof methods === "object" && methods !== null ? Object.keys(methods) : [];
  return {
    value: { text: draftText(draft), service: String(service), methods: names, notes: draft.notes },
    diagnostics,
  };
}
