import type { Io } from "../io.js";
import type { ExitCode } from "../misuse.js";
import { type DocumentsRequest, liesFlat, writeDocuments } from "./documents.js";

/** Writes HTML and Markdown of service definitions. */
export async function docs(request: DocumentsRequest, io: Io): Promise<ExitCode> {
  return writeDocuments(
    {
      command: "docs",
      make: async (sources, config, read) => (await import("../../compiler/docs/index.js")).docs(sources, config, read),
      owns: (path) => liesFlat(path, ".html", ".md"),
    },
    request,
    io,
  );
}
