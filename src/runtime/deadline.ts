import { type AbortListener, type CancelSignal, Followers } from "./cancel-signal.js";
import { AbortedError, type ErrorDetails, RPCTimeoutError, reasonOf } from "./errors.js";

/** Node's timers hold at most this many milliseconds, about 24.8 days. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The end of one operation: its time is up, its server has fallen silent, or its caller has given up. It is a signal by
 * itself: an `AbortController` for each call costs more than sending it.
 */
export class Deadline implements CancelSignal {
  /** Milliseconds for the whole operation; Infinity for no end. */
  readonly timeout: number;
  /** The longest silence of the server in milliseconds, where the operation is monitored. */
  readonly heartbeat: number | undefined;
  readonly #start = Date.now();
  readonly #user: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #monitor: NodeJS.Timeout | undefined;
  #aborted = false;
  #disposed = false;
  /** Ends the pause that is being made. */
  #wake: (() => void) | undefined;
  #listeners: AbortListener[] = [];

  constructor(timeout: number, heartbeat: number | undefined, user: AbortSignal | undefined) {
    this.timeout = timeout;
    this.heartbeat = heartbeat;
    this.#user = user;
    if (timeout !== Number.POSITIVE_INFINITY) this.#timer = this.#abortAfter(timeout);
    if (user?.aborted === true) this.abort();
    else if (user !== undefined) Followers.of(user).add(this);
  }

  /** Whether the operation has ended without a result. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Whether the operation has ended, with a result or without. */
  get isOver(): boolean {
    return this.#aborted || this.#disposed;
  }

  /** The reason of the caller who gave up. */
  get reason(): unknown {
    return this.#user?.reason;
  }

  addEventListener(_type: "abort", listener: AbortListener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: AbortListener): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  /** Ends the operation: its time is up, or its caller has given up. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#wake?.();
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) {
      if (typeof listener === "function") listener();
      else listener.handleEvent();
    }
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
      if (this.#aborted) ended();
      this.addEventListener("abort", ended);
      promise.then(resolve, reject).finally(() => this.removeEventListener("abort", ended));
    });
  }

  /** Resolves after so many milliseconds, or when the operation is over where that comes first. One at a time. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * Why the operation has ended, as the caller's error.
   *
   * @param cause why it was not sent, or not confirmed; the text has it too, since many logs show no causes
   */
  error(details: ErrorDetails, cause?: unknown, awaited: "reply" | "confirmation" = "reply"): Error {
    if (this.#user?.aborted === true) {
      return new AbortedError("aborted by the caller", { ...details, cause: this.#user.reason });
    }
    const isWatched = this.heartbeat !== undefined && this.#monitor !== undefined;
    const silence = isWatched ? ` or no heartbeat within ${seconds(this.heartbeat)}` : "";
    const why = cause === undefined ? "" : `: ${reasonOf(cause)}`;
    return new RPCTimeoutError(`no ${awaited} within ${seconds(this.timeout)}${silence}${why}`, { ...details, cause });
  }

  /** Ends the timers; every operation calls it, whatever its outcome. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#monitor);
    this.#wake?.();
    if (this.#user !== undefined) Followers.of(this.#user).delete(this);
  }

  #abortAfter(milliseconds: number): NodeJS.Timeout {
    return setTimeout(abort, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER), this);
  }
}

function abort(deadline: Deadline): void {
  deadline.abort();
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
