import { atEndOfTurn } from "../turn.js";
import type { AMQPInternals } from "./internals.js";

/** Bytes of one piece of memory that frames are written into. */
const CHUNK = 64 * 1024;
/** Bytes that are written at once, without waiting for the turn's end. */
const MOST_HELD = 256 * 1024;

/** Has frames to write at the end of the turn. */
export interface FrameSource {
  writeFrames(): void;
}

/**
 * Gives the socket what was written in one turn of the event loop, in one piece: a system call a message is half of what
 * a small message costs, on both sides of the socket.
 *
 * amqplib writes to the same socket, each time whole frames, and so do we; the two never mix inside a frame. Its frames
 * leave later than ours that were written before: it waits for the loop's next phase.
 */
export class FrameWriter {
  readonly #amqp: AMQPInternals;
  readonly #drained: () => void;
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  /** What is written in the chunk and not yet given to the socket: from `#start` to `#at`. */
  #start = 0;
  #at = 0;
  /** Before what is in the chunk. */
  #pieces: Buffer[] = [];
  #held = 0;
  #sources: FrameSource[] = [];
  #scheduled = false;
  #full = false;
  #ended = false;

  /** @param drained called when the socket takes more again */
  constructor(amqp: AMQPInternals, drained: () => void) {
    this.#amqp = amqp;
    this.#drained = drained;
    amqp.stream.on("drain", () => {
      this.#full = false;
      this.#drained();
    });
  }

  /** Whether the socket's buffer is full; what is written nevertheless is kept in memory. */
  get full(): boolean {
    return this.#full;
  }

  /** The negotiated size of a frame's payload. */
  get maxPayload(): number {
    const { frameMax } = this.#amqp;
    return frameMax === 0 ? Number.MAX_SAFE_INTEGER : frameMax - 8;
  }

  /**
   * Space for so many bytes, which the caller fills before it does anything else: the memory, and where in it. Bytes that
   * are reserved are written.
   */
  reserve(size: number): { readonly buffer: Buffer; readonly offset: number } {
    this.#schedule();
    if (this.#at + size > this.#chunk.length) this.#nextChunk(size);
    const offset = this.#at;
    this.#at += size;
    this.#held += size;
    return { buffer: this.#chunk, offset };
  }

  /** Writes bytes that stay as they are until they are sent, without copying them. */
  pass(bytes: Buffer): void {
    this.#schedule();
    this.#cut();
    this.#pieces.push(bytes);
    this.#held += bytes.length;
  }

  /** Asks the source for its frames at the end of the turn. */
  atEndOfTurn(source: FrameSource): void {
    this.#sources.push(source);
    this.#schedule();
  }

  /** Gives everything to the socket now. */
  flush(): void {
    if (this.#ended) return;
    while (this.#sources.length > 0) {
      const sources = this.#sources;
      this.#sources = [];
      for (const source of sources) source.writeFrames();
    }
    this.#write();
  }

  /** Writes nothing any more: the connection is gone. */
  end(): void {
    this.#ended = true;
    this.#pieces = [];
    this.#sources = [];
  }

  #schedule(): void {
    if (this.#scheduled) {
      if (this.#held >= MOST_HELD) this.#write();
      return;
    }
    this.#scheduled = true;
    atEndOfTurn(this.#endOfTurn);
  }

  readonly #endOfTurn = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  #nextChunk(size: number): void {
    this.#cut();
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK, size));
    this.#start = 0;
    this.#at = 0;
  }

  /** What is written in the chunk becomes a piece. */
  #cut(): void {
    if (this.#at > this.#start) this.#pieces.push(this.#chunk.subarray(this.#start, this.#at));
    this.#start = this.#at;
  }

  #write(): void {
    if (this.#held === 0 || this.#ended) return;
    this.#cut();
    const { stream } = this.#amqp;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#held = 0;
    this.#amqp.sentSinceLastCheck = true;
    if (pieces.length > 1) stream.cork();
    for (const piece of pieces) this.#full = !stream.write(piece);
    if (pieces.length > 1) stream.uncork();
  }
}
