import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder with programs that run in it. Neither outlives this process, in whatever way that ends. */
export class ProgramFolder {
  readonly path: string;
  readonly #guard: ChildProcess;

  private constructor(path: string) {
    this.path = path;
    this.#guard = startGuard(path);
  }

  /** @param name what the folder's own name begins with, behind `rpcgen-` */
  static async make(name: string): Promise<ProgramFolder> {
    const folder = new ProgramFolder(await mkdtemp(join(tmpdir(), `rpcgen-${name}-`)));
    await mkdir(join(folder.path, "log"));
    return folder;
  }

  /** Starts a program. It leads a process group, and its pid is in a file for the guard. */
  start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const log = openSync(this.#log(name), "a");
    const child = spawn(command, args, { env, cwd: this.path, detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    if (child.pid !== undefined) writeFileSync(join(this.path, `${name}.pid`), String(child.pid));
    return child;
  }

  /** Ends a program with its whole group. */
  async end(name: string, child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const exited = once(child, "exit");
      process.kill(-child.pid, signal);
      await exited;
    }
    rmSync(join(this.path, `${name}.pid`), { force: true });
  }

  /** What a program has printed. */
  output(name: string): string {
    return readFileSync(this.#log(name), "utf8");
  }

  /** Ends the guard and removes the folder. The programs have been ended. */
  async remove(): Promise<void> {
    this.#guard.stdin?.end();
    await once(this.#guard, "exit");
    await rm(this.path, { recursive: true, force: true });
  }

  #log(name: string): string {
    return join(this.path, "log", `${name}.out`);
  }
}

/**
 * A shell that waits for the end of its input, which comes when this process ends in whatever way, and then kills what
 * still runs in the folder and removes it. A program must not outlive a test run that was killed.
 */
function startGuard(folder: string): ChildProcess {
  const script =
    'cat >/dev/null; for f in "$0"/*.pid; do [ -f "$f" ] && kill -KILL "-$(cat "$f")"; done 2>/dev/null; rm -rf "$0"';
  return spawn("/bin/sh", ["-c", script, folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
}
