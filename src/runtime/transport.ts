import type { CancelSignal } from "./cancel-signal.js";
import type { Target } from "./target.js";
import type { TransportStats } from "./transport-stats.js";

/**
 * A transport moves bytes between programs. It knows targets and reply queues, and nothing of requests and replies:
 * `memory://` and RabbitMQ are two of them, a user may write a third.
 */
export interface Transport {
  /** The transport's address without credentials, for messages and logs. */
  readonly url: string;
  /** Calls that may wait for their replies at the same time. @default 10_000 */
  readonly maxPendingCalls?: number;
  /** Requests that came back and may wait for their next try at the same time. @default 65_536 */
  readonly maxBacklog?: number;
  /** Their bytes. @default 256 MiB */
  readonly maxBacklogBytes?: number;
  /** Bytes that a message may have. @default 64 MiB */
  readonly maxMessageSize?: number;
  /** Whether what waits in a server's queues survives a restart of the broker; undefined where there is none. */
  readonly durable?: boolean;
  /**
   * Sends one message; resolves when the broker has taken it.
   *
   * @throws {MessageUndeliverableError} when the message is `mandatory` and no queue took it
   * @throws {TransportError} when the broker refused it, or was not reached before `signal` aborted
   * @throws {MessageTooLargeError} when it is larger than the transport takes
   * @throws {BacklogFullError} when too many messages wait already
   */
  publish(destination: Destination, message: OutgoingMessage): Promise<void>;
  /** Starts to receive; resolves when the broker will deliver everything that is sent from now on. */
  subscribe(source: Source, listener: MessageListener): Promise<Subscription>;
  /** Ends every subscription and connection after what was published is confirmed. Idempotent. */
  close(): Promise<void>;
  /** What the transport has done and how it is, as plain numbers. */
  stats?(): TransportStats;
}

/** A transport that counts what it does: those which `createTransport` makes. */
export interface BrokerTransport extends Transport {
  readonly maxPendingCalls: number;
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
  readonly maxMessageSize: number;
  stats(): TransportStats;
}

/** A request's target, the reply queue of one client, or any queue by its name. */
export type Destination = { readonly target: Target } | { readonly replyQueue: string } | { readonly queue: string };

/** A server's three queues (topic, topic.server, fanout), the reply queue of one client, or a topic's dead letters. */
export type Source =
  | {
      readonly target: Target & { readonly server: string };
      /** Messages delivered and not yet acknowledged. The transport's default when absent. */
      readonly prefetch?: number;
      /** Declares the topic's dead-letter queue (`deadLetterQueue`) too. @default false */
      readonly deadLetters?: boolean;
      /** Hears of a message that is larger than the transport takes; the transport logs it and rejects it afterwards. */
      readonly oversized?: (message: IncomingMessage) => void;
    }
  | {
      readonly replyQueue: string;
      /** Hears what happens to the subscription after its start. */
      readonly changed?: (change: SubscriptionChange) => void;
      /** Hears of a message that is larger than the transport takes; the transport logs it and rejects it afterwards. */
      readonly oversized?: (message: IncomingMessage) => void;
    }
  /** The topic whose dead letters are to be read; an operator's program does that. */
  | { readonly deadLetters: string };

/**
 * - `lost`: nothing arrives for now; the queue may be gone, and what was in it
 * - `recovered`: messages arrive again, from a queue of the same name
 * - `ended`: nothing will arrive any more; the subscription was cancelled, or the transport closed
 */
export type SubscriptionChange = "lost" | "recovered" | "ended";

/** The queue of a topic's messages that could not be processed. Nobody consumes it but the operator. */
export function deadLetterQueue(topic: string): string {
  return `${topic}.dead`;
}

export interface OutgoingMessage {
  /** The encoded body. The transport does not change it and the caller does not after the call. */
  readonly body: Buffer;
  /** Fail when no queue takes the message. @default false */
  readonly mandatory?: boolean;
  /** The broker drops the message unseen after this many milliseconds. */
  readonly expiration?: number;
  /** 0 to 9. @default 0 */
  readonly priority?: number;
  /** AMQP headers. oslo.messaging peers ignore them, but for `compression`. @default none */
  readonly headers?: Headers;
  /** Gives up waiting for a connection or the broker's confirmation. */
  readonly signal?: CancelSignal;
}

/** AMQP headers that we send. */
export type Headers = Readonly<Record<string, string | number>>;

export type MessageListener = (message: IncomingMessage) => void;

export interface IncomingMessage {
  readonly body: Buffer;
  /** The queue from which it came. */
  readonly queue: string;
  /** The AMQP content type; oslo.messaging peers take `application/json` alone. */
  readonly contentType: string | undefined;
  /** AMQP headers, for example `compression`. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The sender's expiration in milliseconds. */
  readonly expiration: number | undefined;
  /** The broker has delivered the message before. */
  readonly redelivered: boolean;
  /** The connection by which it came is gone: the broker delivers it again, perhaps to another. @default false */
  readonly isStale?: boolean;
  /** Takes the message off the queue. The first of `ack` and `reject` counts. */
  ack(): void;
  /** Drops the message; with `requeue` the broker delivers it again. */
  reject(requeue?: boolean): void;
}

export interface Subscription {
  /** No message arrives after the promise resolves; those delivered stay the listener's. Idempotent. */
  cancel(): Promise<void>;
}
