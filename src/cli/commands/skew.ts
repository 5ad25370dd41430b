import { type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import type { Io } from "../io.js";
import { type ExitCode, exitCodes } from "../misuse.js";
import { Places } from "../places.js";
import type { Format } from "../report.js";
import { reportSkew } from "../report-skew.js";

/** The command line of `rpcgen skew`. */
export interface SkewRequest extends DefinitionsRequest {
  readonly format: Format;
}

/** Runs every client of a definition against every server of it, and tells what does not work. */
export async function skew(request: SkewRequest, io: Io): Promise<ExitCode> {
  const { root, config, sources, imports, diagnostics } = await readDefinitions(request, io);
  if (hasErrors(diagnostics)) {
    await reportSkew({ reports: [], diagnostics }, new Places(sources, root, io.cwd), request.format, io);
    return exitCodes.diagnostics;
  }
  // The runtime is for this verb alone.
  const library = await import("../../skew/index.js");
  const run = await library.skew(sources, config, imports.read);
  const outcome = { reports: run.reports, diagnostics: [...diagnostics, ...imports.diagnostics, ...run.diagnostics] };
  await reportSkew(outcome, new Places([...sources, ...imports.sources], root, io.cwd), request.format, io);
  const holds = run.reports.every((report) => report.holds);
  return hasErrors(outcome.diagnostics) || !holds ? exitCodes.diagnostics : exitCodes.clean;
}
