import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostic.js";
import type { History } from "../../compiler/history/history.js";
import { type DefinitionsRequest, hasErrors, readDefinitions } from "../definitions.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places, shownPath } from "../places.js";
import type { Format } from "../report.js";
import { reportHistory } from "../report-history.js";

/** The command line of `rpcgen history`. */
export interface HistoryRequest extends DefinitionsRequest {
  /** A file whose name ends in .md, for all services, or a folder with a file for each; stdout when absent. */
  readonly out?: string;
  /** Write nothing; fail when something would change. */
  readonly check: boolean;
  readonly format: Format;
}

/** A document, and whether it is there already. */
export interface HistoryFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly action: "create" | "update" | "unchanged";
}

/** Makes documents of the versions of services. */
export async function history(request: HistoryRequest, io: Io): Promise<ExitCode> {
  if (request.check && request.out === undefined) throw new Misuse("--check needs the files to check", "give --out");
  const { root, config, sources, imports, diagnostics } = await readDefinitions(request, io);
  const library = await import("../../compiler/histories.js");
  const { historyMarkdown } = await import("../../compiler/history/markdown.js");
  const read = hasErrors(diagnostics)
    ? { histories: [], diagnostics: [] }
    : library.history(sources, config, imports.read);
  const found = [...diagnostics, ...imports.diagnostics, ...read.diagnostics];
  const { value: files, diagnostics: problems } = hasErrors(found)
    ? { value: [], diagnostics: [] }
    : bringUpToDate(read.histories, historyMarkdown, request, io);
  const all: readonly Diagnostic[] = [...found, ...problems];
  const outcome = { histories: hasErrors(found) ? [] : read.histories, files, diagnostics: all };
  const places = new Places([...sources, ...imports.sources], root, io.cwd);
  await reportHistory(outcome, historyMarkdown, request, places, io);
  const isStale = request.check && files.some(({ action }) => action !== "unchanged");
  return hasErrors(all) || isStale ? exitCodes.diagnostics : exitCodes.clean;
}

function bringUpToDate(
  histories: readonly History[],
  markdown: (history: History) => string,
  { out, check }: HistoryRequest,
  io: Io,
): { readonly value: readonly HistoryFile[]; readonly diagnostics: readonly Diagnostic[] } {
  if (out === undefined) return { value: [], diagnostics: [] };
  const base = resolve(io.cwd, out);
  const texts = histories.map((one) => ({ path: join(base, `${one.service}.md`), text: markdown(one) }));
  const isOne = out.endsWith(".md");
  if (!isOne && kindOf(base, io) === "file") {
    throw new Misuse(`${shownPath(base, io.cwd)} is a file`, "give --out a folder, or a file whose name ends in .md");
  }
  const files = (isOne ? [{ path: base, text: texts.map(({ text }) => text).join("\n") }] : texts).map((file) => ({
    ...file,
    action: actionOf(file.path, file.text, io),
  }));
  const problems: Diagnostic[] = [];
  const failed = new Set<string>();
  for (const { path, text, action } of check ? [] : files) {
    if (action === "unchanged") continue;
    try {
      io.files.makeFolder(dirname(path));
      io.files.writeText(path, text);
    } catch (error) {
      const message = `cannot write ${shownPath(path, io.cwd)}: ${failureText(error)}`;
      problems.push({ code: "cannot-write", severity: "error", message });
      failed.add(path);
    }
  }
  return { value: files.filter(({ path }) => !failed.has(path)), diagnostics: problems };
}

function kindOf(path: string, io: Io): string | undefined {
  try {
    return io.files.status(path)?.kind;
  } catch (error) {
    throw new Misuse(`cannot open ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}

/** What writing the file would do. What somebody wrote by hand is left alone. */
function actionOf(path: string, text: string, io: Io): HistoryFile["action"] {
  const shown = shownPath(path, io.cwd);
  try {
    if (io.files.status(path) === undefined) return "create";
    const present = io.files.readText(path);
    if (present === text) return "unchanged";
    if (present.includes("<!-- Made by rpcgen history ")) return "update";
  } catch (error) {
    throw new Misuse(`cannot read ${shown}: ${failureText(error)}`);
  }
  throw new Misuse(`${shown} was not made by rpcgen history`, "give another --out, or remove the file");
}
