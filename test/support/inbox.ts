import { randomUUID } from "node:crypto";
import type { Destination, IncomingMessage, OutgoingMessage, Transport } from "../../src/runtime/transport.js";

/** Collects messages and hands them out in order. */
export class Inbox {
  count = 0;
  readonly #settle: boolean;
  readonly #waiting: IncomingMessage[] = [];
  readonly #takers: ((message: IncomingMessage) => void)[] = [];

  constructor({ settle = true } = {}) {
    this.#settle = settle;
  }

  readonly listener = (message: IncomingMessage): void => {
    this.count++;
    if (this.#settle) message.ack();
    const taker = this.#takers.shift();
    if (taker === undefined) this.#waiting.push(message);
    else taker(message);
  };

  next(): Promise<IncomingMessage> {
    const message = this.#waiting.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  async take(count: number): Promise<string[]> {
    const bodies: string[] = [];
    while (bodies.length < count) bodies.push((await this.next()).body.toString());
    return bodies;
  }
}

/** A message of these words. */
export function text(body: string): OutgoingMessage {
  return { body: Buffer.from(body) };
}

/** A reply queue's name as a client makes it. */
export function replyQueueName(): string {
  return `reply_${randomUUID().replaceAll("-", "")}`;
}

/** Publishes until a queue takes the message: a queue is declared again some time after its loss. */
export async function publishUntilTaken(transport: Transport, to: Destination, body: string): Promise<void> {
  for (;;) {
    const taken = await transport.publish(to, { ...text(body), mandatory: true }).then(
      () => true,
      () => false,
    );
    if (taken) return;
  }
}
