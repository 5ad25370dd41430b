import type { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/** How another program ended. */
export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program in a folder, to its end. Undefined where there is no such program.
 *
 * @throws on what no program can be blamed for, such as an output of more than 256 MB
 */
export type RunProcess = (command: string, args: readonly string[], folder: string) => ProcessResult | undefined;

/** The processes of the machine. */
export const runProcess: RunProcess = (command, args, folder) => {
  // Loaded when it is needed: few verbs run anything.
  const processes: { readonly spawnSync: typeof spawnSync } = createRequire(import.meta.url)("node:child_process");
  const { status, stdout, stderr, error } = processes.spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    windowsHide: true,
  });
  if (error !== undefined) {
    if ("code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  return { code: status ?? 1, stdout, stderr };
};
