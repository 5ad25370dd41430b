import { randomUUID } from "node:crypto";
import { type ConfirmChannel, type ConsumeMessage, connect, type Options } from "amqplib";

type Model = Awaited<ReturnType<typeof connect>>;

/** A reply as it was on the wire, its payload taken out of the envelope. */
export type RawReply = Readonly<Record<string, unknown>>;

/** What a raw request may say beside the usual; `undefined` leaves a key out. */
export interface RawRequest {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly properties?: { readonly [Key in keyof Options.Publish]?: Options.Publish[Key] | undefined };
  /** Makes the body of the payload's text. @default the envelope of version 2.0 */
  readonly body?: (payload: string) => Buffer;
}

/** A peer that writes and reads messages by hand: it can say what neither oslo.messaging nor our client would. */
export class RawPeer {
  readonly replyQueue = `reply_${randomUUID().replaceAll("-", "")}`;
  readonly channel: ConfirmChannel;
  readonly replies: RawReply[] = [];
  readonly #model: Model;
  readonly #waiting = new Set<() => void>();

  private constructor(model: Model, channel: ConfirmChannel) {
    this.#model = model;
    this.channel = channel;
  }

  static async start(url: string): Promise<RawPeer> {
    const model = await connect(url.replace(/^rabbit:/, "amqp:"));
    const peer = new RawPeer(model, await model.createConfirmChannel());
    await peer.listen();
    return peer;
  }

  /** Declares the reply queue and consumes it. */
  async listen(): Promise<void> {
    await this.channel.assertQueue(this.replyQueue, { durable: false, arguments: { "x-expires": 1_800_000 } });
    await this.channel.consume(this.replyQueue, (message) => this.#receive(message), { noAck: true });
  }

  /** Sends a request straight to a queue. */
  async send(queue: string, { payload, properties = {}, body = enveloped }: RawRequest): Promise<void> {
    const given = Object.entries({ contentType: "application/json", contentEncoding: "utf-8", ...properties });
    const options = Object.fromEntries(given.filter(([, value]) => value !== undefined));
    this.channel.sendToQueue(queue, body(JSON.stringify(payload)), options);
    await this.channel.waitForConfirms();
  }

  /** A call's keys, for a payload. */
  call(messageId: string, method = "echo"): Readonly<Record<string, unknown>> {
    const args = method === "echo" ? { value: messageId } : {};
    const reply = { _msg_id: messageId, _reply_q: this.replyQueue, _timeout: null };
    return { method, args, version: "1.5", ...reply, _unique_id: randomUUID().replaceAll("-", "") };
  }

  /** The last reply to a call; heartbeats are passed over. */
  async replyTo(messageId: string): Promise<RawReply> {
    for (;;) {
      const reply = this.replies.find((each) => each["_msg_id"] === messageId && each["ending"] === true);
      if (reply !== undefined) return reply;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Sends a request and gives its reply. */
  async exchange(queue: string, request: RawRequest): Promise<RawReply> {
    await this.send(queue, request);
    return this.replyTo(String(request.payload["_msg_id"]));
  }

  /**
   * Sends a request that is not to be answered, then two ordinary calls, one after the other: a reply to the request
   * would have come by then.
   */
  async sendUnanswered(queue: string, request: RawRequest): Promise<RawReply | undefined> {
    await this.send(queue, request);
    for (let i = 0; i < 2; i++) await this.exchange(queue, { payload: this.call(`after-${randomUUID()}`) });
    return this.replies.find((each) => each["_msg_id"] === request.payload["_msg_id"]);
  }

  async stop(): Promise<void> {
    await this.channel.deleteQueue(this.replyQueue);
    await this.#model.close();
  }

  #receive(message: ConsumeMessage | null): void {
    if (message === null) return;
    this.replies.push(JSON.parse(JSON.parse(String(message.content))["oslo.message"]));
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

export function enveloped(payload: string): Buffer {
  return Buffer.from(JSON.stringify({ "oslo.version": "2.0", "oslo.message": payload }));
}

/** The class of a reply's failure; "ok" for a result. */
export function outcomeOf(reply: RawReply | undefined): string {
  if (reply === undefined) return "no reply";
  const failure = reply["failure"];
  return failure === null ? "ok" : JSON.parse(String(failure)).class;
}
