import { dirname, relative, resolve } from "node:path";
import type { Diagnostic, Staged } from "../../compiler/diagnostic.js";
import type { Imported } from "../../compiler/importers/draft.js";
import type { Source } from "../../compiler/source.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places, shownPath } from "../places.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, type Format, paintFor, plural } from "../report.js";
import { writeSarif } from "../report-findings.js";

/** What both importers are told. */
interface ImportOptions {
  readonly file: string;
  /** The definition to write; stdout where it is left out. */
  readonly out?: string;
  readonly format: Format;
}

/** The command line of `rpcgen import typescript`. */
export interface ImportTypeScriptRequest extends ImportOptions {
  readonly interface: string;
  readonly service?: string;
}

/** Makes a definition from a TypeScript interface. */
export async function importTypeScript(request: ImportTypeScriptRequest, io: Io): Promise<ExitCode> {
  const source = readSource(request.file, io);
  const library = await import("../../compiler/importers/typescript/import.js");
  const read = (path: string): Source | undefined => {
    const absolute = resolve(io.cwd, path);
    return io.files.status(absolute)?.kind === "file" ? { path, text: io.files.readText(absolute) } : undefined;
  };
  return finish("import typescript", await library.importTypeScript(source, request, read), source, request, io);
}

/** The command line of `rpcgen import python`. */
export interface ImportPythonRequest extends ImportOptions {
  readonly className?: string;
}

/** Makes a definition from a Python class that calls and casts. */
export async function importPython(request: ImportPythonRequest, io: Io): Promise<ExitCode> {
  const source = readSource(request.file, io);
  const library = await import("../../compiler/importers/python/import.js");
  return finish("import python", await library.importPython(source, request), source, request, io);
}

function readSource(file: string, io: Io): Source {
  const path = resolve(io.cwd, file);
  try {
    return { path: relative(io.cwd, path).split("\\").join("/"), text: io.files.readText(path) };
  } catch (error) {
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

async function finish(
  command: string,
  { value, diagnostics }: Staged<Imported | undefined>,
  source: Source,
  { out, format }: ImportOptions,
  io: Io,
): Promise<ExitCode> {
  const unknown = diagnostics.find(({ code }) => code.startsWith("unknown-"));
  if (unknown !== undefined) throw new Misuse(unknown.message, unknown.help);
  const path = out === undefined ? undefined : resolve(io.cwd, out);
  if (path !== undefined && io.files.status(path) !== undefined) {
    throw new Misuse(`there is a ${shownPath(path, io.cwd)} already`, "name another file, or remove it first");
  }
  const failure = path === undefined || value === undefined ? undefined : written(path, value.text, io);
  const found = failure === undefined ? diagnostics : [...diagnostics, failure];
  const ok = value !== undefined && failure === undefined;
  const places = new Places([source], io.cwd, io.cwd);
  const shown = path === undefined ? undefined : shownPath(path, io.cwd);
  switch (format) {
    case "json":
      io.stdout.write(
        `${JSON.stringify(asJson(command, ok, value, shown, diagnosticsJson(found, places)), undefined, 2)}\n`,
      );
      break;
    case "github":
      io.stdout.write(diagnosticsGithub(found, places));
      break;
    case "sarif":
      await writeSarif(found, places, io);
      break;
    case "text":
      io.stderr.write(diagnosticsText(found, places, paintFor(io.stderr, io.env)));
      if (ok) io.stdout.write(shown === undefined ? value.text : doneText(value, shown));
  }
  return ok ? exitCodes.clean : exitCodes.diagnostics;
}

function written(path: string, text: string, io: Io): Diagnostic | undefined {
  try {
    io.files.makeFolder(dirname(path));
    io.files.writeText(path, text);
    return undefined;
  } catch (error) {
    const message = `cannot write ${shownPath(path, io.cwd)}: ${failureText(error)}`;
    return { code: "cannot-write", severity: "error", message };
  }
}

function doneText({ service, methods, notes }: Imported, shown: string): string {
  const comments = notes.length === 0 ? "" : `; ${plural(notes.length, "comment")} to read`;
  return `${shown}: service ${service} with ${plural(methods.length, "method")}${comments}\n`;
}

/** The shape of `--format json`, which is documented and only ever grows. Without `--out` the definition is in it. */
function asJson(
  command: string,
  ok: boolean,
  value: Imported | undefined,
  file: string | undefined,
  diagnostics: readonly { readonly severity: string }[],
): object {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const { service, methods, notes, text } = value ?? {};
  return {
    command,
    ok,
    errors,
    warnings: diagnostics.length - errors,
    written: ok && file !== undefined,
    ...(file === undefined ? {} : { file }),
    diagnostics,
    ...(value === undefined ? {} : { service, methods, notes, ...(file === undefined ? { text } : {}) }),
  };
}
