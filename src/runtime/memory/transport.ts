import { randomUUID } from "node:crypto";
import { MessageUndeliverableError, TransportError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import type { Destination, MessageListener, OutgoingMessage, Source, Subscription, Transport } from "../transport.js";
import { defaultControlExchange, defaultPrefetch, type TransportOptions } from "../transport-options.js";
import { MemoryBroker, type Route } from "./broker.js";
import type { MemoryConsumer, MemoryQueue } from "./queue.js";

/**
 * `memory://NAME`: every transport of one process with the same name meets at one broker. The broker, with the messages
 * that wait in it, lives until the last of its transports closes.
 */
export class MemoryTransport implements Transport {
  readonly url: string;
  readonly #name: string;
  readonly #broker: MemoryBroker;
  readonly #controlExchange: string;
  readonly #prefetch: number;
  readonly #logger: Logger;
  readonly #subscriptions = new Set<MemorySubscription>();
  #closed = false;

  constructor(name: string, options: TransportOptions = {}) {
    this.url = `memory://${name}`;
    this.#name = name;
    this.#controlExchange = options.controlExchange ?? defaultControlExchange;
    this.#prefetch = options.prefetch ?? defaultPrefetch;
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
    // AMQP carries whole milliseconds, so a fraction is lost here as it is there.
    const expiration = message.expiration === undefined ? undefined : Math.max(0, Math.trunc(message.expiration));
    const taken = this.#broker.publish(this.#route(destination), message.body, expiration);
    if (!taken && message.mandatory === true) {
      throw new MessageUndeliverableError(undeliverableText(destination), { target });
    }
  }

  async subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    if (this.#closed) throw new TransportError(`the transport ${this.url} is closed`);
    const subscription =
      "target" in source
        ? this.#subscribeServer(source, listener)
        : this.#subscribeReplies(source.replyQueue, listener);
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

  #subscribeServer(source: Extract<Source, { target: unknown }>, listener: MessageListener): MemorySubscription {
    const { topic, server } = source.target;
    const exchange = source.target.exchange ?? this.#controlExchange;
    const shared = this.#broker.declareQueue(topic);
    this.#broker.bind(shared, exchange, topic);
    const own = this.#broker.declareQueue(`${topic}.${server}`);
    this.#broker.bind(own, exchange, `${topic}.${server}`);
    const fanout = this.#broker.declareQueue(`${topic}_fanout_${randomUUID().replaceAll("-", "")}`);
    this.#broker.bind(fanout, `${topic}_fanout`, "");
    const prefetch = source.prefetch ?? this.#prefetch;
    const consumers = [shared, own, fanout].map((queue) => queue.consume(listener, prefetch, this.#listenerFailed));
    return new MemorySubscription(consumers, () => this.#broker.deleteQueue(fanout));
  }

  #subscribeReplies(name: string, listener: MessageListener): MemorySubscription {
    const queue = this.#broker.declareQueue(name);
    const consumer = queue.consume(listener, this.#prefetch, this.#listenerFailed);
    return new MemorySubscription([consumer], () => this.#expireWhenIdle(queue));
  }

  #expireWhenIdle(queue: MemoryQueue): void {
    if (queue.idle) this.#broker.expireQueue(queue, replyQueueTTL);
  }

  readonly #listenerFailed = (queue: string, error: unknown): void => {
    this.#logger.error({ queue, err: error }, "a message listener failed; its message is dropped");
  };

  #route(destination: Destination): Route {
    if ("replyQueue" in destination) return { queue: destination.replyQueue };
    const { topic, server, exchange, fanout } = destination.target;
    if (fanout === true) return { exchange: `${topic}_fanout`, routingKey: "" };
    return {
      exchange: exchange ?? this.#controlExchange,
      routingKey: server === undefined ? topic : `${topic}.${server}`,
    };
  }
}

/** As the reply queues of oslo.messaging, which outlive their client by half an hour. */
const replyQueueTTL = 1_800_000;

class MemorySubscription implements Subscription {
  readonly #consumers: readonly MemoryConsumer[];
  #release: (() => void) | undefined;

  constructor(consumers: readonly MemoryConsumer[], release: () => void) {
    this.#consumers = consumers;
    this.#release = release;
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
  return "replyQueue" in destination
    ? `the reply queue ${destination.replyQueue} does not exist`
    : "nobody serves it: no queue took the message";
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
