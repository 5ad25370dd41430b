import { type CancelSignal, Followers } from "../cancel-signal.js";
import { MessageUndeliverableError, TransportError } from "../errors.js";
import type { Destination, OutgoingMessage } from "../transport.js";
import type { Traffic } from "../transport-stats.js";

/** Who is told that the caller of a message gave up. */
export interface OutgoingOwner {
  readonly traffic: Traffic;
  abort(outgoing: Outgoing): void;
}

/** One message on its way, with its promise. */
export class Outgoing {
  readonly routingKey: string;
  /** Gone when the broker has taken it. */
  message: OutgoingMessage;
  readonly mandatory: boolean;
  returned = false;
  settled = false;
  attempts = 1;
  /** Set while the signal is listened to. */
  listening: Followers | undefined;
  readonly #owner: OutgoingOwner;
  readonly #destination: Destination;
  #resolve: () => void;
  #reject: (error: Error) => void;

  constructor(
    owner: OutgoingOwner,
    destination: Destination,
    routingKey: string,
    message: OutgoingMessage,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.#owner = owner;
    this.#destination = destination;
    this.routingKey = routingKey;
    this.message = message;
    this.mandatory = message.mandatory === true;
    this.#resolve = resolve;
    this.#reject = reject;
    owner.traffic.published++;
    owner.traffic.backlog++;
    owner.traffic.backlogBytes += message.body.length;
  }

  get signal(): CancelSignal | undefined {
    return this.message.signal;
  }

  get body(): Buffer {
    return this.message.body;
  }

  succeed(): void {
    if (!this.#settle()) return;
    this.#owner.traffic.confirmed++;
    this.#resolve();
    // Who still has this keeps nothing else with it.
    this.message = TAKEN;
    this.#resolve = ignore;
    this.#reject = ignore;
  }

  undeliverable(): void {
    if (!this.#settle()) return;
    this.#owner.traffic.returned++;
    this.#reject(
      "target" in this.#destination
        ? new MessageUndeliverableError("nobody serves it: no queue took the message", this.#destination)
        : new MessageUndeliverableError(`the ${queueText(this.#destination)} does not exist`),
    );
  }

  fail(message: string, delivery: "not-sent" | "unknown", cause: unknown): void {
    if (!this.#settle()) return;
    this.#owner.traffic.failed++;
    this.#reject(
      "target" in this.#destination
        ? new TransportError(message, { target: this.#destination.target, cause, delivery })
        : new TransportError(`${queueText(this.#destination)}: ${message}`, { cause, delivery }),
    );
  }

  /** The caller gave up. */
  abort(): void {
    if (!this.settled) this.#owner.abort(this);
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    const { traffic } = this.#owner;
    traffic.backlog--;
    traffic.backlogBytes -= this.message.body.length;
    this.listening?.delete(this);
    return true;
  }
}

const TAKEN: OutgoingMessage = { body: Buffer.alloc(0) };

function ignore(): void {}

function queueText(destination: Exclude<Destination, { target: unknown }>): string {
  return "queue" in destination ? `queue ${destination.queue}` : `reply queue ${destination.replyQueue}`;
}

/**
 * Listening to a signal costs more than the whole publish, and nearly every message is confirmed within a millisecond.
 * So only messages that are still open after some time are listened for.
 */
export class Watch {
  #fresh: Outgoing[] = [];
  #timer: NodeJS.Timeout | undefined;

  add(outgoing: Outgoing): void {
    this.#fresh.push(outgoing);
    this.#timer ??= setTimeout(this.#sweep, 20);
  }

  readonly #sweep = (): void => {
    this.#timer = undefined;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const outgoing of fresh) this.#listen(outgoing);
  };

  #listen(outgoing: Outgoing): void {
    const { signal } = outgoing;
    if (outgoing.settled || signal === undefined) return;
    if (signal.aborted) {
      outgoing.abort();
      return;
    }
    outgoing.listening = Followers.of(signal);
    outgoing.listening.add(outgoing);
  }
}
