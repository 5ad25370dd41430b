/** Source: AMQP 0-9-1, 2.3.5 frame details. */
export const METHOD_FRAME = 1;
export const HEADER_FRAME = 2;
export const BODY_FRAME = 3;
export const FRAME_END = 0xce;
/** Bytes of a frame before its payload. */
export const HEAD = 7;
/** The class of every method and header that we write and read. */
export const BASIC = 60;

/** Of basic's properties, those that oslo.messaging sends, by their flags in a header. */
export const CONTENT_TYPE = 1 << 15;
export const CONTENT_ENCODING = 1 << 14;
export const HEADERS = 1 << 13;
export const DELIVERY_MODE = 1 << 12;
export const PRIORITY = 1 << 11;
export const EXPIRATION = 1 << 8;

/** The content type of every message; oslo.messaging peers take no other. */
export const JSON_TYPE = "application/json";

/** Writes what stands before a frame's payload; returns where the payload begins. */
export function frameHead(buffer: Buffer, at: number, type: number, channel: number, size: number): number {
  buffer[at] = type;
  buffer.writeUInt16BE(channel, at + 1);
  buffer.writeUInt32BE(size, at + 3);
  return at + HEAD;
}
