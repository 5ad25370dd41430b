import { dirname, relative, resolve } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import type { Implementation } from "../../compiler/implement/implement.js";
import type { Source } from "../../compiler/source.js";
import { configOf, type DefinitionsRequest, hasErrors, inputFiles } from "../definitions.js";
import { ImportReader, readSources } from "../inputs.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places, shownPath, sourcePath } from "../places.js";
import { findProject, projectFileName, readProject } from "../project.js";
import { replaceFile } from "../replace-file.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, type Format, paintFor, plural } from "../report.js";
import { writeSarif } from "../report-findings.js";

/** The command line of `rpcgen implement`. */
export interface ImplementRequest extends DefinitionsRequest {
  /** The user's TypeScript file. */
  readonly file: string;
  readonly service?: string;
  readonly className?: string;
  readonly out?: string;
  /** Write nothing; fail when something would change. */
  readonly check: boolean;
  readonly format: Format;
}

/** Adds to a class what its service's manager asks for, or says what is missing. */
export async function implement(request: ImplementRequest, io: Io): Promise<ExitCode> {
  const project = findProject(request.config, io);
  const { root } = project;
  const { value: settings, diagnostics: found } = await readProject(project, undefined);
  if (hasErrors(found)) {
    return report(undefined, found, project.source === undefined ? [] : [project.source], root, request, io);
  }
  if (request.className !== undefined && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(request.className)) {
    throw new Misuse(`"${request.className}" cannot be the name of a class`, "give --class a name such as DeskManager");
  }
  const path = resolve(io.cwd, request.file);
  const user = readUserFile(path, root, io);
  const out =
    request.out !== undefined
      ? resolve(io.cwd, request.out)
      : settings.out !== undefined
        ? resolve(root, settings.out)
        : undefined;
  if (out === undefined || request.out === "") {
    const help = `give --out DIR, or write "out: DIR" into ${projectFileName}`;
    throw new Misuse("it is not known where the generated code is", help);
  }
  const read = readSources(await inputFiles(request.inputs, settings, project, io), root, io);
  if (hasErrors(read.diagnostics)) return report(undefined, read.diagnostics, [], root, request, io);

  const library = await import("../../compiler/implement/implement.js");
  const imports = new ImportReader(root, io);
  const { service, className } = request;
  const options = { service, className, out: sourcePath(out, root), config: configOf(settings) };
  const { value, diagnostics } = await library.implement(user, read.value, options, imports.read);
  const unknown = diagnostics.find(({ code }) => code === "unknown-service");
  if (unknown !== undefined) throw new Misuse(unknown.message, unknown.help);

  const sources = [user, ...read.value, ...imports.sources];
  const problems = [...imports.diagnostics, ...diagnostics];
  if (value !== undefined && value.text !== user.text && !request.check) {
    const failure = writeUserFile(path, value.text, io);
    if (failure !== undefined) return report(undefined, [failure], sources, root, request, io);
  }
  return report(value, problems, sources, root, request, io);
}

function writeUserFile(path: string, text: string, io: Io): Diagnostic | undefined {
  try {
    io.files.makeFolder(dirname(path));
  } catch (error) {
    const message = `cannot write ${shownPath(path, io.cwd)}: ${failureText(error)}`;
    return { code: "cannot-write", severity: "error", message };
  }
  return replaceFile(path, text, io);
}

/** The file to work on; without text where there is none yet. */
function readUserFile(path: string, root: string, io: Io): Source {
  if (!/\.[cm]?tsx?$/.test(path) || path.endsWith(".d.ts")) {
    throw new Misuse(
      `${shownPath(path, io.cwd)} is no TypeScript file`,
      "name the file with the manager's class: src/manager.ts",
    );
  }
  try {
    const text = io.files.status(path) === undefined ? "" : io.files.readText(path);
    return { path: relative(root, path).split("\\").join("/"), text };
  } catch (error) {
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

async function report(
  value: Implementation | undefined,
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  root: string,
  request: ImplementRequest,
  io: Io,
): Promise<ExitCode> {
  const places = new Places(sources, root, io.cwd);
  const stale = value !== undefined && (value.created || value.added.length + value.updated.length > 0);
  const file = shownPath(resolve(io.cwd, request.file), io.cwd);
  const ok = !hasErrors(diagnostics) && !(request.check && stale);
  const findings = (): readonly Diagnostic[] => {
    if (!request.check || !stale || value === undefined) return diagnostics;
    const message = `${file} is out of date: ${countsText(value)}; run rpcgen implement`;
    const range = { path: places.pathOf(resolve(io.cwd, request.file)), start: 0, end: 0 };
    return [...diagnostics, { code: "out-of-date", severity: "error", message, range }];
  };
  switch (request.format) {
    case "json": {
      const { text: _text, ...result } = value ?? { text: "", created: false, added: [], updated: [], gone: [] };
      const errors = diagnostics.filter(({ severity }) => severity === "error").length;
      const written = value !== undefined && stale && !request.check;
      const all = {
        command: "implement",
        ok,
        errors,
        warnings: diagnostics.length - errors,
        file,
        written,
        ...result,
        diagnostics: diagnosticsJson(diagnostics, places),
      };
      io.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
      break;
    }
    case "github":
      io.stdout.write(diagnosticsGithub(findings(), places));
      break;
    case "sarif":
      await writeSarif(findings(), places, io);
      break;
    case "text":
      io.stderr.write(diagnosticsText(diagnostics, places, paintFor(io.stderr, io.env)));
      if (value !== undefined) io.stdout.write(resultText(value, stale, file, request.check));
  }
  return ok ? exitCodes.clean : exitCodes.diagnostics;
}

function resultText(value: Implementation, stale: boolean, file: string, check: boolean): string {
  const { className, created, added, updated } = value;
  if (!stale) return `${file}: ${className} is up to date\n`;
  const lines = [
    ...(created ? [`create class ${className}`] : []),
    ...added.map((name) => `add ${className}.${name}`),
    ...updated.map((name) => `update ${className}.${name}`),
  ];
  const end = check ? `is out of date: ${countsText(value)}; run rpcgen implement` : countsText(value);
  return `${check ? lines.map((line) => `${line}\n`).join("") : ""}${file}${check ? " " : ": "}${end}\n`;
}

function countsText({ className, created, added, updated }: Implementation): string {
  const parts = [
    ...(created ? [`class ${className} created`] : []),
    ...(added.length === 0 ? [] : [`${plural(added.length, "method")} added`]),
    ...(updated.length === 0 ? [] : [`${plural(updated.length, "signature")} updated`]),
  ];
  return parts.join(", ");
}
