import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { LONGEST_TIMER } from "./deadline.js";
import type { MethodHandler } from "./dispatcher.js";
import { InvalidArgumentsError } from "./errors.js";
import type { Logger } from "./logger.js";
import { RecentIds } from "./recent-ids.js";
import { deadLetterQueue, type Headers, type IncomingMessage, type Transport } from "./transport.js";
import type { WireRequest } from "./wire/request.js";

/** Deliveries in all, where the definition does not say. */
const DEFAULT_ATTEMPTS = 5;
const DEFAULT_DELAY = 1_000;
/** The wait doubles with each attempt, up to this many milliseconds. */
const LONGEST_DELAY = 30_000;
/** Between tries to move a message while the broker is away. */
const MOVE_AGAIN = 1_000;
/** Characters of an error's text in the header of a dead letter: a frame holds all headers of a message. */
const LONGEST_TEXT = 1_000;

/** Bytes of a peer's headers that go on with a message. */
const MOST_FOREIGN = 32_768;

/** How many attempts a message has behind it; a number. */
const ATTEMPTS = "x-rpcgen-attempts";
/** What quorum queues count themselves. */
const DELIVERY_COUNT = "x-delivery-count";

export interface RedeliveryOptions {
  readonly topic: string;
  /** Milliseconds before the second attempt. */
  readonly delay: number | undefined;
  readonly logger: Logger;
  /** Hears of each message that is tried again, or given up. */
  readonly onMove: (what: "retried" | "dead-lettered", handler: MethodHandler) => void;
}

/**
 * At-least-once casts: acknowledged after the method has run, tried again where it failed, dead-lettered in the end.
 *
 * A classic queue does not count deliveries, and a rejected message comes back at once and unchanged. So a message that
 * failed is published again to its queue, with the number of its attempts in a header, and acknowledged when the broker
 * has confirmed the copy; in between it may be there twice, and never not at all. The same is done, before it runs, with
 * a message that the broker marks as redelivered: a server died with it, or lost its connection, and a message that
 * kills its servers must run out of attempts too. Quorum queues count by themselves.
 */
export class Redelivery {
  readonly #transport: Transport;
  readonly #options: RedeliveryOptions;
  /** What runs or is being moved; when the broker delivers it again, the newer delivery is the one to acknowledge. */
  readonly #open = new Map<string, Delivery>();
  readonly #moving = new Set<Promise<void>>();
  /** Attempts that are over; "moved" where the message went on to another queue, or to the next attempt. */
  readonly #done = new RecentIds<"moved">();
  /** Deliveries that were lost before they began. */
  readonly #untouched = new RecentIds();
  readonly #stopped = new AbortController();

  constructor(transport: Transport, options: RedeliveryOptions) {
    this.#transport = transport;
    this.#options = options;
    // A listener for each message that waits for its next attempt.
    setMaxListeners(0, this.#stopped.signal);
  }

  /** Runs a delivery and resolves when it has run; what follows is waited for by `stop`. Never rejects. */
  async process(
    message: IncomingMessage,
    request: WireRequest,
    handler: MethodHandler,
    run: () => Promise<unknown>,
  ): Promise<void> {
    const before = attemptsOf(message);
    const key = request.uniqueId === undefined ? undefined : `${request.uniqueId} ${before}`;
    const open = key === undefined ? undefined : this.#open.get(key);
    if (open !== undefined) {
      open.message = message;
      return;
    }
    if (key !== undefined && this.#isDone(key, message)) {
      message.ack();
      return;
    }
    const delivery: Delivery = { message, key, handler, attempts: before + 1 };
    if (key !== undefined) this.#open.set(key, delivery);
    if (this.#isCounted(delivery)) {
      this.#move(delivery, new ServerLostError(), 0);
      return;
    }
    try {
      await run();
      this.#close(delivery);
    } catch (error) {
      const { logger } = this.#options;
      logger.warn({ method: request.method, error, attempt: delivery.attempts }, "an at-least-once cast failed");
      this.#move(delivery, error, this.#waitAfter(delivery.attempts));
    }
  }

  /** What was moved may come again on purpose, from the dead letters; then it is not marked as redelivered. */
  #isDone(key: string, message: IncomingMessage): boolean {
    return this.#done.has(key) && (message.redelivered || this.#done.kept(key) !== "moved");
  }

  /** A delivery that did not begin, and whose connection is gone: when it comes again it has not been attempted. */
  missed(message: IncomingMessage, { uniqueId }: WireRequest): void {
    if (uniqueId !== undefined) this.#untouched.add(`${uniqueId} ${attemptsOf(message)}`);
  }

  /** Gives a delivery back that did not begin, so that it does not count as an attempt. Never rejects. */
  async giveBack(message: IncomingMessage): Promise<void> {
    try {
      await this.#publish(message.queue, message, attemptsOf(message));
      message.ack();
    } catch {
      // The broker takes it back by itself, and counts.
      message.reject(true);
    }
  }

  /** Ends the waits before further attempts; resolves when every message is in a queue again. Idempotent, never rejects. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    while (this.#moving.size > 0) await Promise.all(this.#moving);
  }

  /** The broker has delivered it before, and does not say how often: that is one attempt. */
  #isCounted({ message, key }: Delivery): boolean {
    if (!message.redelivered || message.headers[DELIVERY_COUNT] !== undefined) return false;
    if (key === undefined || !this.#untouched.has(key)) return true;
    this.#untouched.forget(key);
    return false;
  }

  #waitAfter(attempts: number): number {
    const first = this.#options.delay ?? DEFAULT_DELAY;
    return Math.min(LONGEST_TIMER, Math.max(first, LONGEST_DELAY), first * 2 ** (attempts - 1));
  }

  #move(delivery: Delivery, error: unknown, wait: number): void {
    const moving = this.#moveWhenDue(delivery, error, wait).finally(() => this.#moving.delete(moving));
    this.#moving.add(moving);
  }

  /** To its own queue for the next attempt, or to the dead letters. Never rejects. */
  async #moveWhenDue(delivery: Delivery, error: unknown, wait: number): Promise<void> {
    const { handler, attempts } = delivery;
    const { logger, topic, onMove } = this.#options;
    // Arguments that do not fit the definition will not fit it the next time.
    const isDead = attempts >= (handler.method.attempts ?? DEFAULT_ATTEMPTS) || error instanceof InvalidArgumentsError;
    if (!isDead) await this.#pause(wait);
    const { queue } = delivery.message;
    const to = isDead ? deadLetterQueue(topic) : queue;
    for (;;) {
      try {
        await this.#publish(to, delivery.message, attempts, isDead ? reasonOf(error, handler, queue) : {});
        break;
      } catch (failure) {
        logger.error({ error: failure, method: handler.name, queue: to }, "an at-least-once cast could not be moved");
        if (await this.#pause(MOVE_AGAIN)) continue;
        if (delivery.key !== undefined) this.#open.delete(delivery.key);
        delivery.message.reject(true);
        return;
      }
    }
    this.#close(delivery, "moved");
    onMove(isDead ? "dead-lettered" : "retried", handler);
    if (isDead) logger.error({ error, method: handler.name, queue: to, attempts }, "a cast was dead-lettered");
  }

  #close({ message, key }: Delivery, how?: "moved"): void {
    if (key !== undefined) {
      this.#open.delete(key);
      this.#done.add(key);
      if (how !== undefined) this.#done.keep(key, how);
    }
    message.ack();
  }

  #publish(queue: string, { body, headers }: IncomingMessage, attempts: number, reason: Headers = {}): Promise<void> {
    const own: Record<string, string | number> = { ...reason };
    if (attempts > 0) own[ATTEMPTS] = attempts;
    return this.#transport.publish({ queue }, { body, mandatory: true, headers: { ...foreign(headers), ...own } });
  }

  /** False when the server stops. */
  async #pause(milliseconds: number): Promise<boolean> {
    try {
      await delay(milliseconds, undefined, { signal: this.#stopped.signal });
      return true;
    } catch {
      // The only failure is the abort.
      return false;
    }
  }
}

/** A server died while it had the message, or lost its connection. */
class ServerLostError extends Error {
  constructor() {
    super("the server died while it had the message, or lost its connection");
    this.name = "ServerLostError";
  }
}

interface Delivery {
  /** The newest delivery of the message. */
  message: IncomingMessage;
  /** What tells this attempt from every other; undefined for a message without an id. */
  readonly key: string | undefined;
  readonly handler: MethodHandler;
  /** The number of this attempt, from 1. */
  readonly attempts: number;
}

function attemptsOf({ headers }: IncomingMessage): number {
  return count(headers[ATTEMPTS]) + count(headers[DELIVERY_COUNT]);
}

function count(header: unknown): number {
  return typeof header === "number" && header > 0 ? Math.trunc(header) : 0;
}

/**
 * What came with the message and is needed to read or to trace it. Long headers of a peer stay out where ours would not
 * fit beside them any more: a message that cannot be moved would be tried without end.
 */
function foreign(headers: Readonly<Record<string, unknown>>): Headers {
  let room = MOST_FOREIGN;
  const kept = Object.entries(headers).filter((entry): entry is [string, string | number] => {
    const [name, value] = entry;
    if (name.startsWith("x-") || (typeof value !== "string" && typeof value !== "number")) return false;
    const size = Buffer.byteLength(name) + (typeof value === "string" ? Buffer.byteLength(value) : 8);
    if (size > room) return false;
    room -= size;
    return true;
  });
  return Object.fromEntries(kept);
}

/** Why a message is dead, and what an operator needs to send it again. */
function reasonOf(error: unknown, { service, name }: MethodHandler, queue: string): Headers {
  const { name: className, message } = error instanceof Error ? error : new Error(String(error));
  return {
    "x-rpcgen-error": className.slice(0, LONGEST_TEXT),
    "x-rpcgen-message": message.slice(0, LONGEST_TEXT),
    "x-rpcgen-service": service.name,
    "x-rpcgen-method": name,
    "x-rpcgen-queue": queue,
    "x-rpcgen-time": new Date().toISOString(),
  };
}
