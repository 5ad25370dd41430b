import type { ExportKind } from "../../compiler/exporters/index.js";
import type { Io } from "../io.js";
import type { ExitCode } from "../misuse.js";
import { type DocumentsRequest, liesFlat, writeDocuments } from "./documents.js";

/** The command line of `rpcgen export`. */
export interface ExportRequest extends DocumentsRequest {
  readonly kind: ExportKind;
  /** YAML instead of JSON. */
  readonly yaml: boolean;
}

/** Writes service definitions in the words of another specification. */
export async function exportDocuments(request: ExportRequest, io: Io): Promise<ExitCode> {
  const { kind } = request;
  const form = request.yaml ? "yaml" : "json";
  return writeDocuments(
    {
      command: `export ${kind}`,
      make: async (sources, config, read) => {
        const { exportTo } = await import("../../compiler/exporters/index.js");
        return exportTo(kind, sources, form, config, read);
      },
      owns: (path) => liesFlat(path, `.${form}`) && path.endsWith(`.${endings[kind]}.${form}`),
    },
    request,
    io,
  );
}

/** How the names of each kind's files end. Written here too, so that nothing is loaded to know it. */
const endings: Readonly<Record<ExportKind, string>> = {
  asyncapi: "asyncapi",
  jsonschema: "schema",
  openrpc: "openrpc",
};
