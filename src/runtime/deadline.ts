import { AbortedError, type ErrorDetails, RPCTimeoutError } from "./errors.js";

/** Node's timers hold at most this many milliseconds, about 24.8 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** The end of one operation: its time is up, its server has fallen silent, or its caller has given up. */
export class Deadline {
  /** Milliseconds for the whole operation; Infinity for no end. */
  readonly timeout: number;
  /** The longest silence of the server in milliseconds, where the operation is monitored. */
  readonly heartbeat: number | undefined;
  readonly #start = Date.now();
  readonly #controller = new AbortController();
  readonly #user: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#controller.abort();
  #monitor: NodeJS.Timeout | undefined;

  constructor(timeout: number, heartbeat: number | undefined, user: AbortSignal | undefined) {
    this.timeout = timeout;
    this.heartbeat = heartbeat;
    this.#user = user;
    if (timeout !== Number.POSITIVE_INFINITY) this.#timer = this.#abortAfter(timeout);
    user?.addEventListener("abort", this.#onAbort);
    if (user?.aborted === true) this.#onAbort();
  }

  /** Aborts when the operation has ended without a result. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds that are left. */
  get left(): number {
    return this.timeout - (Date.now() - this.#start);
  }

  /** Starts the call monitor, where there is one: from now on the server must give signs of life. */
  startMonitor(): void {
    if (this.heartbeat === undefined) return;
    clearTimeout(this.#monitor);
    this.#monitor = this.#abortAfter(this.heartbeat);
  }

  /** Nothing can be heard for now, so silence says nothing of the server; `startMonitor` goes on. */
  pauseMonitor(): void {
    clearTimeout(this.#monitor);
  }

  /** The server has given a sign of life. */
  hasHeartbeat(): void {
    this.#monitor?.refresh();
  }

  /** A promise's outcome, or this deadline's error where it comes first. */
  race<T>(promise: Promise<T>, details: ErrorDetails): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(this.error(details));
      if (this.signal.aborted) ended();
      this.signal.addEventListener("abort", ended);
      promise.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", ended));
    });
  }

  /** Resolves after so many milliseconds, or at the end where that comes first. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const ended = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", ended);
        resolve();
      };
      const timer = setTimeout(ended, milliseconds);
      this.signal.addEventListener("abort", ended);
    });
  }

  /** Why the operation has ended, as the caller's error. */
  error(details: ErrorDetails, cause?: unknown): Error {
    if (this.#user?.aborted === true) {
      return new AbortedError("aborted by the caller", { ...details, cause: this.#user.reason });
    }
    const silence = this.heartbeat === undefined ? "" : ` or no heartbeat within ${seconds(this.heartbeat)}`;
    return new RPCTimeoutError(`no reply within ${seconds(this.timeout)}${silence}`, { ...details, cause });
  }

  /** Ends the timers; every operation calls it, whatever its outcome. */
  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#monitor);
    this.#user?.removeEventListener("abort", this.#onAbort);
  }

  #abortAfter(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), Math.min(Math.max(milliseconds, 0), LONGEST_TIMER));
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
