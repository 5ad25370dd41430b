import { setTimeout as delay } from "node:timers/promises";
import type { Channel } from "amqplib";
import { TransportError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { IncomingMessage, MessageListener, Subscription, SubscriptionChange } from "../transport.js";
import type { Traffic } from "../transport-stats.js";
import { Acknowledgements } from "./acknowledgements.js";
import { channelError } from "./broker-error.js";
import { within } from "./deadline.js";
import type { Delivery } from "./frame-reader.js";
import { numberOf } from "./internals.js";
import type { Link } from "./link.js";
import type { Queue, QueueSetup } from "./topology.js";

export interface SubscriptionOptions {
  readonly queues: readonly QueueSetup[];
  /** Queues that are declared and not consumed. */
  readonly unconsumed: readonly Queue[];
  readonly listener: MessageListener;
  /** Hears of a message that is larger than `maxMessageSize`, before it is rejected. */
  readonly oversized: MessageListener | undefined;
  readonly prefetch: number;
  /** A message that is delivered twice does no harm: the second reply to a call finds nobody who waits for it. */
  readonly isRepeatable: boolean;
  readonly maxMessageSize: number;
  readonly traffic: Traffic;
  readonly changed: ((change: SubscriptionChange) => void) | undefined;
  readonly logger: Logger;
  /** Time to wait for the broker when cancelling, in milliseconds. */
  readonly closeTimeout: number;
  /** Called once, when the subscription ends in whatever way. */
  readonly ended: (subscription: AMQPSubscription) => void;
}

/**
 * The consumers of one server or one reply queue, on a channel of their own. Whatever ends the channel (the connection,
 * the broker's closing it, a queue that is deleted), everything is declared again under the same names.
 *
 * - `starting`: has never consumed yet; a refusal by the broker ends it
 * - `active`: consumes, or will again as soon as there is a connection
 * - `cancelled`: for good
 */
export class AMQPSubscription implements Subscription {
  /** Settles when the broker first delivers, or refuses. */
  readonly started: Promise<void>;
  readonly #options: SubscriptionOptions;
  #state: "starting" | "active" | "cancelled" = "starting";
  #start: { resolve: () => void; reject: (error: Error) => void };
  #link: Link | undefined;
  #consumer: Consumer | undefined;
  /** Set-ups that failed since the last success. */
  #failures = 0;
  readonly #cancelled = new AbortController();
  #cancelling: Promise<void> | undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#start = { resolve: () => {}, reject: () => {} };
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject };
    });
    // A caller awaits it; but when the transport is closed first, nobody may be there to hear.
    this.started.catch(() => {});
  }

  opened(link: Link): void {
    this.#link = link;
    this.#setUp(link);
  }

  lost(): void {
    this.#link = undefined;
    this.#consumerLost();
  }

  /** Ends a subscription that has not begun. */
  refused(error: TransportError): void {
    if (this.#state === "starting") this.#end(error);
  }

  cancel(): Promise<void> {
    this.#cancelling ??= this.#cancel();
    return this.#cancelling;
  }

  async #cancel(): Promise<void> {
    const consumer = this.#consumer;
    this.#end(new TransportError("the subscription was cancelled"));
    if (consumer === undefined) return;
    // When it does not answer in time it goes with its connection.
    await within(this.#options.closeTimeout, consumer.cancel());
  }

  #end(error: TransportError): void {
    if (this.#state === "cancelled") return;
    if (this.#state === "active") this.#options.changed?.("ended");
    this.#state = "cancelled";
    this.#cancelled.abort();
    this.#start.reject(error);
    this.#options.ended(this);
  }

  #setUp(link: Link): void {
    Consumer.start(link, this.#options, (because) => this.#channelEnded(link, because)).then(
      (consumer) => this.#setUpDone(link, consumer),
      (error: unknown) => this.#setUpFailed(link, error),
    );
  }

  #setUpDone(link: Link, consumer: Consumer): void {
    if (this.#state === "cancelled") {
      consumer.cancel().catch(() => {
        // The connection went; so did the consumer.
      });
      return;
    }
    if (this.#link !== link) return;
    if (consumer.closed) {
      this.#setUpFailed(link, new Error("the channel was closed while it was set up"));
      return;
    }
    this.#consumer = consumer;
    this.#failures = 0;
    if (this.#state === "active") this.#options.changed?.("recovered");
    this.#state = "active";
    this.#start.resolve();
  }

  #setUpFailed(link: Link, cause: unknown): void {
    // When the connection went, `lost` was called before and `opened` comes again.
    if (this.#state === "cancelled" || this.#link !== link) return;
    const error = channelError(cause, `queue ${this.#options.queues[0]?.queue.name} cannot be consumed`);
    if (this.#state === "starting") this.#end(error);
    else this.#again(link, error);
  }

  #channelEnded(link: Link, because: string): void {
    // Without a consumer the set-up runs, and hears of it itself.
    if (this.#state !== "active" || this.#link !== link || this.#consumer === undefined) return;
    this.#consumerLost();
    this.#again(link, new TransportError(because));
  }

  #consumerLost(): void {
    if (this.#consumer === undefined) return;
    this.#consumer = undefined;
    this.#options.changed?.("lost");
  }

  /** At once the first time: a reply queue that was deleted must be back before the reply comes. */
  #again(link: Link, error: TransportError): void {
    const { logger, queues } = this.#options;
    const wait = this.#failures === 0 ? 0 : Math.min(30_000, 100 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures++;
    logger.warn({ queue: queues[0]?.queue.name, err: error, wait }, "consumers are set up again");
    delay(wait, undefined, { signal: this.#cancelled.signal }).then(
      () => {
        if (this.#link === link) this.#setUp(link);
      },
      () => {
        // Cancelled meanwhile.
      },
    );
  }
}

/** One channel with its consumers. */
class Consumer {
  readonly #channel: Channel;
  readonly #link: Link;
  readonly #acknowledgements: Acknowledgements;
  readonly #options: SubscriptionOptions;
  #closed = false;
  /** Delivered and neither acknowledged nor rejected. */
  #unsettled = 0;
  #cancelled = false;

  private constructor(channel: Channel, link: Link, options: SubscriptionOptions) {
    this.#channel = channel;
    this.#link = link;
    const patience = options.isRepeatable ? patienceOf(options.prefetch) : undefined;
    this.#acknowledgements = new Acknowledgements(numberOf(channel), link.writer, patience);
    this.#options = options;
  }

  /** Declares and consumes, in oslo's order: everything is declared before the first consumer starts. */
  static async start(link: Link, options: SubscriptionOptions, ended: (because: string) => void): Promise<Consumer> {
    const channel = await link.model.createChannel();
    const consumer = new Consumer(channel, link, options);
    let because: string | undefined;
    channel.on("error", (error) => {
      because = error.message;
    });
    channel.on("close", () => {
      consumer.#left();
      if (because !== undefined) ended(because);
    });
    try {
      if (options.prefetch > 0) await channel.prefetch(options.prefetch);
      for (const setup of options.queues) await declare(channel, setup);
      for (const queue of options.unconsumed) await declareQueue(channel, queue);
      const queues = new Map(options.queues.map(({ consumerTag, queue }) => [consumerTag, queue.name]));
      link.reader.listen(numberOf(channel), {
        delivered: (delivery) => consumer.#deliver(queues.get(delivery.consumerTag) ?? "", delivery),
      });
      for (const setup of options.queues) await consumer.#consume(setup, ended);
    } catch (error) {
      consumer.#close();
      throw error;
    }
    return consumer;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What was delivered may still be acknowledged; the channel goes with the last of it. */
  async cancel(): Promise<void> {
    const { queues } = this.#options;
    await Promise.all(queues.map((setup) => this.#channel.cancel(setup.consumerTag)));
    for (const setup of queues) if (setup.deleteAtEnd) await this.#channel.deleteQueue(setup.queue.name);
    this.#cancelled = true;
    this.#closeWhenSettled();
  }

  /** The path of every acknowledgement. On a channel that is gone it says nothing: the broker delivers again. */
  settle(deliveryTag: number, how: "ack" | "reject" | "requeue"): void {
    this.#unsettled--;
    if (this.#closed) return;
    if (how === "ack") this.#acknowledgements.ack(deliveryTag);
    else this.#acknowledgements.reject(deliveryTag, how === "requeue");
    if (this.#cancelled) this.#closeWhenSettled();
  }

  async #consume(setup: QueueSetup, ended: (because: string) => void): Promise<void> {
    const { name } = setup.queue;
    await this.#channel.consume(
      name,
      (message) => {
        // A delivery comes from the reader; what comes here is the end of the consumer.
        if (message === null) this.#cancelledByBroker(name, ended);
      },
      { consumerTag: setup.consumerTag, arguments: setup.consumerArguments },
    );
  }

  #deliver(queue: string, delivery: Delivery): void {
    this.#unsettled++;
    const incoming = new AMQPMessage(this, delivery, queue);
    const { traffic, maxMessageSize, logger, listener, oversized } = this.#options;
    traffic.delivered++;
    try {
      if (delivery.body.length <= maxMessageSize) {
        listener(incoming);
        return;
      }
      traffic.oversized++;
      logger.warn({ queue, size: delivery.body.length }, "rejected a message that is larger than maxMessageSize");
      oversized?.(incoming);
      incoming.reject();
    } catch (error) {
      // It must not end the connection, and all other messages with it.
      logger.error({ queue, err: error }, "a message listener failed; its message is dropped");
      incoming.reject();
    }
  }

  /** The queue was deleted, or its node went. The other consumers of the channel start anew with it. */
  #cancelledByBroker(queue: string, ended: (because: string) => void): void {
    if (this.#closed || this.#cancelled) return;
    this.#close();
    ended(`the broker cancelled the consumer of queue ${queue}`);
  }

  #closeWhenSettled(): void {
    if (this.#unsettled <= 0) this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    // The channel's last frames go before the one that closes it.
    this.#acknowledgements.writeFrames();
    this.#left();
    this.#channel.close().catch(() => {
      // It is closed already, which is what we want.
    });
  }

  #left(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#acknowledgements.end();
    this.#link.reader.leave(numberOf(this.#channel));
  }
}

async function declare(channel: Channel, { exchange, queue, routingKey }: QueueSetup): Promise<void> {
  if (exchange !== undefined) {
    const { durable, autoDelete } = exchange;
    await channel.assertExchange(exchange.name, exchange.type, { durable, autoDelete });
  }
  await declareQueue(channel, queue);
  if (exchange !== undefined) await channel.bindQueue(queue.name, exchange.name, routingKey);
}

async function declareQueue(channel: Channel, { name, durable, autoDelete, arguments: args }: Queue): Promise<void> {
  await channel.assertQueue(name, { durable, autoDelete, exclusive: false, arguments: args });
}

/** The broker goes on as long as less than the prefetch is unacknowledged. */
function patienceOf(prefetch: number): { readonly most: number; readonly delay: number } | undefined {
  const most = prefetch === 0 ? MOST_TOGETHER : Math.min(MOST_TOGETHER, Math.floor(prefetch / 4));
  return most < 2 ? undefined : { most, delay: LONGEST_WAIT };
}

/** Acknowledgements that are written together, and how long the first of them waits, in milliseconds. */
const MOST_TOGETHER = 64;
const LONGEST_WAIT = 10;

class AMQPMessage implements IncomingMessage {
  readonly queue: string;
  readonly #consumer: Consumer;
  readonly #delivery: Delivery;
  #settled = false;

  constructor(consumer: Consumer, delivery: Delivery, queue: string) {
    this.queue = queue;
    this.#consumer = consumer;
    this.#delivery = delivery;
  }

  get body(): Buffer {
    return this.#delivery.body;
  }

  get contentType(): string | undefined {
    return this.#delivery.contentType;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.#delivery.headers;
  }

  get expiration(): number | undefined {
    return this.#delivery.expiration;
  }

  get isStale(): boolean {
    return this.#consumer.closed;
  }

  get redelivered(): boolean {
    return this.#delivery.redelivered;
  }

  ack(): void {
    this.#settle("ack");
  }

  reject(requeue = false): void {
    this.#settle(requeue ? "requeue" : "reject");
  }

  #settle(how: "ack" | "reject" | "requeue"): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#consumer.settle(this.#delivery.deliveryTag, how);
  }
}
