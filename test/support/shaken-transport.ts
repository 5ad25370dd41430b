import type {
  BrokerTransport,
  Destination,
  MessageListener,
  OutgoingMessage,
  Source,
  Subscription,
  SubscriptionChange,
  Transport,
  TransportStats,
} from "@rpcgen/runtime";
import { Events } from "./events.js";

/** One try to send a request. */
export interface Try {
  readonly message: OutgoingMessage;
  /** How it failed; undefined where the broker took it. */
  readonly error: unknown;
}

/** A transport that tells of a connection which was lost, and where the next tries to send may end as a test says. */
export class ShakenTransport implements Transport {
  readonly url: string;
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
  /** Every request that was given to it and what became of it, oldest first. */
  readonly tries = new Events<Try>();
  /** How the next tries end, the first one first; what is undefined, and those behind, end as usual. */
  outcomes: (Error | undefined)[] = [];
  /** When the connection was made again, in milliseconds since 1970; undefined where it was never lost. */
  reopenedAt: number | undefined;
  /** Settles when what is published may go on to the broker. */
  #held: Promise<void> = Promise.resolve();
  #release = (): void => {};
  readonly #inner: BrokerTransport;
  #changed: ((change: SubscriptionChange) => void) | undefined;

  constructor(inner: BrokerTransport) {
    this.#inner = inner;
    this.url = inner.url;
    this.maxBacklog = inner.maxBacklog;
    this.maxBacklogBytes = inner.maxBacklogBytes;
  }

  async publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    const outcome = this.outcomes.shift();
    await this.#held;
    try {
      if (outcome !== undefined) throw outcome;
      await this.#inner.publish(destination, message);
    } catch (error) {
      this.tries.add({ message, error });
      throw error;
    }
    this.tries.add({ message, error: undefined });
  }

  subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    if ("replyQueue" in source) this.#changed = source.changed;
    return this.#inner.subscribe(source, listener);
  }

  /** What is published from now on waits, as it does without a connection. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  /** Tells the client that its reply queue was lost and is back. */
  shake(): void {
    this.#changed?.("lost");
    this.#changed?.("recovered");
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  stats(): TransportStats {
    const stats = this.#inner.stats();
    const { publish, consume } = stats.connections;
    if (this.reopenedAt === undefined) return stats;
    const reopened = { ...publish, opened: 2, lost: 1, openedAt: this.reopenedAt };
    return { ...stats, connections: { publish: reopened, consume } };
  }
}
