import type { ConfirmChannel } from "amqplib";
import { BacklogFullError, MessageTooLargeError, type TransportError } from "../errors.js";
import type { Destination, OutgoingMessage } from "../transport.js";
import type { Traffic } from "../transport-stats.js";
import { channelError, replyCode } from "./broker-error.js";
import { Confirms } from "./confirms.js";
import type { FrameWriter } from "./frame-writer.js";
import { numberOf } from "./internals.js";
import type { Link } from "./link.js";
import type { AMQPSettings } from "./options.js";
import { Outgoing, type OutgoingOwner, Watch } from "./outgoing.js";
import { PublishFrames } from "./publish-frames.js";
import { addressOf, type Exchange, exchangeOf } from "./topology.js";

/** What the publisher needs of its connection. */
export interface PublishLink {
  want(): void;
  readonly lastError: TransportError | undefined;
}

/**
 * Sends messages and settles each promise with the broker's confirmation. Each exchange has a channel of its own: a
 * broker answers an exchange that is missing or differs by closing the channel, and this way that hits nobody else.
 */
export class Publisher {
  readonly #settings: AMQPSettings;
  readonly #link: PublishLink;
  readonly #traffic: Traffic;
  readonly #channels = new Map<string, ExchangeChannel>();
  readonly #watch = new Watch();
  #open: Link | undefined;
  #blocked = false;

  constructor(settings: AMQPSettings, link: PublishLink, traffic: Traffic) {
    this.#settings = settings;
    this.#link = link;
    this.#traffic = traffic;
  }

  publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    const refusal = this.#refusal(destination, message.body.length);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { topology } = this.#settings;
    const { exchange, routingKey } = addressOf(destination, topology);
    let channel = this.#channels.get(exchange);
    if (channel === undefined) {
      channel = new ExchangeChannel(exchange, exchangeOf(destination, topology), this.#link, this.#traffic);
      channel.blocked = this.#blocked;
      this.#channels.set(exchange, channel);
    }
    const ready = channel;
    return new Promise((resolve, reject) => {
      const outgoing = new Outgoing(ready, destination, routingKey, message, resolve, reject);
      if (message.signal !== undefined) this.#watch.add(outgoing);
      if (ready.send(outgoing)) return;
      if (this.#open === undefined) this.#link.want();
      else ready.open(this.#open);
    });
  }

  /** Why the message may not even wait. A full backlog takes one more where it is empty, however large that is. */
  #refusal(destination: Destination, size: number): Error | undefined {
    const { maxMessageSize, maxBacklog, maxBacklogBytes } = this.#settings;
    const { backlog, backlogBytes } = this.#traffic;
    const fits = backlog < maxBacklog && (backlogBytes + size <= maxBacklogBytes || backlog === 0);
    if (fits && size <= maxMessageSize) return undefined;
    const details = "target" in destination ? { target: destination.target } : {};
    if (size > maxMessageSize) return new MessageTooLargeError(size, maxMessageSize, details);
    const text = `not sent: ${backlog} messages of ${backlogBytes} bytes wait for RabbitMQ already (maxBacklog, maxBacklogBytes)`;
    return new BacklogFullError(text, details);
  }

  /** Whether messages wait for a connection. */
  get waiting(): boolean {
    for (const channel of this.#channels.values()) if (channel.waiting.size > 0) return true;
    return false;
  }

  opened(link: Link): void {
    this.#open = link;
    link.onDrain(() => {
      for (const channel of this.#channels.values()) channel.flush();
    });
    for (const channel of this.#channels.values()) if (channel.waiting.size > 0) channel.open(link);
  }

  /** What was sent and not confirmed fails; what waits goes on waiting. */
  lost(error: TransportError): void {
    this.#open = undefined;
    for (const channel of this.#channels.values()) channel.lost(error);
  }

  blocked(blocked: boolean): void {
    this.#blocked = blocked;
    for (const channel of this.#channels.values()) {
      channel.blocked = blocked;
      channel.flush();
    }
  }

  /** Every message that was not sent fails. */
  failWaiting(error: TransportError): void {
    for (const channel of this.#channels.values()) channel.failWaiting(error);
  }

  /** Resolves when every message is settled. */
  async settled(): Promise<void> {
    for (const channel of this.#channels.values()) await channel.settled();
  }
}

/** The channel of one exchange, with the messages that wait for it and those that wait for their confirmation. */
class ExchangeChannel implements OutgoingOwner {
  /** Not yet given to the socket, oldest first. */
  readonly waiting = new Set<Outgoing>();
  readonly traffic: Traffic;
  blocked = false;
  readonly #name: string;
  readonly #exchange: Exchange | undefined;
  readonly #link: PublishLink;
  #channel: OpenChannel | undefined;
  /** Channels that were replaced and have something to confirm. */
  readonly #retired = new Set<OpenChannel>();
  /** The connection on which a channel is being opened. */
  #opening: Link | undefined;
  #settledListeners: (() => void)[] = [];

  constructor(name: string, exchange: Exchange | undefined, link: PublishLink, traffic: Traffic) {
    this.#name = name;
    this.#exchange = exchange;
    this.#link = link;
    this.traffic = traffic;
  }

  /** Publishes, or keeps the message until that is possible; returns whether a channel is there. */
  send(outgoing: Outgoing): boolean {
    const isWritten = this.#writable && this.waiting.size === 0 && this.#write(outgoing);
    if (!isWritten) this.waiting.add(outgoing);
    return this.#channel !== undefined;
  }

  /** Publishes what waits, as far as the socket takes it. */
  flush(): void {
    for (const outgoing of this.waiting) {
      // What is not taken keeps its place.
      if (!this.#writable || !this.#write(outgoing)) return;
      this.waiting.delete(outgoing);
    }
  }

  open(link: Link): void {
    if (this.#channel !== undefined || this.#opening === link) return;
    this.#opening = link;
    this.#openChannel(link).catch((error: unknown) => {
      if (this.#opening !== link) return;
      this.#opening = undefined;
      // The connection still stands, so it is the broker that refuses.
      this.failWaiting(channelError(error, `the exchange ${JSON.stringify(this.#name)} cannot be declared`));
    });
  }

  lost(error: TransportError): void {
    const channels = [...this.#retired, ...(this.#channel === undefined ? [] : [this.#channel])];
    this.#channel = undefined;
    this.#opening = undefined;
    this.#retired.clear();
    for (const { confirms } of channels) {
      for (const outgoing of confirms.take()) {
        outgoing.fail("the broker had not confirmed the message; whether it took it is unknown", "unknown", error);
      }
    }
    this.#changed();
  }

  failWaiting(error: TransportError): void {
    for (const outgoing of this.waiting) outgoing.fail(`not sent: ${error.message}`, "not-sent", error);
    this.waiting.clear();
    this.#changed();
  }

  /** The caller gave up. */
  abort(outgoing: Outgoing): void {
    const { lastError } = this.#link;
    const cause = lastError ?? outgoing.signal?.reason;
    if (this.waiting.delete(outgoing)) {
      const why = this.blocked ? "RabbitMQ takes no messages for now" : (lastError?.message ?? "no connection in time");
      outgoing.fail(`not sent: ${why}`, "not-sent", cause);
    } else {
      // Its tag stays taken; the confirmation may still come and finds it settled.
      outgoing.fail("the broker did not confirm the message in time; whether it took it is unknown", "unknown", cause);
    }
    this.#changed();
  }

  async settled(): Promise<void> {
    while (!this.#isSettled) {
      await new Promise<void>((resolve) => this.#settledListeners.push(resolve));
    }
  }

  get #writable(): boolean {
    return this.#channel !== undefined && !this.#channel.writer.full && !this.blocked;
  }

  /** The hot path. False when there is no channel. */
  #write(outgoing: Outgoing): boolean {
    const channel = this.#channel;
    if (channel === undefined) return false;
    try {
      channel.frames.write(channel.writer, outgoing.routingKey, outgoing.message, outgoing.body);
      channel.confirms.add(outgoing);
    } catch (error) {
      outgoing.fail("the message cannot be encoded", "not-sent", error);
    }
    return true;
  }

  #confirmed(channel: OpenChannel, tag: number, multiple: boolean, taken: boolean): void {
    const { confirms } = channel;
    confirms.confirmed(tag, multiple, taken);
    if (confirms.size === 0 && this.#retired.delete(channel)) channel.close();
    if (!taken) this.#replace(channel);
    this.#changed();
  }

  /**
   * A channel that refuses messages is replaced, and closed when it has confirmed what it can. RabbitMQ 3.10 takes a
   * channel's way to a quorum queue from the queue's record; where the leader has died and the record is old, the
   * channel refuses everything until that node is back, while a new channel finds the new leader.
   */
  #replace(channel: OpenChannel): void {
    if (channel !== this.#channel || Date.now() - channel.openedAt < REPLACE_AFTER) return;
    if (this.#retired.size >= MOST_RETIRED) return;
    this.#channel = undefined;
    if (channel.confirms.size > 0) this.#retired.add(channel);
    else channel.close();
    this.open(channel.link);
  }

  async #openChannel(link: Link): Promise<void> {
    const model = await link.model.createConfirmChannel();
    const number = numberOf(model);
    const channel: OpenChannel = {
      link,
      writer: link.writer,
      frames: new PublishFrames(number, this.#name),
      confirms: new Confirms(),
      openedAt: Date.now(),
      close: () => closeQuietly(model),
    };
    let closedBecause: unknown;
    model.on("error", (error) => {
      closedBecause = error;
    });
    model.on("close", () => {
      link.reader.leave(number);
      this.#closed(channel, closedBecause);
    });
    model.on("return", (message) => channel.confirms.returned(message));
    link.reader.listen(number, {
      confirmed: (tag, multiple, taken) => this.#confirmed(channel, tag, multiple, taken),
    });
    if (this.#exchange !== undefined) {
      const { name, type, durable, autoDelete } = this.#exchange;
      await model.assertExchange(name, type, { durable, autoDelete });
    }
    if (this.#opening !== link) return;
    this.#opening = undefined;
    this.#channel = channel;
    this.flush();
  }

  #closed(channel: OpenChannel, because: unknown): void {
    // When the connection goes, `lost` says why and settles what is open.
    if (because === undefined) return;
    if (channel === this.#channel) this.#channel = undefined;
    else if (!this.#retired.delete(channel)) return;
    const unconfirmed = channel.confirms.take();
    if (replyCode(because) === notFound) {
      // The exchange is gone: a fanout exchange goes with its last server. The broker took nothing from that publish
      // on, and what it took before went to queues that are gone as well. Declare it again and publish again.
      const again = unconfirmed.filter((outgoing) => !outgoing.settled && outgoing.attempts++ < 3);
      const others = [...this.waiting];
      this.waiting.clear();
      for (const outgoing of [...again, ...others]) this.waiting.add(outgoing);
    }
    const error = channelError(because, `the channel of exchange ${JSON.stringify(this.#name)} was closed`);
    for (const outgoing of unconfirmed) {
      if (!this.waiting.has(outgoing)) outgoing.fail(`not confirmed: ${error.message}`, "unknown", error);
    }
    this.#changed();
    if (this.waiting.size > 0) this.open(channel.link);
  }

  get #isSettled(): boolean {
    return this.waiting.size === 0 && this.#retired.size === 0 && (this.#channel?.confirms.size ?? 0) === 0;
  }

  #changed(): void {
    if (this.#settledListeners.length === 0 || !this.#isSettled) return;
    for (const listener of this.#settledListeners.splice(0)) listener();
  }
}

interface OpenChannel {
  readonly link: Link;
  readonly writer: FrameWriter;
  readonly frames: PublishFrames;
  /** What the broker has to confirm. */
  readonly confirms: Confirms;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  close(): void;
}

function closeQuietly(channel: ConfirmChannel): void {
  channel.close().catch(() => {
    // It went with its connection.
  });
}

const notFound = 404;
/** Milliseconds before a channel that refuses messages is replaced: some refusals are the queue's, and would come again. */
const REPLACE_AFTER = 1_000;
const MOST_RETIRED = 4;
