import type { Diagnostic } from "../compiler/diagnostic.js";
import { failureText, type Io } from "./io.js";
import { shownPath } from "./places.js";

/** Gives a file a new text, or makes it. It is written beside its place first, so that a full disk leaves the old one. */
export function replaceFile(path: string, text: string, io: Io): Diagnostic | undefined {
  try {
    // A link stays a link: what it leads to is replaced.
    const real = io.files.status(path) === undefined ? path : io.files.realPath(path);
    const beside = `${real}.rpcgen.tmp`;
    io.files.writeText(beside, text);
    io.files.rename(beside, real);
    return undefined;
  } catch (error) {
    const message = `cannot write ${shownPath(path, io.cwd)}: ${failureText(error)}`;
    return { code: "cannot-write", severity: "error", message };
  }
}
