import type { Message } from "amqplib";
import type { Outgoing } from "./outgoing.js";

/**
 * The messages of one channel that wait for their confirmation, by the number that the broker counts for them.
 *
 * The numbers follow each other, so a list with a moving start is enough. A map would do harm: V8 chains the tables that
 * a map outgrows or cleans up, and once one of them is old, everything that the later ones held stays until the next
 * full collection.
 */
export class Confirms {
  /** From `#head` on those that wait, with gaps; before it nothing. */
  #outgoing: (Outgoing | undefined)[] = [];
  #head = 0;
  /** The tag of what is at `#head`. */
  #first = 1;
  #size = 0;
  /** Where to look for the message that came back: RabbitMQ returns messages in the order of their publishing. */
  #lastReturned = 0;

  /** Messages that wait. */
  get size(): number {
    return this.#size;
  }

  /** The message has been given to the channel. */
  add(outgoing: Outgoing): void {
    this.#outgoing.push(outgoing);
    this.#size++;
  }

  /** basic.ack or basic.nack. */
  confirmed(tag: number, multiple: boolean, taken: boolean): void {
    if (multiple) {
      const end = Math.min(tag, this.#next - 1);
      for (let each = this.#first; each <= end; each++) this.#settle(each, taken);
    } else {
      this.#settle(tag, taken);
    }
    this.#advance();
  }

  /**
   * RabbitMQ sends basic.return before the confirmation, and the confirmation then fails the promise. A return carries
   * no delivery tag, and oslo's messages have no property that could take an id of ours. What it has is the message:
   * returns come in the order of publishing, so it is the first mandatory one after the last return with this key and
   * these bytes. Two messages that are equal in both went to the same place, and either may stand for the other.
   */
  returned(message: Message): void {
    for (let tag = Math.max(this.#lastReturned + 1, this.#first); tag < this.#next; tag++) {
      const outgoing = this.#at(tag);
      if (outgoing?.mandatory !== true || outgoing.returned) continue;
      if (outgoing.routingKey !== message.fields.routingKey || !outgoing.body.equals(message.content)) continue;
      outgoing.returned = true;
      this.#lastReturned = tag;
      return;
    }
  }

  /** Takes every message out: no confirmation comes any more. */
  take(): Outgoing[] {
    const taken = this.#outgoing.filter((outgoing) => outgoing !== undefined);
    this.#first = this.#next;
    this.#outgoing = [];
    this.#head = 0;
    this.#size = 0;
    return taken;
  }

  /** The tag of the next message. */
  get #next(): number {
    return this.#first + this.#outgoing.length - this.#head;
  }

  #at(tag: number): Outgoing | undefined {
    return this.#outgoing[this.#head + tag - this.#first];
  }

  #settle(tag: number, taken: boolean): void {
    const outgoing = this.#at(tag);
    if (tag < this.#first || outgoing === undefined) return;
    this.#outgoing[this.#head + tag - this.#first] = undefined;
    this.#size--;
    if (outgoing.returned) outgoing.undeliverable();
    else if (taken) outgoing.succeed();
    // One queue of several may have it all the same.
    else outgoing.fail("RabbitMQ could not take the message (basic.nack)", "unknown", undefined);
  }

  /** Goes past what is settled. */
  #advance(): void {
    const { length } = this.#outgoing;
    while (this.#head < length && this.#outgoing[this.#head] === undefined) {
      this.#head++;
      this.#first++;
    }
    if (this.#head === length) {
      this.#outgoing.length = 0;
      this.#head = 0;
    } else if (this.#head >= MOST_SETTLED && this.#head * 2 > length) {
      this.#outgoing.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

/** Settled messages whose places are kept. */
const MOST_SETTLED = 1_024;
