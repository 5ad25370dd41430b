import type { ValueCodec } from "./codec.js";
import type { Deadline } from "./deadline.js";
import { EncodingError, type ErrorDetails, MessageUndeliverableError, TransportError } from "./errors.js";
import { errorOf } from "./failures.js";
import { newId } from "./id.js";
import type { ClientRequest } from "./interceptor.js";
import type { Replies } from "./replies.js";
import type { PreparedRequest } from "./sending.js";
import type { Target } from "./target.js";
import type { Transport } from "./transport.js";
import type { WireReply } from "./wire/reply.js";
import { encodeRequest, type ReplyAddress } from "./wire/request.js";

/** One request on its way: everything about it is decided, and it has until its deadline. */
export interface Operation {
  readonly request: ClientRequest;
  readonly prepared: PreparedRequest;
  readonly target: Target;
  readonly transport: Transport;
  readonly mandatory: boolean;
  /** What every error says of the request. */
  readonly details: ErrorDetails;
  readonly deadline: Deadline;
}

/** Sends a call and waits for its reply. */
export async function performCall(operation: Operation, replies: Replies, codec: ValueCodec): Promise<unknown> {
  const { request, deadline, details } = operation;
  const { heartbeat } = deadline;
  // The time that is left when the reply queue was not there yet; otherwise oslo's own figure, the whole time-out.
  const wasReady = replies.isReady;
  if (!wasReady) await deadline.race(replies.ready(), details).catch((error: unknown) => fail(error, operation));
  const expiration = wasReady ? deadline.timeout : deadline.left;
  const messageId = newId();
  const seconds = heartbeat === undefined ? null : heartbeat / 1000;
  const body = encode(operation, { messageId, queue: replies.queue, heartbeat: seconds });
  deadline.startMonitor();
  try {
    const reply = await new Promise<Exclude<WireReply, { kind: "heartbeat" }>>((resolve, reject) => {
      replies.expect(messageId, { settle: resolve, heartbeat: () => deadline.hasHeartbeat() });
      let isPublished = false;
      deadline.signal.addEventListener("abort", () => {
        // Until it is published, the transport knows better what went wrong, and rejects too.
        if (isPublished) reject(deadline.error(details));
      });
      publish(operation, body, expiration).then(
        () => {
          isPublished = true;
          if (deadline.signal.aborted) reject(deadline.error(details));
        },
        (error: unknown) => reject(publishError(error, operation)),
      );
    });
    if (reply.kind === "failure") throw errorOf(reply.failure, request.service, codec, details);
    return codec.decode(reply.result, request.method.result);
  } finally {
    replies.forget(messageId);
  }
}

/** Sends a cast or a fanout; resolves when the broker has taken it. */
export async function performCast(operation: Operation): Promise<void> {
  const body = encode(operation, undefined);
  await publish(operation, body, Number.POSITIVE_INFINITY).catch((error: unknown) => fail(error, operation));
}

function encode({ request, prepared, details }: Operation, reply: ReplyAddress | undefined): Buffer {
  const { method, version, args } = prepared;
  const { namespace } = request.service;
  try {
    return encodeRequest({ method, args, namespace, version, reply, uniqueId: newId(), context: request.context });
  } catch (error) {
    throw new EncodingError(`the arguments cannot be encoded: ${textOf(error)}`, { ...details, cause: error });
  }
}

function publish(
  { transport, request, target, mandatory, deadline }: Operation,
  body: Buffer,
  expiration: number,
): Promise<void> {
  const { priority } = request.method;
  return transport.publish(
    { target },
    {
      body,
      // A fanout exchange without queues is a topic without servers: nothing is lost that anyone waits for.
      mandatory: mandatory && target.fanout !== true,
      signal: deadline.signal,
      // Milliseconds without a fraction, as oslo truncates them; 0 would be dropped by the broker unseen.
      ...(expiration === Number.POSITIVE_INFINITY ? {} : { expiration: Math.max(1, Math.trunc(expiration)) }),
      ...(priority === undefined ? {} : { priority }),
    },
  );
}

function fail(error: unknown, operation: Operation): never {
  throw publishError(error, operation);
}

/** A transport's error with what the request was about; the transport does not know that. */
function publishError(error: unknown, { deadline, details }: Operation): Error {
  if (deadline.signal.aborted) return deadline.error(details, error);
  if (error instanceof MessageUndeliverableError) {
    const text = "nobody listens there; the message was not delivered";
    return new MessageUndeliverableError(text, { ...details, cause: error });
  }
  const delivery = error instanceof TransportError ? error.delivery : undefined;
  return new TransportError(textOf(error), { ...details, delivery, cause: error });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
