import { LONGEST_TIMER } from "./deadline.js";
import type { Service } from "./service.js";

/**
 * Runs a service until it is told to stop: starts it, waits, and resolves when it has stopped.
 *
 * SIGTERM and SIGINT drain it; a second one ends the process at once. SIGHUP resets it.
 * Source: oslo_service.service.Launcher.
 *
 * @throws whatever the start throws
 */
export async function serve(service: Service): Promise<void> {
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
    service.stop().catch(reportAndThrow);
  };
  const removeListeners = (): void => {
    process.off("SIGTERM", onStop).off("SIGINT", onStop).off("SIGHUP", onReset);
  };
  // A broker in the process has no socket, and signal listeners do not keep a process alive.
  const alive = setInterval(() => {}, LONGEST_TIMER);
  process.on("SIGTERM", onStop).on("SIGINT", onStop).on("SIGHUP", onReset);
  try {
    await service.start();
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
