import type { ValueCodec } from "./codec.js";
import type { ErrorDetails } from "./errors.js";
import { IncompatibleObjectError, MessageTooLargeError, RPCTimeoutError, TransportError } from "./errors.js";
import { errorOf } from "./failures.js";
import { newId } from "./id.js";
import { encode, type Operation, publish, publishError } from "./publishing.js";
import { countRepeat, publishAgain } from "./repeating.js";
import type { PendingCall, Replies } from "./replies.js";
import type { PreparedRequest } from "./sending.js";
import { maskThrown } from "./sensitive.js";
import type { WireReply } from "./wire/reply.js";
import { withUniqueId } from "./wire/unique-id.js";

type FinalReply = Exclude<WireReply, { kind: "heartbeat" }>;

/** Where a call has no end, the wait for the answer to a repeated request, in milliseconds. */
const LONGEST_SILENCE = 30_000;

/**
 * One call from its request to its reply, or to its deadline.
 *
 * When the connection is lost meanwhile, the reply queue stays, or is declared again under its name, and a late reply
 * still arrives. A request that no queue took is sent again, as long as its servers may be reconnecting. A request of an
 * idempotent method is sent again after each loss, as it was: with its `_msg_id`, so that whichever
 * reply comes first ends the call, and with its `_unique_id`, so that a server which has it already does not run it
 * twice. A server that remembers the request but not the reply (Python's) stays silent; so after half of the time that
 * is left the request goes out once more under a new `_unique_id`.
 */
export class Call implements PendingCall {
  readonly #operation: Operation;
  readonly #replies: Replies;
  readonly #codec: ValueCodec;
  readonly #messageId = newId();
  #uniqueId = newId();
  readonly #losses: number;
  #body: Buffer | undefined;
  #isConfirmed = false;
  #isPublishing = true;
  #isEnded = false;
  /** What became of the last try to send the request again. */
  #lastError: unknown;
  #silence: NodeJS.Timeout | undefined;
  #resolve: (result: unknown) => void = ignore;
  #reject: (error: unknown) => void = ignore;

  constructor(operation: Operation, replies: Replies, codec: ValueCodec) {
    this.#operation = operation;
    this.#replies = replies;
    this.#codec = codec;
    this.#losses = replies.losses;
  }

  /**
   * Resolves with the result; the deadline is over then.
   *
   * @param expiration how long the broker keeps the request, in milliseconds
   */
  run(prepared: PreparedRequest, expiration: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      try {
        this.#begin(prepared, expiration);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  settle(reply: FinalReply): void {
    if (this.#isEnded) return;
    try {
      const result = this.#read(reply);
      this.#end();
      this.#resolve(result);
    } catch (error) {
      this.#fail(error);
    }
  }

  tooLarge(size: number, limit: number): void {
    this.#fail(new MessageTooLargeError(size, limit, this.#operation.details));
  }

  heartbeat(): void {
    this.#operation.deadline.hasHeartbeat();
  }

  lost(): void {
    this.#operation.deadline.pauseMonitor();
  }

  recovered(): void {
    if (this.#isConfirmed) this.#operation.deadline.startMonitor();
    if (this.#body === undefined || this.#isPublishing) return;
    this.#repeat(this.#body);
    clearTimeout(this.#silence);
    const silence = Math.min(LONGEST_SILENCE, Math.max(0, this.#operation.deadline.left) / 2);
    this.#silence = setTimeout(() => this.#repeatAsNew(), silence);
  }

  ended(): void {
    this.#fail(this.#lostError("the transport was closed while the call waited for its reply"));
  }

  /** The deadline calls this; an object with this method is an event listener. */
  handleEvent(): void {
    // Until it is published, the transport knows better what went wrong, and rejects too.
    if (this.#isConfirmed) this.#fail(this.#deadlineError());
  }

  #begin(prepared: PreparedRequest, expiration: number): void {
    const { deadline, request } = this.#operation;
    const body = this.#encode(prepared);
    this.#expect();
    deadline.addEventListener("abort", this);
    if (request.method.idempotent === true) this.#body = body;
    this.#publish(body, expiration);
  }

  /** Forgets the call; a reply that comes later is dropped. */
  #end(): void {
    this.#isEnded = true;
    clearTimeout(this.#silence);
    this.#operation.deadline.dispose();
    this.#replies.forget(this.#messageId);
  }

  #fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#end();
    this.#reject(error);
  }

  /** @throws the failure of the method */
  #read(reply: FinalReply): unknown {
    const { request, details } = this.#operation;
    if (reply.kind === "failure") {
      const error = errorOf(reply.failure, request.service, this.#codec, details);
      throw maskThrown(error, request.method, request.args);
    }
    try {
      return this.#codec.decode(reply.result, request.method.result);
    } catch (error) {
      if (!(error instanceof IncompatibleObjectError)) throw error;
      throw new IncompatibleObjectError(error.objectName, error.version, error.supported, details);
    }
  }

  #encode(prepared: PreparedRequest): Buffer {
    const { heartbeat } = this.#operation.deadline;
    const seconds = heartbeat === undefined ? null : heartbeat / 1000;
    const reply = { messageId: this.#messageId, queue: this.#replies.queue, heartbeat: seconds };
    return encode(this.#operation, prepared, reply, this.#uniqueId);
  }

  #expect(): void {
    try {
      this.#replies.expect(this.#messageId, this);
    } catch (error) {
      throw publishError(error, this.#operation);
    }
  }

  /** What is not idempotent is kept until the promise is settled, as long as the transport keeps it, and no longer. */
  #publish(body: Buffer, expiration: number): void {
    publish(this.#operation, body, expiration).then(
      () => this.#confirmed(),
      (error: unknown) => this.#publishAgain(body, expiration, error),
    );
  }

  #publishAgain(body: Buffer, expiration: number, failure: unknown): void {
    const { deadline } = this.#operation;
    // Who has not got the request owes no sign of life.
    deadline.pauseMonitor();
    publishAgain(this.#operation, body, expiration, failure).then(
      () => this.#confirmed(),
      (error: unknown) => this.#refused(error),
    );
  }

  /** From now on the server owes signs of life: who has not got the request does not. */
  #confirmed(): void {
    const { deadline } = this.#operation;
    this.#isPublishing = false;
    this.#isConfirmed = true;
    if (deadline.aborted) this.#fail(this.#deadlineError());
    else if (!deadline.isOver) deadline.startMonitor();
  }

  #refused(error: unknown): void {
    const { deadline } = this.#operation;
    this.#isPublishing = false;
    this.#lastError = error;
    // What was confirmed before may still be answered.
    if (!this.#isConfirmed) this.#fail(publishError(error, this.#operation));
    else if (deadline.aborted) this.#fail(this.#deadlineError());
    else if (!deadline.isOver) deadline.startMonitor();
  }

  #repeat(body: Buffer): void {
    if (this.#isPublishing || this.#isEnded) return;
    this.#isPublishing = true;
    countRepeat(this.#operation);
    this.#publish(body, this.#operation.deadline.left);
  }

  #repeatAsNew(): void {
    if (this.#body === undefined) return;
    const uniqueId = newId();
    this.#body = withUniqueId(this.#body, this.#uniqueId, uniqueId);
    this.#uniqueId = uniqueId;
    this.#repeat(this.#body);
  }

  #deadlineError(): Error {
    const { deadline, details } = this.#operation;
    const error = deadline.error(details, this.#lastError);
    if (this.#replies.losses === this.#losses || !(error instanceof RPCTimeoutError)) return error;
    return this.#lostError(`the connection was lost while the call waited, and no reply came in time`, error);
  }

  #lostError(what: string, cause?: unknown): TransportError {
    const delivery = this.#isConfirmed ? "confirmed" : "unknown";
    const text = this.#isConfirmed
      ? "the broker had confirmed the request"
      : "the broker had not confirmed the request";
    const details: ErrorDetails = this.#operation.details;
    return new TransportError(`${what}; ${text}`, { ...details, cause, delivery });
  }
}

function ignore(): void {}
