import { resolve } from "node:path";
import { type Baseline, canBeAccepted, readBaseline, writeBaseline } from "../compiler/breaking/baseline.js";
import type { Finding } from "../compiler/breaking/finding.js";
import type { Diagnostic, Staged } from "../compiler/diagnostic.js";
import type { Source } from "../compiler/source.js";
import { failureText, type Io } from "./io.js";
import { Misuse } from "./misuse.js";
import { shownPath, sourcePath } from "./places.js";
import { baselineName } from "./project.js";
import { replaceFile } from "./replace-file.js";

/** The baseline of a run, and its file. */
export interface AcceptedFile extends Staged<Baseline> {
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly source: Source | undefined;
}

/**
 * Reads the baseline: the named file, or the one in the root, if there is one.
 *
 * @param mayBeMissing a named file that does not exist is none yet
 */
export function readAccepted(named: string | undefined, mayBeMissing: boolean, root: string, io: Io): AcceptedFile {
  const path = named === undefined ? resolve(root, baselineName) : resolve(io.cwd, named);
  const text = textAt(path, io);
  if (text === undefined && named !== undefined && !mayBeMissing) {
    throw new Misuse(`there is no file ${shownPath(path, io.cwd)}`, "--write-baseline makes one of what was found");
  }
  if (text === undefined) return { path, source: undefined, value: { accepted: [] }, diagnostics: [] };
  const source = { path: sourcePath(path, root), text };
  return { path, source, ...readBaseline(source) };
}

/** Enters findings into the baseline's file and takes unused entries out; gives the failure where that cannot be done. */
export function writeAccepted(
  { path, source, diagnostics }: AcceptedFile,
  findings: readonly Finding[],
  unused: readonly Diagnostic[],
  reason: string,
  io: Io,
): { readonly changed: boolean; readonly failure?: Diagnostic } {
  // A file that was not understood is not written over.
  if (diagnostics.some(({ code }) => code !== "baseline-reason")) return { changed: false };
  if (!findings.some(canBeAccepted) && source === undefined) return { changed: false };
  const text = writeBaseline(source?.text, findings, unused, reason);
  if (text === source?.text) return { changed: false };
  const failure = replaceFile(path, text, io);
  return failure === undefined ? { changed: true } : { changed: false, failure };
}

function textAt(path: string, io: Io): string | undefined {
  try {
    return io.files.status(path) === undefined ? undefined : io.files.readText(path);
  } catch (error) {
    throw new Misuse(`cannot read ${shownPath(path, io.cwd)}: ${failureText(error)}`);
  }
}
