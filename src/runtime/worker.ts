import type { Service } from "./service.js";
import {
  isOurs,
  type Order,
  type StartFailure,
  type Word,
  type WorkerReport,
  workerVariable,
} from "./worker-messages.js";

/** A worker among those of its service. */
export interface WorkerIdentity {
  /** From 1. A worker that replaces one which has died has its number. */
  readonly number: number;
  /** The parent gives up when this start fails; later ones it tries again. */
  readonly isFirstStart: boolean;
}

/** Time for a program to end by itself after its service has stopped, where no parent is left to end it. */
const ORPHAN_GRACE = 10_000;

/**
 * The number of this process among the workers of its service, from 1; undefined in their parent, and without workers.
 * For what only one process of a host may do: `if ((workerNumber() ?? 1) === 1)`.
 */
export function workerNumber(): number | undefined {
  return workerIdentity()?.number;
}

/** Undefined where this process is no worker. */
export function workerIdentity(): WorkerIdentity | undefined {
  const [number, parent, start] = (process.env[workerVariable] ?? "").split(" ");
  if (number === undefined || parent === undefined) return undefined;
  // What a worker starts has its environment, and is no worker for that.
  const isChild = process.ppid === Number(parent);
  // A worker whose parent died while it loaded has another parent already; it must not become a parent itself.
  const isOrphan = process.send !== undefined && !isAlive(Number(parent));
  return isChild || isOrphan ? { number: Number(number), isFirstStart: start === "first" } : undefined;
}

/** What a worker's health server would print for Prometheus, by service. Its parent has the server. */
const pages = new WeakMap<Service, () => string>();

/** Sets or forgets what a worker tells for the page of its parent. */
export function setPage(service: Service, page: (() => string) | undefined): void {
  if (page === undefined) pages.delete(service);
  else pages.set(service, page);
}

/**
 * Serves in a worker: as `run` does in any process, and listens to the parent. Resolves when the service has stopped, so
 * that the program can clean up and end.
 */
export async function serveAsWorker(
  service: Service,
  { number, isFirstStart }: WorkerIdentity,
  run: (onStopSignal: () => void) => Promise<void>,
): Promise<void> {
  let isOrphan = false;
  let isStopping = false;
  const onOrder = (message: unknown): void => {
    if (!isOurs(message)) return;
    // The parent runs the same program: what has our mark is an order.
    const order = message as Order;
    if (order.rpcgen === "stop" && !isStopping) {
      isStopping = true;
      forgiveSignal();
    }
    obey(order, service);
  };
  const onDisconnect = (): void => {
    isOrphan = true;
    service.logger.error({ worker: number }, `worker ${number}: the parent process has died; stopping`);
    void service.stop();
  };
  process.on("message", onOrder).once("disconnect", onDisconnect);
  try {
    if (process.connected !== true) throw new Error("the process that started this worker has died");
    tell({ rpcgen: "hello" });
    const running = run(() => {
      isStopping = true;
      tell({ rpcgen: "stopping" });
    });
    // It is awaited below, when the parent has been told.
    running.catch(() => {});
    // The same start as that of `run`.
    await service.start().then(
      () => service.state === "running" && tell({ rpcgen: "ready" }),
      (error: unknown) => startFailed(error, isFirstStart),
    );
    await running;
  } finally {
    // The channel keeps the process alive as long as somebody listens.
    process.off("message", onOrder).off("disconnect", onDisconnect);
    if (isOrphan) endSoon();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives, too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function tell(word: Word, sent: () => void = () => {}): void {
  // A parent that has just died is told by "disconnect"; the callback keeps a failure from being an uncaught error.
  if (process.connected === true) process.send?.(word, undefined, undefined, sent);
  else sent();
}

/**
 * A terminal or a service manager sends its signal to the parent and to each worker. A worker's own may come late, when it
 * has stopped by order of the parent and its program cleans up: that one has been obeyed, and must not end the program.
 */
function forgiveSignal(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => {});
}

function obey(order: Order, service: Service): void {
  switch (order.rpcgen) {
    case "stop":
      void service.stop(order.timeout === undefined ? {} : { timeout: order.timeout });
      break;
    case "reset":
      // An error in a manager's hook has no caller: as an uncaught one it ends the worker, and the parent starts another.
      void service.reset();
      break;
    case "report": {
      const { state, ready, reason } = service.health();
      const report: WorkerReport = { health: { state, ready, reason }, metrics: pages.get(service)?.() ?? "" };
      tell({ rpcgen: "report", id: order.id, report });
      break;
    }
  }
}

/**
 * On the first start the parent's `serve` throws the error, once for all workers, so this one says no more. Later the
 * parent goes on, and the error is this program's own as without workers.
 */
async function startFailed(error: unknown, isFirstStart: boolean): Promise<void> {
  await new Promise<void>((resolve) => tell({ rpcgen: "failed", error: failureOf(error) }, resolve));
  if (isFirstStart) process.exit(1);
}

function failureOf(error: unknown): StartFailure {
  if (!(error instanceof Error))
    return { name: "Error", message: String(error), code: undefined, stack: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error && stacks.length < 10; each = each.cause) {
    stacks.push(each.stack ?? each.message);
  }
  return { name: error.name, message: error.message, code, stack: stacks.join("\ncaused by: ") };
}

/** Nobody waits for an orphan, so nothing that its program forgot to close may keep it. */
function endSoon(): void {
  process.exitCode = 1;
  setTimeout(() => process.exit(1), ORPHAN_GRACE).unref();
}
