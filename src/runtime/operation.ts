import { Call } from "./call.js";
import type { ValueCodec } from "./codec.js";
import { TransportError } from "./errors.js";
import { newId } from "./id.js";
import { encode, type Operation, publish, publishError } from "./publishing.js";
import { publishAgain } from "./repeating.js";
import type { Replies } from "./replies.js";
import type { PreparedRequest } from "./sending.js";

/** Sends a call and waits for its reply. Whatever its outcome, the deadline is over then. */
export function performCall(
  operation: Operation,
  prepared: PreparedRequest,
  replies: Replies,
  codec: ValueCodec,
): Promise<unknown> {
  const { deadline } = operation;
  // The time that is left when the reply queue was not there yet; otherwise oslo's own figure, the whole time-out.
  if (replies.isReady) return new Call(operation, replies, codec).run(prepared, deadline.timeout);
  return deadline.race(replies.ready(), operation.details).then(
    () => new Call(operation, replies, codec).run(prepared, deadline.left),
    (error: unknown) => fail(deadline.aborted ? unreached(operation) : error, operation),
  );
}

/** Why there was no reply queue in time, where the transport knows. */
function unreached({ transport }: Operation): TransportError | undefined {
  const problem = transport.stats?.().connections.consume.problem;
  return problem === undefined ? undefined : new TransportError(`not sent: ${problem}`, { delivery: "not-sent" });
}

/** Sends a cast or a fanout; resolves when the broker has taken it. Whatever its outcome, the deadline is over then. */
export function performCast(operation: Operation, prepared: PreparedRequest): Promise<unknown> {
  const body = encode(operation, prepared, undefined, newId());
  const forever = Number.POSITIVE_INFINITY;
  const taken = (): void => operation.deadline.dispose();
  return publish(operation, body, forever).then(taken, (error: unknown) =>
    publishAgain(operation, body, forever, error).then(taken, (last: unknown) => fail(last, operation, "confirmation")),
  );
}

function fail(error: unknown, operation: Operation, awaited: "reply" | "confirmation" = "reply"): never {
  operation.deadline.dispose();
  throw publishError(error, operation, awaited);
}
