import type { ServiceHealth } from "./service.js";

/** What a parent asks of a worker. Each has the member `rpcgen`, since a program may send messages of its own. */
export type Order =
  /** Drain and end; milliseconds for what runs, the service's `drainTimeout` where there is none. */
  | { readonly rpcgen: "stop"; readonly timeout?: number }
  | { readonly rpcgen: "reset" }
  | { readonly rpcgen: "report"; readonly id: number };

/** What a worker tells its parent. */
export type Word =
  /** The worker has come to `serve`, and listens to orders from now on. */
  | { readonly rpcgen: "hello" }
  | { readonly rpcgen: "ready" }
  /** It drains, since somebody told it so. */
  | { readonly rpcgen: "stopping" }
  /** It could not start. */
  | { readonly rpcgen: "failed"; readonly error: StartFailure }
  | { readonly rpcgen: "report"; readonly id: number; readonly report: WorkerReport };

/** How a worker is. */
export interface WorkerReport {
  readonly health: Pick<ServiceHealth, "state" | "ready" | "reason">;
  /** Its page for Prometheus; empty where its program has started no health server. */
  readonly metrics: string;
}

/** An error on its way to another process. */
export interface StartFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** With those of its causes. */
  readonly stack: string;
}

/** Whether a message is ours. Both sides run the same program, so what has the mark has the form. */
export function isOurs(message: unknown): boolean {
  return typeof message === "object" && message !== null && "rpcgen" in message;
}

/**
 * The environment variable that tells a process that it is a worker: its number, its parent's process id, and `first`
 * while the parent waits for its first start.
 */
export const workerVariable = "RPCGEN_WORKER";
