import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { RunProcess } from "./processes.js";

/** Everything a command sees of the world. Tests pass one that lives in memory. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: FileSystem;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** The home folder, for a cache where the project has none. */
  readonly home: string;
  /** Where rpcgen itself is installed, and what it calls itself. */
  readonly self: { readonly folder: string; readonly version: string };
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Runs other programs, such as git; absent where there are none. */
  readonly run?: RunProcess;
  /** What a command needs that goes on until it is stopped; absent where commands are run to their end only. */
  readonly live?: Live;
}

/** The world as it goes on. */
export interface Live {
  /**
   * Calls back with the name of an entry of the folder that has changed, come or gone, or without one where the system
   * does not say. Folders in it are not looked into.
   *
   * @returns ends it
   */
  watch(folder: string, changed: (name: string | undefined) => void): () => void;
  /** Calls back once the user wants an end: Ctrl-C. The function that comes back ends the waiting. */
  onStop(stop: () => void): () => void;
  /** Calls back after some milliseconds, unless it is cancelled. */
  after(milliseconds: number, action: () => void): () => void;
  /** The time of the day as people read it: `17:04:09`. */
  clock(): string;
}

/** A stream of text. */
export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

/** What an entry of a folder is; a link is not followed. */
export type EntryKind = "file" | "directory" | "link" | "other";

/** What a path leads to, links followed. */
export interface FileStatus {
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  readonly modified: number;
}

/**
 * Files by absolute path. Every failure is an exception with the `code` that Node.js gives it (`EACCES`), except that
 * `status` of what does not exist is undefined.
 */
export interface FileSystem {
  readText(path: string): string;
  /** Everything that comes on stdin, once it has ended. */
  readStdin(): string;
  status(path: string): FileStatus | undefined;
  /** Sorted by name. */
  list(path: string): readonly { readonly name: string; readonly kind: EntryKind }[];
  realPath(path: string): string;
  /** Creates or replaces a file. */
  writeText(path: string, text: string): void;
  /** Makes the folder and those above it. */
  makeFolder(path: string): void;
  /** Replaces what is at `to`. */
  rename(from: string, to: string): void;
  removeFile(path: string): void;
  /** Fails with `ENOTEMPTY` where something is in it. */
  removeFolder(path: string): void;
}

/** The file system of the machine. Synchronous: the compiler reads a few small files, and waiting costs more than reading. */
export const machineFiles: FileSystem = {
  readText: (path) => readFileSync(path, "utf8"),
  readStdin: () => readFileSync(0, "utf8"),
  status(path) {
    try {
      const found = statSync(path);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
      return { kind, size: found.size, modified: found.mtimeMs };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  list: (path) =>
    readdirSync(path, { withFileTypes: true })
      .map((entry) => ({
        name: entry.name,
        kind: entry.isFile()
          ? ("file" as const)
          : entry.isDirectory()
            ? ("directory" as const)
            : entry.isSymbolicLink()
              ? ("link" as const)
              : ("other" as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  realPath: (path) => realpathSync.native(path),
  writeText: (path, text) => writeFileSync(path, text),
  makeFolder(path) {
    // Not with Node's `recursive`: where the system refuses folders, as in /proc, it would try for ever.
    if (machineFiles.status(path)?.kind === "directory") return;
    if (dirname(path) !== path) machineFiles.makeFolder(dirname(path));
    mkdirSync(path);
  },
  rename: renameSync,
  removeFile: unlinkSync,
  removeFolder: (path) => rmdirSync(path),
};

/** The machine's notices of changes in one folder, for {@link Live.watch}. */
export function watchFolder(folder: string, changed: (name: string | undefined) => void): () => void {
  const watcher = watch(folder, { persistent: true }, (_event, name) => changed(name ?? undefined));
  // A folder that is removed takes its watcher along; the folder above tells of it.
  watcher.on("error", () => changed(undefined));
  return () => watcher.close();
}

/** The code of a failed file operation, `EACCES`; undefined for any other exception. */
function failureCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Says in plain words why a file operation failed; throws on what is no such failure. */
export function failureText(error: unknown): string {
  const code = failureCode(error);
  if (code === undefined) throw error;
  return failureTexts[code] ?? code;
}

const failureTexts: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  EEXIST: "a file is in the way",
  ELOOP: "its symbolic links lead in a circle",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
  EIO: "the device reports an error",
  ERR_STRING_TOO_LONG: "the file is too large",
  ERR_FS_FILE_TOO_LARGE: "the file is too large",
};

function isMissing(error: unknown): boolean {
  const code = failureCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
