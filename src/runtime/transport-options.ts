import type { Logger } from "./logger.js";
import type { Metrics } from "./metrics.js";
import type { ConnectionStateName } from "./transport-stats.js";

/**
 * What a transport can be told in code. Every option that oslo.messaging has too may also stand in the URL under oslo's
 * name (in brackets below); the URL wins, as it does in oslo. `memory://` uses `logger`, `controlExchange`,
 * `prefetch` and the `max...` limits and ignores the rest, so that one program runs on either.
 */
export interface TransportOptions {
  /** Where the transport reports reconnections and faults that no caller sees. @default silent */
  readonly logger?: Logger;
  /** The topic exchange of targets that name none. @default "openstack" */
  readonly controlExchange?: string;
  /**
   * Messages that one queue's consumer may hold without acknowledging them; 0 sets no limit. oslo's own default is 0,
   * which lets a slow server take a whole backlog into its memory. [`rabbit_qos_prefetch_count`] @default 256
   */
  readonly prefetch?: number;
  /**
   * Bytes that a message may have, both ways: a larger one is a MessageTooLargeError for its sender, and is rejected
   * where it arrives. RabbitMQ has a limit of its own (`max_message_size`: 128 MiB in version 3, 16 MiB in 4).
   * @default 64 MiB
   */
  readonly maxMessageSize?: number;
  /** Calls that may wait for their replies at the same time; one more is a TooManyPendingCallsError. @default 10_000 */
  readonly maxPendingCalls?: number;
  /**
   * Messages that may wait for a connection, for a broker that takes none, or for their confirmation; one more is a
   * BacklogFullError. As many may wait for their next try; one more is a MessageUndeliverableError. On `memory://`, where
   * no broker keeps what waits, as many may be in one queue. @default 65_536
   */
  readonly maxBacklog?: number;
  /** The same limit in bytes. @default 256 MiB */
  readonly maxBacklogBytes?: number;
  /** Counts the changes of the connections' states; all other numbers are in `stats()`. @default none */
  readonly metrics?: Metrics;
  /** Hears of every change of the two connections, for alerts and tests. It must not throw. @default none */
  readonly onStateChange?: (change: ConnectionChange) => void;
  /** What the broker's management pages call our connections. @default program:pid:uuid */
  readonly connectionName?: string;

  /** The topic exchange, the topic's queue and the server's queue survive a broker restart. [`amqp_durable_queues`] @default false */
  readonly durableQueues?: boolean;
  /** Those three go when their last user goes. [`amqp_auto_delete`] @default false */
  readonly autoDelete?: boolean;
  /** The topic's and the server's queue are quorum queues, and the exchange is durable. [`rabbit_quorum_queue`] @default false */
  readonly quorumQueues?: boolean;
  /** `x-delivery-limit` of quorum queues; 0 leaves it out. [`rabbit_quorum_delivery_limit`] @default 0 */
  readonly quorumDeliveryLimit?: number;
  /** `x-max-in-memory-length` of quorum queues; 0 leaves it out. [`rabbit_quorum_max_memory_length`] @default 0 */
  readonly quorumMaxMemoryLength?: number;
  /** `x-max-in-memory-bytes` of quorum queues; 0 leaves it out. [`rabbit_quorum_max_memory_bytes`] @default 0 */
  readonly quorumMaxMemoryBytes?: number;
  /** Adds `x-ha-policy: all` to every queue; old fleets have it, and all peers must agree. [`rabbit_ha_queues`] @default false */
  readonly haQueues?: boolean;
  /**
   * The broker removes reply and fanout queues that nobody used for so many seconds; 0 keeps them for ever.
   * [`rabbit_transient_queues_ttl`] @default 1800
   */
  readonly transientQueuesTTL?: number;
  /** Reply and fanout queues are durable quorum queues, and fanout exchanges are durable. [`rabbit_transient_quorum_queue`] @default false */
  readonly transientQuorumQueues?: boolean;
  /** Consumers carry `x-cancel-on-ha-failover`. [`enable_cancel_on_failover`] @default false */
  readonly cancelOnFailover?: boolean;

  /** Seconds without a sign of life after which a connection counts as lost; 0 switches heartbeats off. [`heartbeat_timeout_threshold`] @default 60 */
  readonly heartbeat?: number;
  /** Time for one attempt to connect to one host, handshakes included, in milliseconds; 0 sets none. @default 10_000 */
  readonly connectTimeout?: number;
  /** How long to wait between attempts, once every host has been tried. */
  readonly reconnect?: ReconnectOptions;
  /** The order in which hosts are tried after the first. [`kombu_failover_strategy`] @default "round-robin" */
  readonly failover?: "round-robin" | "shuffle";
  /** How to log in. `EXTERNAL` lets the broker take the name from the client's certificate. [`rabbit_login_method`] @default "PLAIN" */
  readonly loginMethod?: "PLAIN" | "AMQPLAIN" | "EXTERNAL";
  /** Encrypts the connection; `true` verifies the broker against Node's certificate authorities. [`ssl`] @default false */
  readonly tls?: boolean | TLSOptions;
  /** Time for `close` to wait until the broker confirmed what was published, in milliseconds. @default 5_000 */
  readonly closeTimeout?: number;
}

/** A connection has changed its state. */
export interface ConnectionChange {
  /** One connection publishes, the other consumes. */
  readonly role: "publish" | "consume";
  readonly from: ConnectionStateName;
  readonly to: ConnectionStateName;
  /** `host:port` of the broker that it is about, where it is about one. */
  readonly broker: string | undefined;
  /** Why, where something went wrong. */
  readonly error: Error | undefined;
}

/** The wait doubles from `initial` to `max`; each wait is drawn from its upper half, so that a fleet does not return at one moment. */
export interface ReconnectOptions {
  /** In milliseconds. [`rabbit_retry_interval`, in seconds] @default 1_000 */
  readonly initial?: number;
  /** In milliseconds. [`rabbit_interval_max`, in seconds] @default 30_000 */
  readonly max?: number;
  /** The part of each wait that is left to chance, 0 to 1. @default 0.5 */
  readonly jitter?: number;
}

/** Certificates and keys are PEM text, or the path of a PEM file where the name ends in `File`. */
export interface TLSOptions {
  readonly ca?: string | Buffer;
  /** [`ssl_ca_file`] */
  readonly caFile?: string;
  readonly cert?: string | Buffer;
  /** [`ssl_cert_file`] */
  readonly certFile?: string;
  readonly key?: string | Buffer;
  /** [`ssl_key_file`] */
  readonly keyFile?: string;
  /** Passphrase of the key. */
  readonly passphrase?: string;
  /** The name that the broker's certificate must carry. @default the host in the URL */
  readonly servername?: string;
  /** Checks the broker's certificate. Without it anyone on the path can read and write. @default true */
  readonly verify?: boolean;
  /** Checks that the certificate is for the host that we connect to. [`ssl_enforce_hostname_verification`] @default true */
  readonly verifyHostname?: boolean;
  /** The lowest TLS version. [`ssl_version`] @default Node's own, TLSv1.2 */
  readonly minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
}

/** The topic exchange of targets that name none, as in oslo.messaging. */
export const defaultControlExchange = "openstack";

/** Enough for full speed at any sensible number of calls in flight, and a bound on what a slow server takes into memory. */
export const defaultPrefetch = 256;

/** What the limits are where the options say nothing. */
export const defaultLimits = {
  maxMessageSize: 64 << 20,
  maxPendingCalls: 10_000,
  maxBacklog: 65_536,
  maxBacklogBytes: 256 << 20,
} as const;
