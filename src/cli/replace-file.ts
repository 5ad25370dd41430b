import type { Diagnostic } from "../compiler/diagnostic.js";
import { failureText, type Io } from "./io.js";
import { shownPath } from "./places.js";

/**
 * Gives a user's file a new text, or makes it. It is written beside its place first, so that a full disk or a folder that is not
 * ours leaves the old one; and then into the file itself, whose permissions and links stay.
 */
export function replaceFile(path: string, text: string, io: Io): Diagnostic | undefined {
  try {
    const real = io.files.status(path) === undefined ? path : io.files.realPath(path);
    const beside = `${real}.rpcgen.tmp`;
    io.files.writeText(beside, text);
    try {
      io.files.writeText(path, text);
    } finally {
      io.files.removeFile(beside);
    }
    return undefined;
  } catch (error) {
    const message = `cannot write ${shownPath(path, io.cwd)}: ${failureText(error)}`;
    return { code: "cannot-write", severity: "error", message };
  }
}
