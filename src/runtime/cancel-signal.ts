/** What tells that nobody waits for an outcome any more. Every `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** Why, where somebody has said so. */
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: AbortListener): void;
  removeEventListener(type: "abort", listener: AbortListener): void;
}

/** What a `CancelSignal` calls. */
export type AbortListener = (() => void) | { handleEvent(): void };

/** What a signal ends. */
export interface Follower {
  abort(): void;
}

/**
 * All that one signal ends, behind one listener: a program may give one signal to thousands of operations, and Node walks
 * through all listeners of a signal to add one.
 */
export class Followers {
  static readonly #all = new WeakMap<CancelSignal, Followers>();

  static of(signal: CancelSignal): Followers {
    let followers = Followers.#all.get(signal);
    if (followers === undefined) {
      followers = new Followers(signal);
      Followers.#all.set(signal, followers);
    }
    return followers;
  }

  readonly #signal: CancelSignal;
  readonly #followers = new Set<Follower>();

  private constructor(signal: CancelSignal) {
    this.#signal = signal;
  }

  add(follower: Follower): void {
    if (this.#followers.size === 0) this.#signal.addEventListener("abort", this);
    this.#followers.add(follower);
  }

  delete(follower: Follower): void {
    if (this.#followers.delete(follower) && this.#followers.size === 0) {
      this.#signal.removeEventListener("abort", this);
    }
  }

  /** The signal calls this; an object with this method is an event listener. */
  handleEvent(): void {
    for (const follower of this.#followers) follower.abort();
  }
}
