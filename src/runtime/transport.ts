import type { Target } from "./target.js";

/**
 * A transport moves bytes between programs. It knows targets and reply queues, and nothing of requests and replies:
 * `memory://` and RabbitMQ are two of them, a user may write a third.
 */
export interface Transport {
  /** The transport's address without credentials, for messages and logs. */
  readonly url: string;
  /**
   * Sends one message; resolves when the broker has taken it.
   *
   * @throws {MessageUndeliverableError} when the message is `mandatory` and no queue took it
   * @throws {TransportError} when the broker refused it, or was not reached before `signal` aborted
   */
  publish(destination: Destination, message: OutgoingMessage): Promise<void>;
  /** Starts to receive; resolves when the broker will deliver everything that is sent from now on. */
  subscribe(source: Source, listener: MessageListener): Promise<Subscription>;
  /** Ends every subscription and connection after what was published is confirmed. Idempotent. */
  close(): Promise<void>;
}

/** A request's target, or the reply queue of one client. */
export type Destination = { readonly target: Target } | { readonly replyQueue: string };

/** A server's three queues (topic, topic.server, fanout), or the reply queue of one client. */
export type Source =
  | {
      readonly target: Target & { readonly server: string };
      /** Messages delivered and not yet acknowledged. The transport's default when absent. */
      readonly prefetch?: number;
    }
  | { readonly replyQueue: string };

export interface OutgoingMessage {
  /** The encoded body. The transport does not change it and the caller does not after the call. */
  readonly body: Buffer;
  /** Fail when no queue takes the message. @default false */
  readonly mandatory?: boolean;
  /** The broker drops the message unseen after this many milliseconds. */
  readonly expiration?: number;
  /** 0 to 9. @default 0 */
  readonly priority?: number;
  /** Gives up waiting for a connection or the broker's confirmation. */
  readonly signal?: AbortSignal;
}

export type MessageListener = (message: IncomingMessage) => void;

export interface IncomingMessage {
  readonly body: Buffer;
  /** The AMQP content type; oslo.messaging peers take `application/json` alone. */
  readonly contentType: string | undefined;
  /** AMQP headers, for example `compression`. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The sender's expiration in milliseconds. */
  readonly expiration: number | undefined;
  /** The broker has delivered the message before. */
  readonly redelivered: boolean;
  /** Takes the message off the queue. The first of `ack` and `reject` counts. */
  ack(): void;
  /** Drops the message; with `requeue` the broker delivers it again. */
  reject(requeue?: boolean): void;
}

export interface Subscription {
  /** No message arrives after the promise resolves; those delivered stay the listener's. Idempotent. */
  cancel(): Promise<void>;
}
