import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { LONGEST_TIMER } from "./deadline.js";
import {
  BacklogFullError,
  EncodingError,
  MessageTooLargeError,
  MessageUndeliverableError,
  TransportError,
} from "./errors.js";
import { failureOf } from "./failures.js";
import { newId } from "./id.js";
import type { Logger } from "./logger.js";
import type { Transport } from "./transport.js";
import { encodeReply, type WireReply } from "./wire/reply.js";
import type { ReplyAddress } from "./wire/request.js";
import { withUniqueId } from "./wire/unique-id.js";

/** Time for which a reply is sent again where its queue or our connection is gone; one of the two may be reconnecting. Source: kombu_missing_consumer_retry_timeout. */
const RETRY_FOR = 60_000;
const RETRY_EVERY = 250;
/** Reply queues that stayed away; later replies to them are tried once and not again. Source: oslo_messaging's ObsoleteReplyQueuesCache, which does not try. */
const MOST_OBSOLETE = 200;
const OBSOLETE_FOR = 60_000;
/** Replies that are tried again at the same time, at most: each is kept in memory. */
const MOST_LATE = 10_000;
/** Their bytes. One that is larger by itself is tried again when it is alone. */
const MOST_LATE_BYTES = 64 << 20;

/** A reply as it goes out. What may be sent again is kept as bytes: its text is many small strings. */
export interface EncodedReply {
  readonly messageId: string;
  readonly uniqueId: string;
  readonly body: Buffer;
}

/** Encodes a reply. A failure whose fields have no form on the wire is another failure: its caller hears of it at once. */
export function encodedReply(reply: WireReply): EncodedReply {
  const { messageId } = reply;
  const uniqueId = newId();
  try {
    return { messageId, uniqueId, body: encodeReply(reply, uniqueId) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const failure = failureOf(new EncodingError(`the failure cannot be encoded: ${text}`), { traces: false });
    return { messageId, uniqueId, body: encodeReply({ messageId, kind: "failure", failure }, uniqueId) };
  }
}

/** Sends a server's replies and heartbeats to the reply queues of its callers. */
export class ReplySender {
  readonly #transport: Transport;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  /** Queue names and when each was found gone, oldest first. */
  readonly #obsolete = new Map<string, number>();
  /** Queues that are gone, each with whether the reply that is tried for all of its queue was taken in the end. */
  readonly #gone = new Map<string, Promise<boolean>>();
  /** Replies that are tried again. */
  readonly #late = new Set<Promise<void>>();
  #lateBytes = 0;

  constructor(transport: Transport, logger: Logger) {
    this.#transport = transport;
    this.#logger = logger;
    // A listener for each reply that is late and each call that is monitored.
    setMaxListeners(0, this.#stopped.signal);
  }

  /**
   * Sends a reply; resolves after the first try. Where the queue is gone, or the connection, it is tried again for a
   * while, and does not keep the server from its other requests meanwhile. Never rejects: there is nobody to tell but
   * the log.
   */
  async send({ queue }: ReplyAddress, reply: EncodedReply): Promise<void> {
    if (queue === undefined) return;
    if (isNoName(queue)) {
      this.#logger.warn({ messageId: reply.messageId }, "dropped a reply to a queue whose name is none of AMQP's");
      return;
    }
    if (this.#gone.has(queue)) {
      this.#notTaken(new MessageUndeliverableError(goneText(queue)), reply, queue);
      return;
    }
    try {
      await this.#publish(queue, reply.body);
      if (this.#obsolete.size > 0) this.#obsolete.delete(queue);
    } catch (thrown) {
      const { error, sent } = await this.#instead(toError(thrown), reply, queue);
      if (error !== undefined) this.#notTaken(error, sent, queue);
    }
  }

  /** Resolves when no reply is tried again any more: each was taken, or given up. */
  async settled(): Promise<void> {
    while (this.#late.size > 0) await Promise.all(this.#late);
  }

  /** Tries again until the reply is taken; resolves with the last error when it was not. Never rejects. */
  async #sendLate(queue: string, reply: EncodedReply, error: Error): Promise<Error | undefined> {
    const give = Date.now() + RETRY_FOR;
    let failure: Error | undefined = error;
    while (failure !== undefined && this.#mayReturn(failure) && Date.now() < give) {
      if (failure instanceof MessageUndeliverableError) {
        // One reply is tried for all of its queue: a caller with many calls that went away is one try, not many.
        const other = this.#gone.get(queue);
        if (other === undefined) return this.#sendForAll(queue, reply, give);
        if (!(await other)) return failure;
      } else if (!(await this.#pause())) {
        // It was our connection, which is back for every queue at the same time.
        return failure;
      }
      failure = await this.#try(queue, reply);
    }
    return failure;
  }

  async #sendForAll(queue: string, reply: EncodedReply, give: number): Promise<Error | undefined> {
    let known: (isTaken: boolean) => void = () => {};
    this.#gone.set(queue, new Promise((resolve) => (known = resolve)));
    let failure: Error | undefined = new MessageUndeliverableError(goneText(queue));
    while (failure !== undefined && this.#mayReturn(failure) && Date.now() < give && (await this.#pause())) {
      failure = await this.#try(queue, reply);
    }
    this.#gone.delete(queue);
    if (failure instanceof MessageUndeliverableError) this.#forget(queue);
    known(failure === undefined);
    return failure;
  }

  /** Tries again later, or gives up. */
  #notTaken(error: Error, reply: EncodedReply, queue: string): void {
    const { messageId } = reply;
    const size = reply.body.length;
    if (error instanceof MessageUndeliverableError && this.#isObsolete(queue)) return;
    const fits = this.#late.size < MOST_LATE && (this.#lateBytes + size <= MOST_LATE_BYTES || this.#late.size === 0);
    if (!this.#mayReturn(error) || !fits) {
      this.#report(error, queue, messageId);
      return;
    }
    this.#lateBytes += size;
    const late = this.#sendLate(queue, reply, error).then((failure) => {
      this.#late.delete(late);
      this.#lateBytes -= size;
      if (failure !== undefined) this.#report(failure, queue, messageId);
    });
    this.#late.add(late);
  }

  /** Publishes once more. */
  async #try(queue: string, { body, uniqueId }: EncodedReply): Promise<Error | undefined> {
    try {
      // A fresh unique id each time, as oslo.messaging does: the last try may have arrived after all.
      await this.#publish(queue, withUniqueId(body, uniqueId, newId()));
      return undefined;
    } catch (thrown) {
      return toError(thrown);
    }
  }

  /** In place of a reply that is too large goes a failure that says so. */
  async #instead(error: Error, reply: EncodedReply, queue: string): Promise<Tried> {
    if (!(error instanceof MessageTooLargeError)) return { error, sent: reply };
    const failure = failureOf(error, { traces: false });
    const sent = encodedReply({ messageId: reply.messageId, kind: "failure", failure });
    return { error: await this.#try(queue, sent), sent };
  }

  #report(error: Error, queue: string, messageId: string): void {
    this.#logger.error({ error, queue, messageId }, "a reply could not be delivered");
  }

  /**
   * Tells the caller that the method still runs, at half of the silence which it allows; a caller that does not monitor
   * must not get any. Returns what ends the heartbeats.
   */
  startHeartbeats({ queue, messageId, heartbeat }: ReplyAddress): () => void {
    if (queue === undefined || heartbeat === null || isNoName(queue)) return () => {};
    if (heartbeat < 2) {
      this.#logger.warn(
        { messageId, heartbeat },
        "the caller's monitor allows less than 2 s of silence: no heartbeats",
      );
      return () => {};
    }
    let isSending = false;
    const end = (): void => {
      clearInterval(timer);
      this.#stopped.signal.removeEventListener("abort", end);
    };
    const beat = async (): Promise<void> => {
      // While the broker is away one is enough.
      if (isSending) return;
      isSending = true;
      try {
        await this.#publish(queue, encodeReply({ messageId, kind: "heartbeat" }, newId()));
      } catch (error) {
        this.#logger.debug({ error, queue, messageId }, "a heartbeat could not be delivered");
        // A connection comes back, and its caller is still there.
        if (error instanceof MessageUndeliverableError) end();
      }
      isSending = false;
    };
    const timer = setInterval(beat, Math.min(heartbeat * 500, LONGEST_TIMER));
    this.#stopped.signal.addEventListener("abort", end);
    return end;
  }

  /** Ends the heartbeats, and the waits for queues that are gone. */
  stop(): void {
    this.#stopped.abort();
  }

  #publish(replyQueue: string, body: Buffer): Promise<void> {
    return this.#transport.publish({ replyQueue }, { body, mandatory: true });
  }

  /** The client's queue may come back, or our connection; a caller that gets the reply twice takes the first. */
  #mayReturn(error: unknown): boolean {
    if (error instanceof MessageUndeliverableError || error instanceof BacklogFullError) return true;
    if (!(error instanceof TransportError) || error.delivery === undefined) return false;
    return this.#transport.stats?.().connections.publish.state !== "closed";
  }

  /** False when the server has stopped meanwhile. */
  async #pause(): Promise<boolean> {
    try {
      await delay(RETRY_EVERY, undefined, { signal: this.#stopped.signal });
      return true;
    } catch {
      // The only failure is the abort.
      return false;
    }
  }

  #isObsolete(queue: string): boolean {
    const since = this.#obsolete.get(queue);
    if (since === undefined) return false;
    if (Date.now() - since < OBSOLETE_FOR) return true;
    this.#obsolete.delete(queue);
    return false;
  }

  #forget(queue: string): void {
    this.#obsolete.set(queue, Date.now());
    if (this.#obsolete.size > MOST_OBSOLETE) {
      const oldest = this.#obsolete.keys().next();
      if (oldest.done !== true) this.#obsolete.delete(oldest.value);
    }
  }
}

/** Longer than a name of AMQP can be: such a queue never comes back. */
function isNoName(queue: string): boolean {
  return queue.length > LONGEST_NAME || Buffer.byteLength(queue) > LONGEST_NAME;
}

/** In bytes. */
const LONGEST_NAME = 255;

function goneText(queue: string): string {
  return `the reply queue ${queue} does not exist`;
}

interface Tried {
  readonly error: Error | undefined;
  /** The reply, or what stands for it. */
  readonly sent: EncodedReply;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
