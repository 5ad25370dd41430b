import type { Message } from "amqplib";
import type { Outgoing } from "./outgoing.js";

/** The messages of one channel that wait for their confirmation, by the number that the broker counts for them. */
export class Confirms {
  readonly #unconfirmed = new Map<number, Outgoing>();
  #nextTag = 1;
  /** Where to look for the message that came back: RabbitMQ returns messages in the order of their publishing. */
  #lastReturned = 0;

  get size(): number {
    return this.#unconfirmed.size;
  }

  /** The message has been given to the channel. */
  add(outgoing: Outgoing): void {
    this.#unconfirmed.set(this.#nextTag++, outgoing);
  }

  /** basic.ack or basic.nack. */
  confirmed(tag: number, multiple: boolean, taken: boolean): void {
    if (!multiple) {
      this.#settle(tag, taken);
      return;
    }
    for (const each of this.#unconfirmed.keys()) {
      if (each > tag) break;
      this.#settle(each, taken);
    }
  }

  /**
   * RabbitMQ sends basic.return before the confirmation, and the confirmation then fails the promise. A return carries
   * no delivery tag, and oslo's messages have no property that could take an id of ours. What it has is the message:
   * returns come in the order of publishing, so it is the first mandatory one after the last return with this key and
   * these bytes. Two messages that are equal in both went to the same place, and either may stand for the other.
   */
  returned(message: Message): void {
    for (let tag = this.#lastReturned + 1; tag < this.#nextTag; tag++) {
      const outgoing = this.#unconfirmed.get(tag);
      if (outgoing?.mandatory !== true || outgoing.returned) continue;
      if (outgoing.routingKey !== message.fields.routingKey || !outgoing.body.equals(message.content)) continue;
      outgoing.returned = true;
      this.#lastReturned = tag;
      return;
    }
  }

  /** Takes every message out: no confirmation comes any more. */
  take(): Outgoing[] {
    const taken = [...this.#unconfirmed.values()];
    this.#unconfirmed.clear();
    return taken;
  }

  #settle(tag: number, taken: boolean): void {
    const outgoing = this.#unconfirmed.get(tag);
    if (outgoing === undefined) return;
    this.#unconfirmed.delete(tag);
    if (outgoing.returned) outgoing.undeliverable();
    else if (taken) outgoing.succeed();
    // One queue of several may have it all the same.
    else outgoing.fail("RabbitMQ could not take the message (basic.nack)", "unknown", undefined);
  }
}
