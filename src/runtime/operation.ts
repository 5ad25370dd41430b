import { Call } from "./call.js";
import type { ValueCodec } from "./codec.js";
import { IncompatibleObjectError } from "./errors.js";
import { errorOf } from "./failures.js";
import { encode, type Operation, publish, publishError } from "./publishing.js";
import { publishRepeatedly } from "./repeating.js";
import type { Replies } from "./replies.js";
import { maskThrown } from "./sensitive.js";

/** Sends a call and waits for its reply. */
export async function performCall(operation: Operation, replies: Replies, codec: ValueCodec): Promise<unknown> {
  const { request, deadline, details } = operation;
  // The time that is left when the reply queue was not there yet; otherwise oslo's own figure, the whole time-out.
  const wasReady = replies.isReady;
  if (!wasReady) await deadline.race(replies.ready(), details).catch((error: unknown) => fail(error, operation));
  const call = new Call(operation, replies);
  try {
    const reply = await call.run(wasReady ? deadline.timeout : deadline.left);
    if (reply.kind === "failure") {
      const error = errorOf(reply.failure, request.service, codec, details);
      throw maskThrown(error, request.method, request.args);
    }
    return decodeResult(reply.result, operation, codec);
  } finally {
    call.end();
  }
}

/** Sends a cast or a fanout; resolves when the broker has taken it. */
export async function performCast(operation: Operation): Promise<void> {
  const body = encode(operation, undefined);
  const forever = Number.POSITIVE_INFINITY;
  const published =
    operation.request.method.idempotent === true
      ? publishRepeatedly(operation, body, forever)
      : publish(operation, body, forever);
  await published.catch((error: unknown) => fail(error, operation));
}

function decodeResult(result: unknown, { request, details }: Operation, codec: ValueCodec): unknown {
  try {
    return codec.decode(result, request.method.result);
  } catch (error) {
    if (!(error instanceof IncompatibleObjectError)) throw error;
    throw new IncompatibleObjectError(error.objectName, error.version, error.supported, details);
  }
}

function fail(error: unknown, operation: Operation): never {
  throw publishError(error, operation);
}
