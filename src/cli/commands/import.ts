import { dirname, relative, resolve } from "node:path";
import type { Diagnostic, Staged } from "../../compiler/diagnostic.js";
import type { Imported } from "../../compiler/importers/draft.js";
import type { Source } from "../../compiler/source.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places, shownPath } from "../places.js";
import { diagnosticsText, paintFor, plural } from "../report.js";

/** The command line of `rpcgen import typescript`. */
export interface ImportTypeScriptRequest {
  readonly file: string;
  readonly interface: string;
  readonly service?: string;
  /** The definition to write; stdout where it is left out. */
  readonly out?: string;
}

/** Makes a definition from a TypeScript interface. */
export async function importTypeScript(request: ImportTypeScriptRequest, io: Io): Promise<ExitCode> {
  const source = readSource(request.file, io);
  const library = await import("../../compiler/importers/typescript/import.js");
  const read = (path: string): Source | undefined => {
    const absolute = resolve(io.cwd, path);
    return io.files.status(absolute)?.kind === "file" ? { path, text: io.files.readText(absolute) } : undefined;
  };
  return finish(await library.importTypeScript(source, request, read), source, request.out, io);
}

/** The command line of `rpcgen import python`. */
export interface ImportPythonRequest {
  readonly file: string;
  readonly className?: string;
  /** The definition to write; stdout where it is left out. */
  readonly out?: string;
}

/** Makes a definition from a Python class that calls and casts. */
export async function importPython(request: ImportPythonRequest, io: Io): Promise<ExitCode> {
  const source = readSource(request.file, io);
  const library = await import("../../compiler/importers/python/import.js");
  return finish(await library.importPython(source, request), source, request.out, io);
}

function readSource(file: string, io: Io): Source {
  const path = resolve(io.cwd, file);
  try {
    return { path: relative(io.cwd, path).split("\\").join("/"), text: io.files.readText(path) };
  } catch (error) {
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

function finish(
  { value, diagnostics }: Staged<Imported | undefined>,
  source: Source,
  out: string | undefined,
  io: Io,
): ExitCode {
  const unknown = diagnostics.find(({ code }) => code.startsWith("unknown-"));
  if (unknown !== undefined) throw new Misuse(unknown.message, unknown.help);
  print(diagnostics, source, io);
  if (value === undefined) return exitCodes.diagnostics;
  if (out === undefined) {
    io.stdout.write(value.text);
    return exitCodes.clean;
  }
  const path = resolve(io.cwd, out);
  const shown = shownPath(path, io.cwd);
  if (io.files.status(path) !== undefined) {
    throw new Misuse(`there is a ${shown} already`, "name another file, or remove it first");
  }
  try {
    io.files.makeFolder(dirname(path));
    io.files.writeText(path, value.text);
  } catch (error) {
    const message = `cannot write ${shown}: ${failureText(error)}`;
    print([{ code: "cannot-write", severity: "error", message }], source, io);
    return exitCodes.diagnostics;
  }
  const comments = value.notes.length === 0 ? "" : `; ${plural(value.notes.length, "comment")} to read`;
  io.stdout.write(`${shown}: service ${value.service} with ${plural(value.methods.length, "method")}${comments}\n`);
  return exitCodes.clean;
}

function print(diagnostics: readonly Diagnostic[], source: Source, io: Io): void {
  const places = new Places([source], io.cwd, io.cwd);
  io.stderr.write(diagnosticsText(diagnostics, places, paintFor(io.stderr, io.env)));
}
