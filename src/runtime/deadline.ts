import { AbortedError, type ErrorDetails, RPCTimeoutError } from "./errors.js";

/** Node's timers hold at most this many milliseconds, about 24.8 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** The end of one operation: its time is up, or its caller has given up. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timeout: number;
  readonly #user: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#controller.abort(this.#user?.reason);
  #monitor: NodeJS.Timeout | undefined;
  #silence: number | undefined;

  /** @param timeout milliseconds; Infinity for none */
  constructor(timeout: number, user: AbortSignal | undefined) {
    this.#timeout = timeout;
    this.#user = user;
    if (timeout !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#controller.abort(), Math.min(Math.max(timeout, 0), LONGEST_TIMER));
    }
    user?.addEventListener("abort", this.#onAbort);
    if (user?.aborted === true) this.#onAbort();
  }

  /** Aborts when the operation has ended without a result. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the call monitor: the operation ends too when `heartbeat` is not called for this many milliseconds. */
  watch(silence: number): void {
    this.#silence = silence;
    this.#monitor = setTimeout(() => this.#controller.abort(), Math.min(silence, LONGEST_TIMER));
  }

  /** The server has given a sign of life. */
  heartbeat(): void {
    this.#monitor?.refresh();
  }

  /** Why the operation has ended, as the caller's error. */
  error(details: ErrorDetails, cause?: unknown): Error {
    if (this.#user?.aborted === true) {
      return new AbortedError("aborted by the caller", { ...details, cause: this.#user.reason });
    }
    const silent = this.#silence !== undefined && this.#silence < this.#timeout;
    const text = silent
      ? `no reply within ${seconds(this.#timeout)} or no heartbeat within ${seconds(this.#silence ?? 0)}`
      : `no reply within ${seconds(this.#timeout)}`;
    return new RPCTimeoutError(text, { ...details, cause });
  }

  /** Ends the timers; every operation calls it, whatever its outcome. */
  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#monitor);
    this.#user?.removeEventListener("abort", this.#onAbort);
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
