import type { Staged } from "../../diagnostic.js";
import type { Source } from "../../source.js";
import type { Imported } from "../draft.js";

/** What to import. */
export interface ImportPythonOptions {
  /** The class; the only one that calls or casts where it is left out. */
  readonly className?: string | undefined;
}

/**
 * Makes a draft of a definition from a Python class that sends with oslo.messaging, as rpcapi.py of nova does. Reads
 * and writes nothing by itself.
 *
 * @returns no value where there is nothing to import; the diagnostics say why
 */
export async function importPython(
  file: Source,
  options: ImportPythonOptions = {},
): Promise<Staged<Imported | undefined>> {
  const [{ draftOfRpcapi }, { draftText }] = await Promise.all([import("./rpcapi.js"), import("../draft.js")]);
  const { value: draft, diagnostics } = draftOfRpcapi(file, options.className);
  if (draft === undefined) return { value: undefined, diagnostics };
  const { service, methods } = draft.data;
  const names = typeof methods === "object" && methods !== null ? Object.keys(methods) : [];
  return {
    value: { text: draftText(draft), service: String(service), methods: names, notes: draft.notes },
    diagnostics,
  };
}
