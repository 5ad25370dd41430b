import { availableParallelism } from "node:os";
import { LONGEST_TIMER } from "./deadline.js";
import { TransportError } from "./errors.js";
import type { Service } from "./service.js";
import { serveAsWorker, workerIdentity } from "./worker.js";

/** How a service is served. */
export interface ServeOptions {
  /**
   * Processes that serve, each with the whole service. `"auto"` is one for each processor. 1 is this process itself;
   * with more, this process starts the program anew for each worker and watches over them. @default 1
   */
  readonly workers?: number | "auto";
  /**
   * The wait before a worker that has ended is started again. The first time there is none; when the new one does not live
   * for `max` milliseconds either it is `initial` (1_000), then twice that, up to `max` (30_000).
   */
  readonly restart?: { readonly initial?: number; readonly max?: number };
  /** Time for a worker to end when it was told to stop, in milliseconds; then it is killed. @default drainTimeout + 10_000 */
  readonly killTimeout?: number;
}

/**
 * Runs a service until it is told to stop: starts it, waits, and resolves when it has stopped.
 *
 * SIGTERM and SIGINT drain it; a second one ends the process at once. SIGHUP resets it. With workers, all of that is done
 * to each of them. The program's code before and after `serve` runs in the parent and in every worker.
 * Source: oslo_service.service.Launcher and ProcessLauncher.
 *
 * @throws whatever the start throws, in the parent too
 */
export async function serve(service: Service, options: ServeOptions = {}): Promise<void> {
  const count = countOf(options.workers ?? 1);
  const identity = workerIdentity();
  const run = (onStopSignal?: () => void): Promise<void> => serveHere(service, onStopSignal);
  if (identity !== undefined) return serveAsWorker(service, identity, run);
  if (served.withWorkers || (count > 1 && served.count > 0)) {
    throw new Error(
      "a program that serves with workers serves one service: each worker would serve the others too. A service may have many endpoints",
    );
  }
  served.count += 1;
  served.withWorkers = count > 1;
  try {
    if (count === 1) await run();
    // Node.js takes some milliseconds to load what starts processes.
    else await (await import("./workers.js")).serveWithWorkers(service, count, options);
  } finally {
    served.count -= 1;
    served.withWorkers = false;
  }
}

/** What this process serves now. */
const served = { count: 0, withWorkers: false };

function countOf(workers: number | "auto"): number {
  if (workers === "auto") return availableParallelism();
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new RangeError(`workers is ${workers}; it must be a whole number from 1, or "auto"`);
}

/** Serves in this process. */
async function serveHere(service: Service, onStopSignal = (): void => {}): Promise<void> {
  const onReset = (): void => {
    service.reset().catch(reportAndThrow);
  };
  let isStopping = false;
  const onStop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      // The signal's own effect: the process ends here, and its parent sees why.
      removeListeners();
      process.kill(process.pid, signal);
      return;
    }
    isStopping = true;
    onStopSignal();
    service.stop().catch(reportAndThrow);
  };
  const removeListeners = (): void => {
    process.off("SIGTERM", onStop).off("SIGINT", onStop).off("SIGHUP", onReset);
  };
  // A broker in the process has no socket, and signal listeners do not keep a process alive.
  const alive = setInterval(() => {}, LONGEST_TIMER);
  process.on("SIGTERM", onStop).on("SIGINT", onStop).on("SIGHUP", onReset);
  try {
    await service.start().catch((error: unknown) => {
      // Told to stop before there was a broker: the start ends with its subscriptions.
      if (!(isStopping && error instanceof TransportError)) throw error;
    });
    await service.wait();
  } finally {
    clearInterval(alive);
    removeListeners();
  }
}

/** An error in a manager's hook has no caller; as an uncaught one it is seen, as it would be in any other place. */
function reportAndThrow(error: unknown): never {
  throw error;
}
