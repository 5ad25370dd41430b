import { randomUUID } from "node:crypto";
import { type ErrorDetails, TransportError } from "../errors.js";
import type {
  BrokerTransport,
  Destination,
  Headers,
  MessageListener,
  OutgoingMessage,
  Source,
  Subscription,
} from "../transport.js";
import type { TransportOptions } from "../transport-options.js";
import { Traffic, type TransportStats } from "../transport-stats.js";
import { Connection } from "./connection.js";
import { within } from "./deadline.js";
import type { Link } from "./link.js";
import { type AMQPSettings, resolveSettings } from "./options.js";
import { Publisher } from "./publisher.js";
import { AMQPSubscription } from "./subscription.js";
import { deadLetterQueues, deadLetters, replyQueue, serverQueues } from "./topology.js";

/**
 * RabbitMQ, with the topology of oslo.messaging. It has one connection for publishing and one for consuming, each made
 * when it is first used: RabbitMQ stops reading from a connection that publishes too fast, and acknowledgements must
 * not wait behind that.
 */
export class AMQPTransport implements BrokerTransport {
  readonly url: string;
  readonly maxPendingCalls: number;
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
  readonly maxMessageSize: number;
  readonly durable: boolean;
  readonly #traffic = new Traffic();
  readonly #settings: AMQPSettings;
  readonly #publisher: Publisher;
  readonly #publishing: Connection;
  readonly #consuming: Connection;
  readonly #subscriptions = new Set<AMQPSubscription>();
  #closing: Promise<void> | undefined;

  constructor(url: string, options: TransportOptions = {}) {
    this.#settings = resolveSettings(url, options);
    this.url = this.#settings.url;
    this.maxPendingCalls = this.#settings.maxPendingCalls;
    this.maxBacklog = this.#settings.maxBacklog;
    this.maxBacklogBytes = this.#settings.maxBacklogBytes;
    this.maxMessageSize = this.#settings.maxMessageSize;
    this.durable = this.#settings.topology.durable || this.#settings.topology.quorum;
    this.#publishing = new Connection("publish", this.#settings, {
      opened: (link) => this.#publisher.opened(link),
      lost: (error) => this.#publisher.lost(error),
      unreachable: (error, refused) => {
        if (refused || this.#closing !== undefined) this.#publisher.failWaiting(error);
      },
      blocked: (blocked) => this.#publisher.blocked(blocked),
      needed: () => this.#publisher.waiting,
    });
    this.#publisher = new Publisher(this.#settings, this.#publishing, this.#traffic);
    this.#consuming = new Connection("consume", this.#settings, {
      opened: (link) => this.#consumingOpened(link),
      lost: () => this.#eachSubscription((subscription) => subscription.lost()),
      unreachable: (error, refused) => {
        if (refused) this.#eachSubscription((subscription) => subscription.refused(error));
      },
      // It publishes nothing, so the broker does not block it.
      blocked: () => {},
      needed: () => this.#subscriptions.size > 0,
    });
  }

  publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    if (this.#closing !== undefined || message.signal?.aborted === true) {
      return Promise.reject(this.#notSent(destination, message));
    }
    const headers = sizeOf(message.headers);
    if (headers > MOST_HEADERS) {
      const text = `not sent: the headers have ${headers} bytes, and ${MOST_HEADERS} are the most that fit into a frame`;
      return Promise.reject(new TransportError(text, { ...detailsOf(destination), delivery: "not-sent" }));
    }
    if (message.expiration !== undefined && message.expiration > LONGEST_EXPIRATION) {
      const { expiration: _, ...forever } = message;
      return this.#publisher.publish(destination, forever);
    }
    return this.#publisher.publish(destination, message);
  }

  async subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    if (this.#closing !== undefined) throw new TransportError(`the transport ${this.url} is closed`);
    const { topology, prefetch, logger, closeTimeout } = this.#settings;
    const isServer = "target" in source;
    const isClient = "replyQueue" in source;
    const subscription = new AMQPSubscription({
      queues: isServer
        ? serverQueues(source.target, randomUUID().replaceAll("-", ""), topology)
        : isClient
          ? replyQueue(source.replyQueue, topology)
          : deadLetterQueues(source.deadLetters, topology),
      unconsumed: isServer && source.deadLetters === true ? [deadLetters(source.target.topic, topology)] : [],
      listener,
      oversized: isServer || isClient ? source.oversized : undefined,
      changed: isClient ? source.changed : undefined,
      maxMessageSize: this.maxMessageSize,
      traffic: this.#traffic,
      isRepeatable: isClient,
      prefetch: (isServer ? source.prefetch : undefined) ?? prefetch,
      logger,
      closeTimeout,
      ended: (ended) => this.#subscriptions.delete(ended),
    });
    this.#subscriptions.add(subscription);
    const { link } = this.#consuming;
    if (link === undefined) this.#consuming.want();
    else subscription.opened(link);
    await subscription.started;
    return subscription;
  }

  stats(): TransportStats {
    return {
      connections: { publish: this.#publishing.stats(), consume: this.#consuming.stats() },
      ...this.#traffic.snapshot(),
      subscriptions: this.#subscriptions.size,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.cancel()));
    await this.#flush();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
    const closed = new TransportError(`the transport ${this.url} was closed`);
    this.#publisher.failWaiting(closed);
    this.#publisher.lost(closed);
  }

  /** Waits for confirmations; where the broker is known to be away, or proves to be, there is nothing to wait for. */
  async #flush(): Promise<void> {
    if (this.#publishing.state === "waiting" || this.#publishing.state === "idle") return;
    await within(this.#settings.closeTimeout, this.#publisher.settled());
  }

  #consumingOpened(link: Link): void {
    this.#eachSubscription((subscription) => subscription.opened(link));
  }

  #eachSubscription(each: (subscription: AMQPSubscription) => void): void {
    // A copy: a subscription that ends takes itself out.
    for (const subscription of [...this.#subscriptions]) each(subscription);
  }

  #notSent(destination: Destination, message: OutgoingMessage): TransportError {
    const text =
      this.#closing === undefined
        ? "not sent: the operation was aborted before it began"
        : `not sent: the transport ${this.url} is closed`;
    return new TransportError(text, {
      ...detailsOf(destination),
      cause: this.#closing === undefined ? message.signal?.reason : undefined,
      delivery: "not-sent",
    });
  }
}

function detailsOf(destination: Destination): ErrorDetails {
  return "target" in destination ? { target: destination.target } : {};
}

/**
 * Bytes of all headers of a message. They go in one frame, whose size RabbitMQ sets (131,072 bytes): for a larger one it
 * closes the connection, and with it fails everything that is on its way.
 */
const MOST_HEADERS = 100_000;

/** In bytes on the wire, or a few more. */
function sizeOf(headers: Headers | undefined): number {
  if (headers === undefined) return 0;
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    size += Buffer.byteLength(name) + 16 + (typeof value === "string" ? Buffer.byteLength(value) : 0);
  }
  return size;
}

/**
 * 49 days in milliseconds, which every RabbitMQ takes. For a longer expiration it closes the channel, and with it fails
 * every message on it that it has not confirmed yet; so one that is longer is not sent along.
 */
const LONGEST_EXPIRATION = 2 ** 32 - 1;
