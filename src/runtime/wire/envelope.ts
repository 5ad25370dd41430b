import { isUtf8 } from "node:buffer";
import { inflateSync } from "node:zlib";
import { MAX_DEPTH, readJSON } from "./json.js";

/** The envelope's version; a peer accepts this one alone. Source: oslo_messaging._drivers.common. */
const ENVELOPE_VERSION = "2.0";

/** The content type without which a Python peer drops a message unread. */
export const CONTENT_TYPE = "application/json";

/** A message that is not an oslo.messaging message; there is nobody to answer. */
export class MalformedMessageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MalformedMessageError";
  }
}

/** A payload that is nested deeper than anyone should walk. What stands at its top says who waits for an answer. */
export class TooDeepError extends MalformedMessageError {
  readonly payload: Readonly<Record<string, unknown>>;

  constructor(payload: Readonly<Record<string, unknown>>) {
    super(`the message is nested deeper than ${MAX_DEPTH} levels`);
    this.name = "TooDeepError";
    this.payload = payload;
  }
}

/** Bytes to which a compressed body may grow. */
const LARGEST_INFLATED = 64 * 1024 * 1024;

/** A received message as far as the wire cares. */
export interface WireMessage {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Wraps the text of a payload, which is escaped already: it travels as a string inside the envelope. */
export function encodeEnvelope(escaped: string): Buffer {
  return Buffer.from(`{"oslo.version": "${ENVELOPE_VERSION}", "oslo.message": "${escaped}"}`);
}

/**
 * Unwraps a message. A body without both envelope keys is itself the payload, as in the envelope's version 1.0.
 *
 * @throws {MalformedMessageError} when it is no envelope, or the payload is no JSON object
 * @throws {TooDeepError} when the payload is nested too deep
 */
export function decodeEnvelope(message: WireMessage): Readonly<Record<string, unknown>> {
  // Python peers reject every other content type too, also one with a charset.
  if (message.contentType !== CONTENT_TYPE) {
    throw new MalformedMessageError(`the content type is ${message.contentType ?? "missing"}, not ${CONTENT_TYPE}`);
  }
  const body = inflate(message);
  if (!isUtf8(body)) throw new MalformedMessageError("the body is not UTF-8");
  const text = body.toString("utf8");
  const whole = parseEnvelope(text) ?? readObject(text, "the body");
  const { "oslo.version": version, "oslo.message": payload } = whole.object;
  if (version === undefined || payload === undefined) return shallow(whole);
  if (version !== ENVELOPE_VERSION && version !== `${ENVELOPE_VERSION}.0`) {
    const shown = typeof version === "string" ? JSON.stringify(version.slice(0, 20)) : `of type ${typeof version}`;
    throw new MalformedMessageError(`the envelope has an unsupported version, ${shown}`);
  }
  if (typeof payload !== "string") throw new MalformedMessageError('"oslo.message" is not a string');
  return shallow(readObject(payload, '"oslo.message"'));
}

interface ReadObject {
  readonly object: Readonly<Record<string, unknown>>;
  readonly isTooDeep: boolean;
}

function shallow({ object, isTooDeep }: ReadObject): Readonly<Record<string, unknown>> {
  if (isTooDeep) throw new TooDeepError(object);
  return object;
}

/** kombu names its zlib streams after gzip. Source: kombu.compression. */
function inflate({ body, headers }: WireMessage): Buffer {
  const compression = headers["compression"];
  if (compression === undefined) return body;
  if (compression !== "application/x-gzip") {
    // A header may hold a table, which need not have a text.
    const name = typeof compression === "string" ? JSON.stringify(compression) : `of type ${typeof compression}`;
    throw new MalformedMessageError(`the compression ${name} is not supported`);
  }
  try {
    return inflateSync(body, { maxOutputLength: LARGEST_INFLATED });
  } catch (error) {
    throw new MalformedMessageError("the compressed body cannot be inflated", { cause: error });
  }
}

/** The common case: two texts, in which there is nothing to look for. */
function parseEnvelope(text: string): ReadObject | undefined {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    // Not JSON, or with Python's tokens.
    return undefined;
  }
  if (!isRecord(object)) return undefined;
  const { "oslo.version": version, "oslo.message": payload } = object;
  return typeof version === "string" && typeof payload === "string" ? { object, isTooDeep: false } : undefined;
}

function readObject(text: string, what: string): ReadObject {
  try {
    const { value, isTooDeep } = readJSON(text);
    if (isRecord(value)) return { object: value, isTooDeep };
  } catch {
    // The parser's own error quotes the text, which may hold what must not be in a log.
    throw new MalformedMessageError(`${what} is not JSON`);
  }
  throw new MalformedMessageError(`${what} is not a JSON object`);
}

/** A JSON object, in contrast to null, an array or a scalar. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
