import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { ServeOptions, ServiceOptions } from "@rpcgen/runtime";
import { Events } from "./events.js";

const program = fileURLToPath(new URL("../runtime/fixtures/working.mjs", import.meta.url));

/** A line that the program or one of its workers has said. */
export interface Said {
  /** 0 in the parent. */
  readonly worker: number;
  readonly pid: number;
  readonly what: string;
  readonly [more: string]: unknown;
}

export interface WorkerProgramOptions extends Partial<Pick<ServiceOptions, "drainTimeout" | "concurrency">> {
  readonly transport: string;
  readonly topic: string;
  readonly serve: ServeOptions;
  readonly health?: number;
  readonly mode?: "failing" | "stuck" | "slow" | "nested" | "crashing" | "stopping" | "lingering";
  /** The file whose appearance ends what lingers. */
  readonly release?: string;
}

/** The program of `fixtures/working.mjs` with its workers. */
export class WorkerProgram {
  readonly said = new Events<Said>();
  readonly child: ChildProcess;
  /** Resolves when the parent and all workers have ended: each of them holds the other end of the pipe. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;

  constructor(options: WorkerProgramOptions) {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    const lines = createInterface({ input: child.stdout });
    // The fixture prints nothing else.
    lines.on("line", (line) => this.said.add(JSON.parse(line) as Said));
    const exited = once(child, "exit");
    const all = Promise.all([exited, text(child.stderr), once(lines, "close")]);
    this.ended = all.then(([[code, signal], stderr]) => ({ code, signal, stderr }));
  }

  /** Resolves with what was said of that kind, when it was said so often. */
  async until(what: string, times = 1): Promise<readonly Said[]> {
    await this.said.until(() => this.of(what).length >= times);
    return this.of(what);
  }

  /** Resolves when the parent has logged a text that often, with the last entry's fields. */
  async logged(message: RegExp, times = 1): Promise<Record<string, unknown>> {
    const fits = () => this.of("log").filter((said) => said.worker === 0 && message.test(String(said["message"])));
    await this.said.until(() => fits().length >= times);
    // The fixture's logger says the fields, which are an object.
    return (fits().at(-1)?.["fields"] ?? {}) as Record<string, unknown>;
  }

  of(what: string): readonly Said[] {
    return this.said.all.filter((said) => said.what === what);
  }

  /** The process that is a worker now, or was last. */
  pidOf(worker: number): number {
    const pid = this.of("listening").findLast((said) => said.worker === worker)?.pid;
    if (pid === undefined) throw new Error(`worker ${worker} has not listened`);
    return pid;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** For the end of a test that has failed: workers end when their parent has gone, unless they hang. */
  kill(): void {
    for (const pid of new Set(this.said.all.map((said) => said.pid))) {
      if (pid !== this.child.pid && this.of("exit").every((said) => said.pid !== pid)) tryToKill(pid);
    }
    this.child.kill("SIGKILL");
  }
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
