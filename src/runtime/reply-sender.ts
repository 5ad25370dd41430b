import { setTimeout as delay } from "node:timers/promises";
import { EncodingError, MessageUndeliverableError } from "./errors.js";
import { failureOf } from "./failures.js";
import { newId } from "./id.js";
import type { Logger } from "./logger.js";
import type { Transport } from "./transport.js";
import { encodeReply, type WireReply } from "./wire/reply.js";
import type { ReplyAddress } from "./wire/request.js";

/** Time for which a reply queue that is gone is tried again; its client may be reconnecting. Source: kombu_missing_consumer_retry_timeout. */
const RETRY_FOR = 60_000;
const RETRY_EVERY = 250;
/** Reply queues that stayed away; later replies to them are dropped at once. Source: oslo_messaging's ObsoleteReplyQueuesCache. */
const MOST_OBSOLETE = 200;
const OBSOLETE_FOR = 60_000;

/** Sends a server's replies and heartbeats to the reply queues of its callers. */
export class ReplySender {
  readonly #transport: Transport;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  /** Queue names and when each was found gone, oldest first. */
  readonly #obsolete = new Map<string, number>();

  constructor(transport: Transport, logger: Logger) {
    this.#transport = transport;
    this.#logger = logger;
  }

  /** Sends a reply; a queue that is gone is tried for a while. Never rejects: there is nobody to tell but the log. */
  async send({ queue, messageId }: ReplyAddress, reply: WireReply): Promise<void> {
    if (queue === undefined || this.#isObsolete(queue)) return;
    const give = Date.now() + RETRY_FOR;
    for (;;) {
      try {
        // A fresh unique id each time, as oslo.messaging does: the last try may have arrived after all.
        await this.#publish(queue, encodeReplyOrFailure(reply));
        return;
      } catch (error) {
        const mayReturn = error instanceof MessageUndeliverableError && Date.now() < give;
        if (!mayReturn || !(await this.#pause())) {
          if (error instanceof MessageUndeliverableError) this.#forget(queue);
          this.#logger.error({ error, queue, messageId }, "a reply could not be delivered");
          return;
        }
      }
    }
  }

  /**
   * Tells the caller that the method still runs, at half of the silence which it allows; a caller that does not monitor
   * must not get any. Returns what ends the heartbeats.
   */
  startHeartbeats({ queue, messageId, heartbeat }: ReplyAddress): () => void {
    if (queue === undefined || heartbeat === null) return () => {};
    if (heartbeat < 2) {
      this.#logger.warn(
        { messageId, heartbeat },
        "the caller's monitor allows less than 2 s of silence: no heartbeats",
      );
      return () => {};
    }
    const end = (): void => {
      clearInterval(timer);
      this.#stopped.signal.removeEventListener("abort", end);
    };
    const timer = setInterval(() => {
      this.#publish(queue, encodeReply({ messageId, kind: "heartbeat" }, newId())).catch((error: unknown) => {
        end();
        this.#logger.debug({ error, queue, messageId }, "a heartbeat could not be delivered; no more are sent");
      });
    }, heartbeat * 500);
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

/** A result that has no form on the wire is itself a failure: the caller hears of it at once. */
function encodeReplyOrFailure(reply: WireReply): Buffer {
  try {
    return encodeReply(reply, newId());
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const failure = failureOf(new EncodingError(`the result cannot be encoded: ${text}`), { traces: false });
    return encodeReply({ messageId: reply.messageId, kind: "failure", failure }, newId());
  }
}
