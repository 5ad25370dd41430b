import type { AMQPInternals, Frame } from "./internals.js";
import {
  BASIC,
  BODY_FRAME,
  CONTENT_ENCODING,
  CONTENT_TYPE,
  DELIVERY_MODE,
  EXPIRATION,
  FRAME_END,
  HEAD,
  HEADER_FRAME,
  HEADERS,
  JSON_TYPE,
  METHOD_FRAME,
  PRIORITY,
} from "./protocol.js";

/** Source: AMQP 0-9-1, basic.deliver, basic.ack and basic.nack. */
const BASIC_DELIVER = 60;
const BASIC_ACK = 80;
const BASIC_NACK = 120;
const ZERO = 48;
const NO_BYTES = Buffer.alloc(0);
const NO_HEADERS: Readonly<Record<string, unknown>> = Object.freeze({});

const KNOWN = CONTENT_TYPE | CONTENT_ENCODING | HEADERS | DELIVERY_MODE | PRIORITY | EXPIRATION;

/** What a channel hears of, beside what amqplib does for it. */
export interface ChannelEvents {
  delivered?(delivery: Delivery): void;
  /** basic.ack, or basic.nack where `taken` is false. */
  confirmed?(deliveryTag: number, multiple: boolean, taken: boolean): void;
}

/** A message that the broker has delivered. */
export interface Delivery {
  readonly consumerTag: string;
  readonly deliveryTag: number;
  readonly redelivered: boolean;
  readonly contentType: string | undefined;
  /** In milliseconds; absent where what stands there is no number. */
  readonly expiration: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Shares its memory with what else the socket gave at the same time. */
  readonly body: Buffer;
}

/**
 * Reads the socket in amqplib's place. Deliveries and confirmations of the channels that are listened to are taken from
 * the bytes directly; every other frame goes to amqplib as it is. amqplib makes a dozen objects and three closures for
 * each message, which costs more than everything else that a client does for it.
 */
export class FrameReader {
  readonly #amqp: AMQPInternals;
  readonly #channels = new Map<number, ChannelState>();
  #rest: Buffer;

  constructor(amqp: AMQPInternals) {
    this.#amqp = amqp;
    this.#rest = amqp.rest;
    amqp.rest = NO_BYTES;
    amqp.stream.removeAllListeners("readable");
    amqp.stream.on("data", (bytes: Buffer) => this.#read(bytes));
  }

  /** Hears of a channel until `leave`. */
  listen(channel: number, events: ChannelEvents): void {
    this.#channels.set(channel, { events, delivery: undefined, left: 0, parts: [] });
  }

  /** From now on amqplib gets everything of the channel, and drops what it does not expect. */
  leave(channel: number): void {
    this.#channels.delete(channel);
  }

  /** The connection closes: nothing is delivered any more. */
  leaveAll(): void {
    this.#channels.clear();
  }

  #read(bytes: Buffer): void {
    const { maxFrameSize } = this.#amqp;
    this.#amqp.recvSinceLastCheck = true;
    const buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    // What a listener throws is a mistake of ours; like amqplib, we end the connection and not the program.
    try {
      while (buffer.length - at >= HEAD) {
        const size = buffer.readUInt32BE(at + 3);
        if (maxFrameSize > 0 && size > maxFrameSize) {
          throw new Error(`Frame size ${size} exceeds maxFrameSize ${maxFrameSize}`);
        }
        const end = at + HEAD + size;
        if (end >= buffer.length) break;
        if (buffer[end] !== FRAME_END) throw new Error("Invalid frame");
        const start = at;
        at = end + 1;
        this.#accept(buffer, start, end);
      }
    } catch (error) {
      this.#rest = NO_BYTES;
      this.#amqp.emit("frameError", error);
      return;
    }
    this.#rest = at === buffer.length ? NO_BYTES : buffer.subarray(at);
  }

  /** One frame, from its type to before its end mark. */
  #accept(buffer: Buffer, start: number, end: number): void {
    const state = this.#channels.get(buffer.readUInt16BE(start + 1));
    if (state === undefined || !this.#take(state, buffer, start, end)) {
      const frame = this.#decode(buffer.subarray(start, end + 1));
      if (frame !== false) this.#amqp.accept(frame);
    }
  }

  /** Whether the frame was ours. */
  #take(state: ChannelState, buffer: Buffer, start: number, end: number): boolean {
    const at = start + HEAD;
    switch (buffer[start]) {
      case METHOD_FRAME:
        return buffer.readUInt16BE(at) === BASIC && this.#method(state, buffer, at + 2);
      case HEADER_FRAME:
        if (state.delivery === undefined) return false;
        this.#header(state, state.delivery, buffer, start, end);
        return true;
      case BODY_FRAME:
        if (state.delivery === undefined) return false;
        this.#body(state, state.delivery, buffer.subarray(at, end));
        return true;
      default:
        return false;
    }
  }

  #method(state: ChannelState, buffer: Buffer, at: number): boolean {
    const { delivered, confirmed } = state.events;
    switch (buffer.readUInt16BE(at)) {
      case BASIC_DELIVER:
        if (delivered === undefined) return false;
        if (state.delivery !== undefined) throw new Error("A delivery began inside another one");
        state.delivery = deliveryOf(buffer, at + 2);
        return true;
      case BASIC_ACK:
      case BASIC_NACK:
        if (confirmed === undefined) return false;
        state.events.confirmed?.(
          longLong(buffer, at + 2),
          ((buffer[at + 10] ?? 0) & 1) === 1,
          buffer.readUInt16BE(at) === BASIC_ACK,
        );
        return true;
      default:
        return false;
    }
  }

  #header(state: ChannelState, delivery: Partial, buffer: Buffer, start: number, end: number): void {
    const at = start + HEAD;
    state.left = longLong(buffer, at + 4);
    state.parts = [];
    const flags = buffer.readUInt16BE(at + 12);
    if ((flags & ~KNOWN) !== 0 || !readProperties(delivery, flags, buffer, at + 14)) {
      // Of another library, or with headers: rare enough for amqplib's own reading.
      const frame = this.#decode(buffer.subarray(start, end + 1));
      if (frame !== false) setProperties(delivery, frame.fields ?? {});
    }
    if (state.left === 0) this.#complete(state, delivery, NO_BYTES);
  }

  #body(state: ChannelState, delivery: Partial, part: Buffer): void {
    state.left -= part.length;
    if (state.left < 0) throw new Error("A message has more content than its header said");
    if (state.left > 0) state.parts.push(part);
    else if (state.parts.length === 0) this.#complete(state, delivery, part);
    else this.#complete(state, delivery, Buffer.concat([...state.parts, part]));
  }

  #complete(state: ChannelState, delivery: Partial, body: Buffer): void {
    state.delivery = undefined;
    state.parts = [];
    delivery.body = body;
    state.events.delivered?.(delivery);
  }

  #decode(frame: Buffer): Frame | false {
    this.#amqp.rest = frame;
    return this.#amqp.recvFrame();
  }
}

interface ChannelState {
  readonly events: ChannelEvents;
  /** A delivery whose content has not arrived yet. */
  delivery: Partial | undefined;
  /** Bytes of its body that are still to come, and those that are here. */
  left: number;
  parts: Buffer[];
}

type Partial = { -readonly [Key in keyof Delivery]: Delivery[Key] };

function deliveryOf(buffer: Buffer, at: number): Partial {
  const size = buffer[at] ?? 0;
  const tagAt = at + 1 + size;
  return {
    // One character, which ours have, is a text that V8 has already.
    consumerTag: size === 1 ? String.fromCharCode(buffer[at + 1] ?? 0) : buffer.toString("latin1", at + 1, tagAt),
    deliveryTag: longLong(buffer, tagAt),
    redelivered: ((buffer[tagAt + 8] ?? 0) & 1) === 1,
    contentType: undefined,
    expiration: undefined,
    headers: NO_HEADERS,
    body: NO_BYTES,
  };
}

/** Reads the properties of an oslo.messaging message; false where there are headers. */
function readProperties(delivery: Partial, flags: number, buffer: Buffer, start: number): boolean {
  let at = start;
  if ((flags & CONTENT_TYPE) !== 0) {
    const end = at + 1 + (buffer[at] ?? 0);
    delivery.contentType = isJSON(buffer, at + 1, end) ? JSON_TYPE : buffer.toString("utf8", at + 1, end);
    at = end;
  }
  if ((flags & CONTENT_ENCODING) !== 0) at += 1 + (buffer[at] ?? 0);
  if ((flags & HEADERS) !== 0) {
    if (buffer.readUInt32BE(at) !== 0) return false;
    at += 4;
  }
  if ((flags & DELIVERY_MODE) !== 0) at += 1;
  if ((flags & PRIORITY) !== 0) at += 1;
  if ((flags & EXPIRATION) !== 0) delivery.expiration = digitsIn(buffer, at + 1, at + 1 + (buffer[at] ?? 0));
  return true;
}

/** Compares without making a text. */
function isJSON(buffer: Buffer, start: number, end: number): boolean {
  if (end - start !== JSON_TYPE.length) return false;
  for (let index = 0; index < JSON_TYPE.length; index++) {
    if (buffer[start + index] !== JSON_TYPE.charCodeAt(index)) return false;
  }
  return true;
}

/** The number that decimal digits make; undefined for anything else. */
function digitsIn(buffer: Buffer, start: number, end: number): number | undefined {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (buffer[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return end > start ? number : undefined;
}

function setProperties(delivery: Partial, fields: NonNullable<Frame["fields"]>): void {
  const { contentType, expiration, headers } = fields;
  delivery.contentType = contentType;
  if (expiration !== undefined) delivery.expiration = digitsIn(Buffer.from(expiration), 0, expiration.length);
  delivery.headers = headers ?? NO_HEADERS;
}

/** Tags and sizes are counted from 1, and stay far below 2^53. */
function longLong(buffer: Buffer, at: number): number {
  return buffer.readUInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
}
