#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { type Io, type Live, machineFiles, type Output, watchFolder } from "./io.js";
import { exitCodes } from "./misuse.js";
import { runProcess } from "./processes.js";
import { runProgram } from "./program.js";

const live: Live = {
  watch: watchFolder,
  onStop(stop) {
    const signals = ["SIGINT", "SIGTERM"] as const;
    for (const signal of signals) process.once(signal, stop);
    return () => {
      for (const signal of signals) process.off(signal, stop);
    };
  },
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  clock: () => new Date().toTimeString().slice(0, 8),
};
const folder = fileURLToPath(new URL("../../", import.meta.url));
const stderr = outputOf(process.stderr);
const cwd = currentFolder();
const exitCode = cwd === undefined ? exitCodes.misuse : await runProgram(process.argv.slice(2), worldAt(cwd));
if (exitCode !== exitCodes.clean) process.exitCode = exitCode;
endAtOnce([process.stdout, process.stderr]);

/**
 * Does not wait for the compiler and the garbage collector of V8, which takes up to 10 ms. Where not all of what was
 * printed has reached its pipe, or a stream has yet to say what went wrong, the process ends by itself, when that is done.
 */
function endAtOnce(streams: readonly NodeJS.WriteStream[]): void {
  if (streams.every(({ writableLength, errored }) => writableLength === 0 && errored === null)) process.exit();
}

function worldAt(cwd: string): Io {
  return {
    stdout: outputOf(process.stdout),
    stderr,
    files: machineFiles,
    env: process.env,
    cwd,
    home: homedir(),
    self: { folder, version: versionIn(folder) },
    now: () => performance.now(),
    run: runProcess,
    live,
  };
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    stderr.write("error: the current folder does not exist any more\n");
    return undefined;
  }
}

function outputOf(stream: NodeJS.WriteStream): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as `head`, closes the pipe: nothing is wrong then.
    if (error.code === "EPIPE") return;
    process.exitCode = exitCodes.diagnostics;
    if (stream !== process.stderr) process.stderr.write(`error: cannot print: ${error.message}\n`);
  });
  return { isTTY: stream.isTTY === true, write: (text) => void (text === "" || stream.write(text)) };
}

function versionIn(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}
