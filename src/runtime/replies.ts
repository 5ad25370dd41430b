import { TooManyPendingCallsError } from "./errors.js";
import { newId } from "./id.js";
import type { Logger } from "./logger.js";
import { messageIdWithin } from "./oversized.js";
import type { IncomingMessage, SubscriptionChange, Transport } from "./transport.js";
import { defaultLimits } from "./transport-options.js";
import { decodeReply, type WireReply } from "./wire/reply.js";

/** A call that waits for its reply. */
export interface PendingCall {
  /** Several servers answer; the wait ends with `forget`. @default false */
  readonly isMany?: boolean;
  /** The last message: a result or a failure. */
  settle(reply: Exclude<WireReply, { kind: "heartbeat" }>): void;
  /** The reply came and cannot be read: it is larger than the transport takes. */
  tooLarge?(size: number, limit: number): void;
  /** The method still runs. */
  heartbeat(): void;
  /** No reply can arrive for now: the connection was lost, or the queue. */
  lost?(): void;
  /** Replies arrive again; one that was on its way meanwhile may be lost. */
  recovered?(): void;
  /** No reply will arrive any more: the transport was closed. */
  ended?(): void;
}

/** The reply queue of a program on one transport, shared by its clients. Source: oslo_messaging's ReplyWaiter. */
export class Replies {
  static readonly #all = new WeakMap<Transport, Replies>();

  /** The reply queue of a transport; made at the first call. */
  static of(transport: Transport, logger: Logger): Replies {
    let replies = Replies.#all.get(transport);
    if (replies === undefined) {
      replies = new Replies(transport, logger);
      Replies.#all.set(transport, replies);
    }
    return replies;
  }

  /** The queue's name, for `_reply_q`. */
  readonly queue = `reply_${newId()}`;
  readonly #transport: Transport;
  readonly #logger: Logger;
  /**
   * By message id, each in an object of its own which is emptied at the call's end: V8 chains the tables that a map
   * outgrows or cleans up, and what an old one refers to is not collected with the young.
   */
  readonly #pending = new Map<string, { call: PendingCall | undefined }>();
  #subscribed: Promise<unknown> | undefined;
  #isReady = false;
  #losses = 0;

  private constructor(transport: Transport, logger: Logger) {
    this.#transport = transport;
    this.#logger = logger;
  }

  /** Whether replies can arrive. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Calls that wait for a reply. */
  get pending(): number {
    return this.#pending.size;
  }

  /** How often replies could not arrive for a time. */
  get losses(): number {
    return this.#losses;
  }

  /** Declares the queue and starts to consume; a failed attempt is made again by the next call. */
  ready(): Promise<unknown> {
    this.#subscribed ??= this.#transport
      .subscribe(
        {
          replyQueue: this.queue,
          changed: (change) => this.#changed(change),
          oversized: (message) => this.#oversized(message),
        },
        (message) => this.#receive(message),
      )
      .then(
        () => {
          this.#isReady = true;
        },
        (error: unknown) => {
          this.#subscribed = undefined;
          throw error;
        },
      );
    return this.#subscribed;
  }

  /**
   * Registers a call; before its request is published, since the reply may be faster than the confirm.
   *
   * @throws {TooManyPendingCallsError} when as many as the transport allows wait already
   */
  expect(messageId: string, call: PendingCall): void {
    const limit = this.#transport.maxPendingCalls ?? defaultLimits.maxPendingCalls;
    if (this.#pending.size >= limit) throw new TooManyPendingCallsError(limit);
    this.#pending.set(messageId, { call });
  }

  /** Ends the wait; a reply that comes later is dropped. */
  forget(messageId: string): void {
    const waiting = this.#pending.get(messageId);
    if (waiting === undefined) return;
    waiting.call = undefined;
    this.#pending.delete(messageId);
  }

  #changed(change: SubscriptionChange): void {
    if (change === "lost") this.#losses++;
    if (change === "ended") {
      this.#subscribed = undefined;
      this.#isReady = false;
    }
    // A copy: a call that ends takes itself out.
    for (const { call } of [...this.#pending.values()]) call?.[change]?.();
  }

  /** The transport has logged it, and rejects it. */
  #oversized({ body }: IncomingMessage): void {
    const messageId = messageIdWithin(body);
    const limit = this.#transport.maxMessageSize ?? defaultLimits.maxMessageSize;
    if (messageId !== undefined) this.#pending.get(messageId)?.call?.tooLarge?.(body.length, limit);
  }

  #receive(message: IncomingMessage): void {
    let reply: WireReply;
    try {
      reply = decodeReply(message);
    } catch (error) {
      message.reject();
      this.#logger.warn({ error, queue: this.queue }, "dropped a message on the reply queue that is not a reply");
      return;
    }
    message.ack();
    const call = this.#pending.get(reply.messageId)?.call;
    if (call === undefined) {
      // oslo servers keep up heartbeats after some failures, and a slow server answers after the time-out.
      this.#logger.debug({ messageId: reply.messageId, kind: reply.kind }, "dropped a late reply");
    } else if (reply.kind === "heartbeat") {
      call.heartbeat();
    } else {
      if (call.isMany !== true) this.forget(reply.messageId);
      call.settle(reply);
    }
  }
}
