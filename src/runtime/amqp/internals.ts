import type { Duplex } from "node:stream";
import type { Channel, ChannelModel } from "amqplib";

/**
 * The parts of amqplib 2.3 that it does not declare and that the path of every message uses: the socket, and the way by
 * which a frame enters. The dependency is on one minor version for this reason, and a connection checks what it finds.
 */
export interface AMQPInternals {
  /** The socket. */
  readonly stream: Duplex;
  /** The negotiated size of a frame, with its eight bytes of overhead; 0 for no limit. */
  readonly frameMax: number;
  /** The size above which an arriving frame is an error; 0 for none. */
  readonly maxFrameSize: number;
  /** Bytes that were read and not yet taken apart. */
  rest: Buffer;
  /** Set with each write and each read; the heartbeat looks at them and clears them. */
  sentSinceLastCheck: boolean;
  recvSinceLastCheck: boolean;
  /** Takes the first frame of `rest`. */
  recvFrame(): Frame | false;
  /** Hands a frame to its channel. */
  accept(frame: Frame): void;
  emit(event: "frameError", error: unknown): boolean;
}

/** A frame as amqplib decodes it. */
export interface Frame {
  readonly channel: number;
  /** The properties of a header frame. */
  readonly fields?: {
    readonly contentType?: string;
    readonly expiration?: string;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

/** @throws {Error} when amqplib is another than the one that this runtime was made for */
export function internalsOf(model: ChannelModel): AMQPInternals {
  // amqplib's types leave these out; they are looked at before anything relies on them.
  const found = model.connection as unknown as Partial<AMQPInternals>;
  const isKnown =
    typeof found.stream?.write === "function" &&
    typeof found.frameMax === "number" &&
    typeof found.maxFrameSize === "number" &&
    Buffer.isBuffer(found.rest) &&
    typeof found.recvFrame === "function" &&
    typeof found.accept === "function";
  if (!isKnown) throw new Error("@rpcgen/runtime needs amqplib 2.3, and found another one");
  return found as AMQPInternals;
}

/** The number of a channel on its connection. */
export function numberOf(channel: Channel): number {
  const { ch } = channel as unknown as { readonly ch?: number };
  if (typeof ch !== "number") throw new Error("@rpcgen/runtime needs amqplib 2.3, and found another one");
  return ch;
}
