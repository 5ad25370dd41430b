import type { FrameSource, FrameWriter } from "./frame-writer.js";
import { BASIC, FRAME_END, frameHead, HEAD, METHOD_FRAME } from "./protocol.js";

/** Source: AMQP 0-9-1, basic.ack and basic.reject. */
const ACK = 80;
const REJECT = 90;
/** Class, method, delivery tag and one byte of flags. */
const PAYLOAD = 13;

/**
 * The acknowledgements of one channel. Those of a turn go together: one frame with `multiple` for all messages up to the
 * last one that was acknowledged without a gap, which in a server that acknowledges on receipt is all of them.
 */
export class Acknowledgements implements FrameSource {
  readonly #channel: number;
  readonly #writer: FrameWriter;
  readonly #most: number;
  readonly #delay: number;
  /** The lowest tag that is not settled on the wire. RabbitMQ counts a channel's deliveries from 1. */
  #lowest = 1;
  /** Settled on the wire, and above `#lowest`. */
  readonly #settled = new Set<number>();
  /** Acknowledged and not yet written. */
  #acknowledged: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param patience where a message may be delivered twice without harm: acknowledgements are written after so many
   *   messages, or so many milliseconds. At the end of the turn when absent
   */
  constructor(channel: number, writer: FrameWriter, patience?: { readonly most: number; readonly delay: number }) {
    this.#channel = channel;
    this.#writer = writer;
    this.#most = patience?.most ?? 1;
    this.#delay = patience?.delay ?? 0;
  }

  ack(tag: number): void {
    const count = this.#acknowledged.push(tag);
    if (count === this.#most) this.#writer.atEndOfTurn(this);
    else if (count === 1) this.#timer ??= setTimeout(() => this.#expired(), this.#delay);
  }

  reject(tag: number, requeue: boolean): void {
    this.#write(REJECT, tag, requeue);
    this.#settled.add(tag);
  }

  /** Writes what was acknowledged. */
  writeFrames(): void {
    const tags = this.#acknowledged;
    if (tags.length === 0) return;
    this.#acknowledged = [];
    if (!isAscending(tags)) tags.sort((a, b) => a - b);
    const first = this.#skipSettled();
    let upTo = 0;
    for (const tag of tags) {
      if (tag === this.#lowest) {
        upTo = tag;
        this.#lowest++;
        this.#skipSettled();
      } else {
        this.#write(ACK, tag, false);
        this.#settled.add(tag);
      }
    }
    if (upTo > 0) this.#write(ACK, upTo, upTo > first);
  }

  /** The channel is gone: another one may have its number by now. */
  end(): void {
    clearTimeout(this.#timer);
    this.#acknowledged = [];
  }

  /** One timer for many messages: what came in the meantime goes too. */
  #expired(): void {
    this.#timer = undefined;
    if (this.#acknowledged.length > 0) this.#writer.atEndOfTurn(this);
  }

  #skipSettled(): number {
    while (this.#settled.size > 0 && this.#settled.delete(this.#lowest)) this.#lowest++;
    return this.#lowest;
  }

  #write(method: number, tag: number, flag: boolean): void {
    const { buffer, offset } = this.#writer.reserve(HEAD + PAYLOAD + 1);
    const at = frameHead(buffer, offset, METHOD_FRAME, this.#channel, PAYLOAD);
    buffer.writeUInt16BE(BASIC, at);
    buffer.writeUInt16BE(method, at + 2);
    buffer.writeUInt32BE(Math.floor(tag / 2 ** 32), at + 4);
    buffer.writeUInt32BE(tag % 2 ** 32, at + 8);
    buffer[at + 12] = flag ? 1 : 0;
    buffer[at + 13] = FRAME_END;
  }
}

function isAscending(tags: readonly number[]): boolean {
  let last = 0;
  for (const tag of tags) {
    if (tag < last) return false;
    last = tag;
  }
  return true;
}
