import { decodeEnvelope, encodeEnvelope, MalformedMessageError, TooDeepError, type WireMessage } from "./envelope.js";
import { anyText, stringText } from "./escaped.js";
import { decodeFailure, encodeFailure, type WireFailure } from "./failure.js";

/** What a server sends to the reply queue. Source: oslo_messaging._drivers.amqpdriver.AMQPIncomingMessage. */
export type WireReply = { readonly messageId: string } & (
  | {
      readonly kind: "result";
      readonly result: unknown;
      /** The result as a server has printed it already: escaped for a JSON string. `result` is of no use then. */
      readonly text?: string;
    }
  | { readonly kind: "failure"; readonly failure: WireFailure }
  /** "The method still runs": only to a caller that monitors the call. */
  | { readonly kind: "heartbeat" }
);

/**
 * A Python client needs every key, also those which are null.
 *
 * @throws {TypeError} when the result has no JSON form
 */
export function encodeReply(reply: WireReply, uniqueId: string): Buffer {
  const result = reply.kind === "result" ? (reply.text ?? anyText(reply.result ?? null)) : "null";
  const failure = reply.kind === "failure" ? stringText(encodeFailure(reply.failure)) : "null";
  const ids = `\\"_msg_id\\":${stringText(reply.messageId)},\\"_unique_id\\":${stringText(uniqueId)}`;
  const ending = reply.kind !== "heartbeat";
  return encodeEnvelope(`{\\"result\\":${result},\\"failure\\":${failure},\\"ending\\":${ending},${ids}}`);
}

/**
 * Reads a reply. One without `ending` that has a result or a failure is taken for the last, because a server that
 * leaves the key out sends no second message.
 *
 * @throws {MalformedMessageError} when the body is not a reply
 */
export function decodeReply(message: WireMessage): WireReply {
  const { _msg_id: messageId, result = null, failure, ending } = decodeShallow(message);
  if (typeof messageId !== "string") throw new MalformedMessageError("the reply names no request");
  // Of any type but a text it is wrong, and still no success: Python would take it for a failure and break.
  if (failure !== undefined && failure !== null && failure !== "" && failure !== false) {
    return { messageId, kind: "failure", failure: decodeFailure(failure) };
  }
  if (ending !== true && result === null) return { messageId, kind: "heartbeat" };
  return { messageId, kind: "result", result };
}

/** A reply that is too deep to be read is a failure: its caller waits. */
function decodeShallow(message: WireMessage): Readonly<Record<string, unknown>> {
  try {
    return decodeEnvelope(message);
  } catch (error) {
    if (!(error instanceof TooDeepError)) throw error;
    const failure = { class: "UnreadableReply", module: "rpcgen", message: error.message };
    return { _msg_id: error.payload["_msg_id"], failure, ending: true };
  }
}
