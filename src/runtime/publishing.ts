import type { Deadline } from "./deadline.js";
import {
  BacklogFullError,
  EncodingError,
  type ErrorDetails,
  MessageTooLargeError,
  MessageUndeliverableError,
  RPCTimeoutError,
  reasonOf,
  TooManyPendingCallsError,
  TransportError,
} from "./errors.js";
import type { ClientRequest } from "./interceptor.js";
import type { Metrics } from "./metrics.js";
import type { PreparedRequest } from "./sending.js";
import type { Target } from "./target.js";
import type { OutgoingMessage, Transport } from "./transport.js";
import { encodeFramed, type ReplyAddress } from "./wire/request.js";

/** One request on its way: everything about it is decided, and it has until its deadline. */
export interface Operation {
  readonly request: ClientRequest;
  readonly target: Target;
  readonly transport: Transport;
  readonly mandatory: boolean;
  /** What every error says of the request. */
  readonly details: ErrorDetails;
  readonly deadline: Deadline;
  readonly metrics: Metrics | undefined;
}

/** @throws {EncodingError} when a value of the context has no JSON form */
export function encode(
  { request, details }: Operation,
  { frame, args }: PreparedRequest,
  reply: ReplyAddress | undefined,
  uniqueId: string,
): Buffer {
  const { context } = request;
  try {
    return encodeFramed(frame, args, { reply, uniqueId, context });
  } catch (error) {
    throw new EncodingError(`the context cannot be encoded: ${reasonOf(error)}`, { ...details, cause: error });
  }
}

/** Gives the request to the transport, once. */
export function publish(
  { transport, request, target, mandatory, deadline }: Operation,
  body: Buffer,
  expiration: number,
): Promise<void> {
  const { priority } = request.method;
  const message: { -readonly [Key in keyof OutgoingMessage]: OutgoingMessage[Key] } = {
    body,
    // A fanout exchange without queues is a topic without servers: nothing is lost that anyone waits for.
    mandatory: mandatory && target.fanout !== true,
    signal: deadline,
  };
  // Milliseconds without a fraction, as oslo truncates them; 0 would be dropped by the broker unseen.
  if (expiration !== Number.POSITIVE_INFINITY) message.expiration = Math.max(1, Math.trunc(expiration));
  if (priority !== undefined) message.priority = priority;
  if (request.headers !== undefined) message.headers = request.headers;
  return transport.publish({ target }, message);
}

/** A transport's error with what the request was about; the transport does not know that. */
export function publishError(
  error: unknown,
  { deadline, details }: Operation,
  awaited: "reply" | "confirmation" = "reply",
): Error {
  const ended = deadline.aborted ? deadline.error(details, error, awaited) : undefined;
  const isUndeliverable = error instanceof MessageUndeliverableError;
  // That nothing ran tells the caller more than that its time is over.
  if (ended !== undefined && !(isUndeliverable && ended instanceof RPCTimeoutError)) return ended;
  if (isUndeliverable) {
    const text = "nobody listens there; the message was not delivered";
    return new MessageUndeliverableError(text, { ...details, cause: error });
  }
  if (error instanceof MessageTooLargeError) return new MessageTooLargeError(error.size, error.limit, details);
  if (error instanceof TooManyPendingCallsError) return new TooManyPendingCallsError(error.limit, details);
  if (error instanceof BacklogFullError) return new BacklogFullError(reasonOf(error), { ...details, cause: error });
  const delivery = error instanceof TransportError ? error.delivery : undefined;
  return new TransportError(reasonOf(error), { ...details, delivery, cause: error });
}
