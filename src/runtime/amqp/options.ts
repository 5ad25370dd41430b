import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { TransportError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import type { Metrics } from "../metrics.js";
import {
  type ConnectionChange,
  defaultControlExchange,
  defaultLimits,
  defaultPrefetch,
  type TLSOptions,
  type TransportOptions,
} from "../transport-options.js";
import type { TopologySettings } from "./topology.js";
import { describeURL, type Host, parseTransportURL } from "./transport-url.js";
import { readURLOptions } from "./url-options.js";

/** Everything the AMQP transport needs to know, complete. */
export interface AMQPSettings {
  /** Without credentials. */
  readonly url: string;
  readonly hosts: readonly Host[];
  readonly virtualHost: string;
  readonly logger: Logger;
  readonly prefetch: number;
  readonly maxMessageSize: number;
  readonly maxPendingCalls: number;
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
  readonly metrics: Metrics | undefined;
  readonly onStateChange: ((change: ConnectionChange) => void) | undefined;
  readonly connectionName: string;
  readonly topology: TopologySettings;
  /** In seconds. */
  readonly heartbeat: number;
  readonly connectTimeout: number;
  readonly reconnect: { readonly initial: number; readonly max: number; readonly jitter: number };
  readonly failover: "round-robin" | "shuffle";
  readonly loginMethod: "PLAIN" | "AMQPLAIN" | "EXTERNAL";
  /** Undefined for a connection in clear. */
  readonly tls: TLSOptions | undefined;
  readonly closeTimeout: number;
}

/**
 * Joins the URL and the options given in code into settings; where both speak, the URL counts, as in oslo.
 *
 * @throws {TransportError} when they make no sense
 */
export function resolveSettings(url: string, inCode: TransportOptions = {}): AMQPSettings {
  const parsed = parseTransportURL(url);
  const fromURL = readURLOptions(parsed.query);
  const options: TransportOptions = { ...inCode, ...fromURL.transport };
  const reconnect = { ...inCode.reconnect, ...fromURL.reconnect };
  const initial = nonNegative(reconnect.initial ?? 1_000, "reconnect.initial");
  return {
    url: describeURL(parsed),
    hosts: parsed.hosts,
    virtualHost: parsed.virtualHost,
    logger: options.logger ?? silentLogger,
    prefetch: checkPrefetch(options.prefetch ?? defaultPrefetch),
    ...limits(options),
    metrics: options.metrics,
    onStateChange: options.onStateChange,
    connectionName: options.connectionName ?? `${basename(process.argv[1] ?? "node")}:${process.pid}:${randomUUID()}`,
    topology: topologySettings(options),
    heartbeat: nonNegative(options.heartbeat ?? 60, "heartbeat"),
    connectTimeout: nonNegative(options.connectTimeout ?? 10_000, "connectTimeout"),
    reconnect: {
      initial,
      max: Math.max(initial, nonNegative(reconnect.max ?? 30_000, "reconnect.max")),
      jitter: Math.min(1, nonNegative(reconnect.jitter ?? 0.5, "reconnect.jitter")),
    },
    failover: options.failover ?? "round-robin",
    loginMethod: options.loginMethod ?? "PLAIN",
    tls: tlsOptions(parsed.scheme === "amqps" ? true : fromURL.ssl, fromURL.tls, inCode.tls),
    closeTimeout: nonNegative(options.closeTimeout ?? 5_000, "closeTimeout"),
  };
}

function limits(options: TransportOptions): Record<keyof typeof defaultLimits, number> {
  const limit = (name: keyof typeof defaultLimits): number => atLeastOne(options[name] ?? defaultLimits[name], name);
  return {
    maxMessageSize: limit("maxMessageSize"),
    maxPendingCalls: limit("maxPendingCalls"),
    maxBacklog: limit("maxBacklog"),
    maxBacklogBytes: limit("maxBacklogBytes"),
  };
}

function topologySettings(options: TransportOptions): TopologySettings {
  if (options.quorumQueues === true && options.haQueues === true) {
    throw new TransportError(
      "quorum queues cannot be HA queues: set either rabbit_quorum_queue or rabbit_ha_queues, not both",
    );
  }
  return {
    controlExchange: options.controlExchange ?? defaultControlExchange,
    durable: options.durableQueues ?? false,
    autoDelete: options.autoDelete ?? false,
    quorum: options.quorumQueues ?? false,
    deliveryLimit: nonNegative(options.quorumDeliveryLimit ?? 0, "quorumDeliveryLimit"),
    maxMemoryLength: nonNegative(options.quorumMaxMemoryLength ?? 0, "quorumMaxMemoryLength"),
    maxMemoryBytes: nonNegative(options.quorumMaxMemoryBytes ?? 0, "quorumMaxMemoryBytes"),
    ha: options.haQueues ?? false,
    transientTTL: checkTTL(options.transientQueuesTTL ?? 1_800),
    transientQuorum: options.transientQuorumQueues ?? false,
    cancelOnFailover: options.cancelOnFailover ?? false,
  };
}

/** The switch is `ssl=true` or the scheme amqps; the other `ssl_...` options alone encrypt nothing, as in oslo. */
function tlsOptions(
  ssl: boolean | undefined,
  fromURL: TLSOptions,
  inCode: boolean | TLSOptions | undefined,
): TLSOptions | undefined {
  const on = ssl ?? (inCode !== undefined && inCode !== false);
  if (!on) {
    if (Object.keys(fromURL).length === 0) return undefined;
    throw new TransportError("the URL has ssl_ options but does not switch TLS on: add ssl=true");
  }
  return { ...(typeof inCode === "object" ? inCode : {}), ...fromURL };
}

function checkTTL(seconds: number): number {
  // On the wire it is a 32-bit number of milliseconds, as Python sends it; another width would be another topology.
  if (nonNegative(seconds, "transientQueuesTTL") <= 2_147_483) return seconds;
  throw new TransportError(`transientQueuesTTL must be at most 2147483 seconds, not ${seconds}`);
}

function checkPrefetch(prefetch: number): number {
  if (Number.isInteger(prefetch) && prefetch >= 0 && prefetch <= 65_535) return prefetch;
  throw new TransportError(`prefetch must be a whole number from 0 (no limit) to 65535, not ${prefetch}`);
}

function nonNegative(value: number, name: string): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TransportError(`${name} must be a number that is not negative, not ${value}`);
}

function atLeastOne(value: number, name: string): number {
  if (value >= 1) return value;
  throw new TransportError(`${name} must be a number from 1, not ${value}`);
}
