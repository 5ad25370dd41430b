import type { Context, RequestContext } from "./context.js";
import { LONGEST_TIMER } from "./deadline.js";

/**
 * The context of a request that is being served. What came over the wire is its own enumerable data; `signal` and
 * `deadline` are getters of the prototype, so they are not sent on and cannot come from a peer.
 */
class ServedContext {
  readonly #deadline: number | undefined;
  readonly #stop: AbortSignal;
  #signal: AbortSignal | undefined;

  constructor(values: Context, deadline: number | undefined, stop: AbortSignal) {
    this.#deadline = deadline;
    this.#stop = stop;
    for (const key of Object.keys(values)) {
      if (key === "signal" || key === "deadline") continue;
      const value = values[key];
      if (key === "__proto__") {
        Object.defineProperty(this, key, { value, configurable: true, enumerable: true, writable: true });
      } else {
        // An index signature that the class has not, so that nobody else reads it.
        (this as Record<string, unknown>)[key] = value;
      }
    }
  }

  get deadline(): number | undefined {
    return #deadline in this ? this.#deadline : undefined;
  }

  /** Made when it is first asked for: most methods never look. */
  get signal(): AbortSignal | undefined {
    if (!(#stop in this)) return undefined;
    this.#signal ??= signalOf(this.#deadline, this.#stop);
    return this.#signal;
  }
}

/** Makes the context that a manager gets. A peer's keys `signal` and `deadline` are left out, as oslo does with its own names. */
export function createRequestContext(values: Context, deadline: number | undefined, stop: AbortSignal): RequestContext {
  // The getters make the two properties; TypeScript does not see that on an index signature.
  return new ServedContext(values, deadline, stop) as unknown as RequestContext;
}

/** The deadline of a request that is being served, where the context is one. */
export function deadlineOf(context: Context): number | undefined {
  return context instanceof ServedContext ? context.deadline : undefined;
}

function signalOf(deadline: number | undefined, stop: AbortSignal): AbortSignal {
  if (deadline === undefined) return stop;
  const left = Math.min(Math.max(deadline - Date.now(), 0), LONGEST_TIMER);
  return AbortSignal.any([stop, AbortSignal.timeout(left)]);
}
