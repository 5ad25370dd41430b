import { TransportError } from "../errors.js";
import type { ReconnectOptions, TLSOptions, TransportOptions } from "../transport-options.js";

/** What the URL's query says, in our terms. */
export interface URLOptions {
  readonly transport: Partial<TransportOptions>;
  readonly reconnect: ReconnectOptions;
  readonly tls: TLSOptions;
  /** `ssl=true` or `ssl=false`; undefined when the URL does not say. */
  readonly ssl: boolean | undefined;
}

/**
 * Interprets the query of a transport URL: option names of oslo.messaging's `[oslo_messaging_rabbit]`.
 *
 * @throws {TransportError} for an unknown name or a value of the wrong type, as oslo does
 */
export function readURLOptions(query: ReadonlyMap<string, string>): URLOptions {
  const result: Result = { transport: {}, reconnect: {}, tls: {}, ssl: undefined };
  for (const [name, text] of query) {
    const read = options.get(name);
    if (read === undefined) throw unknownOption(name);
    read(result, text, name);
  }
  return result;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Result {
  readonly transport: Writable<Partial<TransportOptions>>;
  readonly reconnect: Writable<ReconnectOptions>;
  readonly tls: Writable<TLSOptions>;
  ssl: boolean | undefined;
}

type Read = (result: Result, text: string, name: string) => void;

/** Options of oslo.messaging 14.0.3 and of its git master, with the older names that it still takes. */
const options: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["amqp_durable_queues", (to, text, name) => set(to.transport, "durableQueues", boolean(text, name))],
  ["amqp_auto_delete", (to, text, name) => set(to.transport, "autoDelete", boolean(text, name))],
  ["rabbit_quorum_queue", (to, text, name) => set(to.transport, "quorumQueues", boolean(text, name))],
  ["rabbit_quorum_delivery_limit", (to, text, name) => set(to.transport, "quorumDeliveryLimit", count(text, name))],
  // 14.0.3 spells two of them wrong, and a fleet's URL has them so.
  [
    "rabbit_quroum_max_memory_length",
    (to, text, name) => set(to.transport, "quorumMaxMemoryLength", count(text, name)),
  ],
  [
    "rabbit_quorum_max_memory_length",
    (to, text, name) => set(to.transport, "quorumMaxMemoryLength", count(text, name)),
  ],
  ["rabbit_quroum_max_memory_bytes", (to, text, name) => set(to.transport, "quorumMaxMemoryBytes", count(text, name))],
  ["rabbit_quorum_max_memory_bytes", (to, text, name) => set(to.transport, "quorumMaxMemoryBytes", count(text, name))],
  ["rabbit_ha_queues", (to, text, name) => set(to.transport, "haQueues", boolean(text, name))],
  ["rabbit_transient_queues_ttl", (to, text, name) => set(to.transport, "transientQueuesTTL", count(text, name))],
  [
    "rabbit_transient_quorum_queue",
    (to, text, name) => set(to.transport, "transientQuorumQueues", boolean(text, name)),
  ],
  ["rabbit_qos_prefetch_count", (to, text, name) => set(to.transport, "prefetch", count(text, name))],
  ["enable_cancel_on_failover", (to, text, name) => set(to.transport, "cancelOnFailover", boolean(text, name))],
  ["heartbeat_timeout_threshold", (to, text, name) => set(to.transport, "heartbeat", count(text, name))],
  ["rabbit_login_method", (to, text, name) => set(to.transport, "loginMethod", oneOf(loginMethods, text, name))],
  ["kombu_failover_strategy", (to, text, name) => set(to.transport, "failover", oneOf(strategies, text, name))],
  ["rabbit_retry_interval", (to, text, name) => set(to.reconnect, "initial", count(text, name) * 1_000)],
  ["rabbit_interval_max", (to, text, name) => set(to.reconnect, "max", count(text, name) * 1_000)],
  ["ssl", readSSL],
  ["rabbit_use_ssl", readSSL],
  ["ssl_ca_file", (to, text) => set(to.tls, "caFile", text)],
  ["kombu_ssl_ca_certs", (to, text) => set(to.tls, "caFile", text)],
  ["ssl_cert_file", (to, text) => set(to.tls, "certFile", text)],
  ["kombu_ssl_certfile", (to, text) => set(to.tls, "certFile", text)],
  ["ssl_key_file", (to, text) => set(to.tls, "keyFile", text)],
  ["kombu_ssl_keyfile", (to, text) => set(to.tls, "keyFile", text)],
  ["ssl_version", readTLSVersion],
  ["kombu_ssl_version", readTLSVersion],
  ["ssl_enforce_hostname_verification", (to, text, name) => set(to.tls, "verifyHostname", boolean(text, name))],
  // How oslo keeps its Python threads and pools; there is nothing here for them to set.
  ["ssl_enforce_fips_mode", boolean_],
  ["heartbeat_in_pthread", boolean_],
  ["heartbeat_rate", count_],
  ["direct_mandatory_flag", boolean_],
  ["kombu_reconnect_delay", number_],
  ["kombu_reconnect_splay", number_],
  ["kombu_missing_consumer_retry_timeout", count_],
  ["kombu_reconnect_timeout", count_],
  ["kombu_compression", () => {}],
  ["rabbit_retry_backoff", count_],
  ["rpc_conn_pool_size", count_],
  ["conn_pool_min_size", count_],
  ["conn_pool_ttl", count_],
]);

const loginMethods = ["PLAIN", "AMQPLAIN", "EXTERNAL"] as const;
const strategies = ["round-robin", "shuffle"] as const;
/** What Python's names mean as a lowest version; SSLv23 is its old name for "whatever both sides know". */
const tlsVersions: Readonly<Record<string, TLSOptions["minVersion"]>> = {
  SSLv23: "TLSv1.2",
  TLSv1: "TLSv1",
  TLSv1_1: "TLSv1.1",
  TLSv1_2: "TLSv1.2",
  TLSv1_3: "TLSv1.3",
};

function set<T, K extends keyof T>(to: T, key: K, value: T[K]): void {
  to[key] = value;
}

function readSSL(to: Result, text: string, name: string): void {
  to.ssl = boolean(text, name);
}

function readTLSVersion(to: Result, text: string, name: string): void {
  const version = tlsVersions[oneOf(Object.keys(tlsVersions), text, name)];
  if (version !== undefined) to.tls.minVersion = version;
}

function boolean_(_to: Result, text: string, name: string): void {
  boolean(text, name);
}

function count_(_to: Result, text: string, name: string): void {
  count(text, name);
}

function number_(_to: Result, text: string, name: string): void {
  if (!Number.isFinite(Number(text))) throw wrongValue(name, text, "a number");
}

function boolean(text: string, name: string): boolean {
  const value = text.toLowerCase();
  if (["true", "1", "on", "yes"].includes(value)) return true;
  if (["false", "0", "off", "no"].includes(value)) return false;
  throw wrongValue(name, text, "true or false");
}

function count(text: string, name: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw wrongValue(name, text, "a whole number");
}

function oneOf<T extends string>(allowed: readonly T[], text: string, name: string): T {
  const found = allowed.find((value) => value === text);
  if (found !== undefined) return found;
  throw wrongValue(name, text, `one of ${allowed.join(", ")}`);
}

function wrongValue(name: string, text: string, wanted: string): TransportError {
  return new TransportError(`invalid transport URL: option ${name} must be ${wanted}, not ${JSON.stringify(text)}`);
}

function unknownOption(name: string): TransportError {
  const near = nearest(name, [...options.keys()]);
  const hint =
    near === undefined ? "the names are those of oslo.messaging's [oslo_messaging_rabbit]" : `did you mean ${near}?`;
  return new TransportError(`invalid transport URL: there is no option ${JSON.stringify(name)}; ${hint}`);
}

function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  // A part of a name is far from it by edits: `heartbeat`, `quorum_queue`.
  return best ?? (name.length > 3 ? known.find((candidate) => candidate.includes(name.toLowerCase())) : undefined);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
