import type {
  Destination,
  IncomingMessage,
  MessageListener,
  OutgoingMessage,
  Source,
  Subscription,
  Transport,
} from "@rpcgen/runtime";

/** What a broken or hostile peer may set on a message. */
export interface Properties {
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly expiration?: number;
}

/** A transport that delivers messages with properties which ours would not send, and counts how each was settled. */
export class TappedTransport implements Transport {
  readonly url: string;
  readonly published: { readonly destination: Destination; readonly body: Buffer }[] = [];
  acknowledged = 0;
  rejected = 0;
  requeued = 0;
  /** Messages whose listener threw. */
  thrown: unknown[] = [];
  /** Bodies that were rejected, where `keepRejected` is set. */
  readonly rejectedBodies = new Set<Buffer>();
  readonly #inner: Transport;
  readonly #properties = new WeakMap<Buffer, Properties>();

  constructor(inner: Transport) {
    this.#inner = inner;
    this.url = inner.url;
  }

  /** Publishes bytes as a peer with these properties would. */
  inject(destination: Destination, body: Buffer, properties: Properties = {}): Promise<void> {
    this.#properties.set(body, properties);
    return this.#inner.publish(destination, { body });
  }

  /** Keeps what the broker has taken; a message that is too large, say, was not published. */
  async publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    await this.#inner.publish(destination, message);
    if (this.published.length < 100) this.published.push({ destination, body: message.body });
  }

  subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    return this.#inner.subscribe(source, (message) => {
      try {
        listener(this.#tap(message));
      } catch (error) {
        this.thrown.push(error);
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #tap(message: IncomingMessage): IncomingMessage {
    const given = this.#properties.get(message.body);
    let settled = false;
    return {
      ...("queue" in message ? { queue: message.queue } : {}),
      body: message.body,
      contentType: given !== undefined && "contentType" in given ? given.contentType : message.contentType,
      headers: given?.headers ?? message.headers,
      expiration: given?.expiration ?? message.expiration,
      redelivered: message.redelivered,
      ack: () => {
        if (!settled) this.acknowledged++;
        settled = true;
        message.ack();
      },
      reject: (requeue = false) => {
        if (!settled && requeue) this.requeued++;
        if (!settled && !requeue) {
          this.rejected++;
          this.rejectedBodies.add(message.body);
        }
        settled = true;
        message.reject(requeue);
      },
      // The interface may grow; what this class does not know it does not change.
    } as IncomingMessage;
  }
}
