import type { Headers, OutgoingMessage } from "../transport.js";
import type { FrameWriter } from "./frame-writer.js";
import {
  BASIC,
  BODY_FRAME,
  CONTENT_ENCODING,
  CONTENT_TYPE,
  DELIVERY_MODE,
  EXPIRATION,
  FRAME_END,
  frameHead,
  HEAD,
  HEADER_FRAME,
  HEADERS,
  JSON_TYPE,
  METHOD_FRAME,
  PRIORITY,
} from "./protocol.js";

/** Bytes of a frame around its payload. */
const OVERHEAD = 8;
const BASIC_PUBLISH = 40;
const MANDATORY = 1;

/** The properties that every message has. */
const PRESENT = CONTENT_TYPE | CONTENT_ENCODING | HEADERS | DELIVERY_MODE | PRIORITY;
/** Survives a restart of the broker in a durable queue; oslo.messaging sends every message so. */
const PERSISTENT = 2;

/** Bytes of a body that is copied behind its heads; a larger one costs more to copy than to give to the socket by itself. */
const LARGEST_COPIED = 32 * 1024;
/** Bytes of a key or a name, at most. Source: AMQP 0-9-1's shortstr. */
const LONGEST_SHORT_STRING = 255;

type Properties = Pick<OutgoingMessage, "mandatory" | "expiration" | "priority" | "headers">;

/**
 * Writes messages of one channel to one exchange. The method and the header of a message are those of the one before it
 * to the same key, but for the body's size: they are encoded once and copied.
 */
export class PublishFrames {
  readonly #channel: number;
  readonly #exchange: Buffer;
  readonly #heads = new Map<string, Head>();

  constructor(channel: number, exchange: string) {
    this.#channel = channel;
    this.#exchange = shortString(exchange);
  }

  /**
   * Writes one message.
   *
   * @throws {RangeError} when the routing key, or a header, is too long; nothing was written then
   */
  write(writer: FrameWriter, routingKey: string, message: Properties, body: Buffer): void {
    const head = this.#head(routingKey, message);
    const { bytes, headerAt } = head;
    const expiration = message.expiration === undefined ? "" : String(Math.max(0, Math.trunc(message.expiration)));
    const expirationSize = expiration === "" ? 0 : 1 + expiration.length;
    const { maxPayload } = writer;
    const isPassed = body.length > LARGEST_COPIED;
    const frames = Math.ceil(body.length / maxPayload);
    const bodySize = isPassed ? 0 : body.length + frames * OVERHEAD;
    const { buffer, offset } = writer.reserve(bytes.length + expirationSize + 1 + bodySize);
    bytes.copy(buffer, offset);
    const header = offset + headerAt;
    buffer.writeUInt32BE(bytes.length - headerAt - HEAD + expirationSize, header + 3);
    // The low half of 64 bits; a body is far below 4 GiB.
    buffer.writeUInt32BE(body.length, header + HEAD + 8);
    let at = offset + bytes.length;
    if (expirationSize > 0) {
      buffer.writeUInt16BE(PRESENT | EXPIRATION, header + HEAD + 12);
      buffer[at++] = expiration.length;
      at += buffer.write(expiration, at, "latin1");
    }
    buffer[at++] = FRAME_END;
    if (isPassed) {
      this.#pass(writer, body);
      return;
    }
    for (let from = 0; from < body.length; from += maxPayload) {
      const part = Math.min(maxPayload, body.length - from);
      at = frameHead(buffer, at, BODY_FRAME, this.#channel, part);
      at += body.copy(buffer, at, from, from + part);
      buffer[at++] = FRAME_END;
    }
  }

  /** A large body goes to the socket as it is, between the heads and ends of its frames. */
  #pass(writer: FrameWriter, body: Buffer): void {
    const { maxPayload } = writer;
    for (let from = 0; from < body.length; from += maxPayload) {
      const size = Math.min(maxPayload, body.length - from);
      const head = writer.reserve(HEAD);
      frameHead(head.buffer, head.offset, BODY_FRAME, this.#channel, size);
      writer.pass(body.subarray(from, from + size));
      const end = writer.reserve(1);
      end.buffer[end.offset] = FRAME_END;
    }
  }

  #head(routingKey: string, message: Properties): Head {
    const mandatory = message.mandatory === true;
    const priority = message.priority ?? 0;
    const known = this.#heads.get(routingKey);
    const isSame = known !== undefined && known.mandatory === mandatory && known.priority === priority;
    if (isSame && message.headers === undefined) return known;
    const head = this.#encode(routingKey, mandatory, priority, message.headers);
    if (message.headers === undefined) {
      // A server of many short-lived clients has a key for each of them.
      if (this.#heads.size >= MOST_HEADS && known === undefined) this.#heads.clear();
      this.#heads.set(routingKey, head);
    }
    return head;
  }

  #encode(routingKey: string, mandatory: boolean, priority: number, headers: Headers | undefined): Head {
    const method = Buffer.alloc(4);
    method.writeUInt16BE(BASIC, 0);
    method.writeUInt16BE(BASIC_PUBLISH, 2);
    const ticket = Buffer.alloc(2);
    const flags = Buffer.of(mandatory ? MANDATORY : 0);
    const payload = Buffer.concat([method, ticket, this.#exchange, shortString(routingKey), flags]);
    // The class, a weight that is not used, the body's size as 64 bits, and which properties follow.
    const fixed = Buffer.alloc(14);
    fixed.writeUInt16BE(BASIC, 0);
    fixed.writeUInt16BE(PRESENT, 12);
    const properties = [
      shortString(JSON_TYPE),
      shortString("utf-8"),
      table(headers ?? {}),
      Buffer.of(PERSISTENT, priority),
    ];
    const methodFrame = [this.#frameHead(METHOD_FRAME, payload.length), payload, Buffer.of(FRAME_END)];
    const bytes = Buffer.concat([...methodFrame, this.#frameHead(HEADER_FRAME, 0), fixed, ...properties]);
    return { bytes, headerAt: HEAD + payload.length + 1, mandatory, priority };
  }

  #frameHead(type: number, size: number): Buffer {
    const head = Buffer.alloc(HEAD);
    frameHead(head, 0, type, this.#channel, size);
    return head;
  }
}

/** Method and header of a message, as far as they are the same for the next one. */
interface Head {
  /** Up to the last property before the expiration. */
  readonly bytes: Buffer;
  /** Where the header frame begins. */
  readonly headerAt: number;
  readonly mandatory: boolean;
  readonly priority: number;
}

/** Keys whose heads are kept. */
const MOST_HEADS = 1_000;

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > LONGEST_SHORT_STRING) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 40))}… has ${bytes.length} bytes; AMQP allows 255`);
  }
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

/** Source: AMQP 0-9-1's field-table, with RabbitMQ's types. */
function table(headers: Headers): Buffer {
  const fields = Object.entries(headers).map(([name, value]) => Buffer.concat([shortString(name), field(value)]));
  return longBytes(Buffer.concat(fields));
}

function field(value: string | number): Buffer {
  if (typeof value === "string") return Buffer.concat([Buffer.from("S"), longBytes(Buffer.from(value, "utf8"))]);
  const bytes = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    bytes.write("l");
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes.write("d");
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}

function longBytes(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
