import { randomUUID } from "node:crypto";
import { BacklogFullError, MessageTooLargeError, MessageUndeliverableError, TransportError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import {
  type BrokerTransport,
  type Destination,
  deadLetterQueue,
  type IncomingMessage,
  type MessageListener,
  type OutgoingMessage,
  type Source,
  type Subscription,
} from "../transport.js";
import { defaultControlExchange, defaultLimits, defaultPrefetch, type TransportOptions } from "../transport-options.js";
import { type ConnectionStats, Traffic, type TransportStats } from "../transport-stats.js";
import { MemoryBroker, type Route } from "./broker.js";
import type { MemoryConsumer, MemoryQueue } from "./queue.js";

/**
 * `memory://NAME`: every transport of one process with the same name meets at one broker. The broker, with the messages
 * that wait in it, lives until the last of its transports closes.
 */
export class MemoryTransport implements BrokerTransport {
  readonly url: string;
  readonly maxPendingCalls: number;
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
  readonly maxMessageSize: number;
  readonly #name: string;
  readonly #broker: MemoryBroker;
  readonly #controlExchange: string;
  readonly #prefetch: number;
  readonly #logger: Logger;
  readonly #traffic = new Traffic();
  readonly #openedAt = Date.now();
  readonly #subscriptions = new Set<MemorySubscription>();
  #closed = false;

  constructor(name: string, options: TransportOptions = {}) {
    this.url = `memory://${name}`;
    this.#name = name;
    this.#controlExchange = options.controlExchange ?? defaultControlExchange;
    this.#prefetch = options.prefetch ?? defaultPrefetch;
    this.maxMessageSize = options.maxMessageSize ?? defaultLimits.maxMessageSize;
    this.maxBacklog = options.maxBacklog ?? defaultLimits.maxBacklog;
    this.maxBacklogBytes = options.maxBacklogBytes ?? defaultLimits.maxBacklogBytes;
    this.maxPendingCalls = options.maxPendingCalls ?? defaultLimits.maxPendingCalls;
    this.#logger = options.logger ?? silentLogger;
    this.#broker = enter(name);
  }

  async publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    const target = "target" in destination ? destination.target : undefined;
    if (this.#closed) {
      throw new TransportError(`not sent: the transport ${this.url} is closed`, { target, delivery: "not-sent" });
    }
    if (message.signal?.aborted === true) {
      throw new TransportError("not sent: the operation was aborted before it began", {
        target,
        cause: message.signal.reason,
        delivery: "not-sent",
      });
    }
    const { length } = message.body;
    if (length > this.maxMessageSize) throw new MessageTooLargeError(length, this.maxMessageSize, { target });
    this.#traffic.published++;
    // AMQP carries whole milliseconds, so a fraction is lost here as it is there.
    const expiration = message.expiration === undefined ? undefined : Math.max(0, Math.trunc(message.expiration));
    // RabbitMQ keeps what waits in its queues, on its disk; here it is in our own memory, so our limits are each queue's.
    const taken = this.#broker.publish(this.#route(destination), message, expiration, this);
    if (typeof taken === "object") {
      this.#traffic.failed++;
      throw new BacklogFullError(
        `not sent: ${taken.size} messages of ${taken.bytes} bytes wait in the queue ${taken.name} already (maxBacklog, maxBacklogBytes)`,
        { target },
      );
    }
    if (!taken && message.mandatory === true) {
      this.#traffic.returned++;
      throw new MessageUndeliverableError(undeliverableText(destination), { target });
    }
    this.#traffic.confirmed++;
  }

  async subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    if (this.#closed) throw new TransportError(`the transport ${this.url} is closed`);
    const oversized = "target" in source || "replyQueue" in source ? source.oversized : undefined;
    const checked = (message: IncomingMessage): void => this.#receive(message, listener, oversized);
    const subscription = this.#subscribeTo(source, checked);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.close();
    this.#subscriptions.clear();
    leave(this.#name);
  }

  stats(): TransportStats {
    const connection: ConnectionStats = {
      state: this.#closed ? "closed" : "open",
      opened: 1,
      lost: 0,
      openedAt: this.#openedAt,
    };
    return {
      connections: { publish: connection, consume: connection },
      ...this.#traffic.snapshot(),
      subscriptions: [...this.#subscriptions].filter(({ active }) => active).length,
    };
  }

  #receive(message: IncomingMessage, listener: MessageListener, oversized: Oversized): void {
    this.#traffic.delivered++;
    const size = message.body.length;
    if (size <= this.maxMessageSize) {
      listener(message);
      return;
    }
    this.#traffic.oversized++;
    this.#logger.warn({ queue: message.queue, size }, "rejected a message that is larger than maxMessageSize");
    oversized?.(message);
    message.reject();
  }

  #subscribeTo(source: Source, listener: MessageListener): MemorySubscription {
    if ("target" in source) return this.#subscribeServer(source, listener);
    if ("replyQueue" in source) return this.#subscribeReplies(source, listener);
    const letters = this.#broker.declareQueue(deadLetterQueue(source.deadLetters));
    return new MemorySubscription([letters.consume(listener, this.#prefetch, this.#listenerFailed)], () => {});
  }

  #subscribeServer(source: Extract<Source, { target: unknown }>, listener: MessageListener): MemorySubscription {
    const { topic, server } = source.target;
    const exchange = source.target.exchange ?? this.#controlExchange;
    const shared = this.#broker.declareQueue(topic);
    this.#broker.bind(shared, exchange, topic);
    const own = this.#broker.declareQueue(`${topic}.${server}`);
    this.#broker.bind(own, exchange, `${topic}.${server}`);
    const fanout = this.#broker.declareQueue(`${topic}_fanout_${randomUUID().replaceAll("-", "")}`);
    this.#broker.bind(fanout, `${topic}_fanout`, "");
    if (source.deadLetters === true) this.#broker.declareQueue(deadLetterQueue(topic));
    const prefetch = source.prefetch ?? this.#prefetch;
    const consumers = [shared, own, fanout].map((queue) => queue.consume(listener, prefetch, this.#listenerFailed));
    return new MemorySubscription(consumers, () => this.#broker.deleteQueue(fanout));
  }

  #subscribeReplies(source: Extract<Source, { replyQueue: string }>, listener: MessageListener): MemorySubscription {
    const queue = this.#broker.declareQueue(source.replyQueue);
    const consumer = queue.consume(listener, this.#prefetch, this.#listenerFailed);
    return new MemorySubscription([consumer], () => {
      this.#expireWhenIdle(queue);
      source.changed?.("ended");
    });
  }

  #expireWhenIdle(queue: MemoryQueue): void {
    if (queue.idle) this.#broker.expireQueue(queue, replyQueueTTL);
  }

  readonly #listenerFailed = (queue: string, error: unknown): void => {
    this.#logger.error({ queue, err: error }, "a message listener failed; its message is dropped");
  };

  #route(destination: Destination): Route {
    if ("replyQueue" in destination) return { queue: destination.replyQueue };
    if ("queue" in destination) return destination;
    const { topic, server, exchange, fanout } = destination.target;
    if (fanout === true) return { exchange: `${topic}_fanout`, routingKey: "" };
    return {
      exchange: exchange ?? this.#controlExchange,
      routingKey: server === undefined ? topic : `${topic}.${server}`,
    };
  }
}

type Oversized = ((message: IncomingMessage) => void) | undefined;

/** As the reply queues of oslo.messaging, which outlive their client by half an hour. */
const replyQueueTTL = 1_800_000;

class MemorySubscription implements Subscription {
  readonly #consumers: readonly MemoryConsumer[];
  #release: (() => void) | undefined;

  constructor(consumers: readonly MemoryConsumer[], release: () => void) {
    this.#consumers = consumers;
    this.#release = release;
  }

  get active(): boolean {
    return this.#release !== undefined;
  }

  async cancel(): Promise<void> {
    for (const consumer of this.#consumers) consumer.cancel();
    this.#release?.();
    this.#release = undefined;
  }

  /** Cancels, and gives back what the listener has not acknowledged: the connection is gone. */
  close(): void {
    for (const consumer of this.#consumers) consumer.close();
    this.#release?.();
    this.#release = undefined;
  }
}

function undeliverableText(destination: Destination): string {
  if ("replyQueue" in destination) return `the reply queue ${destination.replyQueue} does not exist`;
  if ("queue" in destination) return `the queue ${destination.queue} does not exist`;
  return "nobody serves it: no queue took the message";
}

const brokers = new Map<string, { readonly broker: MemoryBroker; users: number }>();

function enter(name: string): MemoryBroker {
  const known = brokers.get(name);
  if (known !== undefined) {
    known.users++;
    return known.broker;
  }
  const broker = new MemoryBroker();
  brokers.set(name, { broker, users: 1 });
  return broker;
}

function leave(name: string): void {
  const entry = brokers.get(name);
  if (entry === undefined || --entry.users > 0) return;
  brokers.delete(name);
  entry.broker.clear();
}
