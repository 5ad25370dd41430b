import { RPCError } from "./errors.js";

/**
 * Where counters and histograms go: to OpenTelemetry (`@rpcgen/runtime/otel`), to a Prometheus page
 * (`@rpcgen/runtime/health`), or to whatever a program has. What it does must be quick and must not throw.
 */
export interface Metrics {
  /** Adds one to a counter. */
  count(name: CounterName, labels: MetricLabels): void;
  /** Adds a duration to a histogram, in seconds. */
  record(name: HistogramName, labels: MetricLabels, seconds: number): void;
}

/** What each counter counts. */
export const counters = {
  "rpcgen.client.requests": "Requests of clients, by service, method and outcome (ok, or the error's code).",
  "rpcgen.client.repeats": "Requests that were sent again after a lost connection, by service and method.",
  "rpcgen.server.requests": "Requests that a server has run, by service, method, kind and outcome.",
  "rpcgen.server.dropped":
    "Messages that a server did not run, by topic and reason (malformed, too-large, too-deep, expired, duplicate).",
  "rpcgen.server.redelivered":
    "At-least-once casts that failed, by service, method and result (retried, dead-lettered).",
  "rpcgen.transport.state_changes": "Changes of a connection's state, by role (publish, consume) and new state.",
} as const;

/** What each histogram measures; all are in seconds. */
export const histograms = {
  "rpcgen.client.duration": "Time from a request to its outcome, by service, method and outcome.",
  "rpcgen.server.duration": "Time from a request's start to its answer, by service, method, kind and outcome.",
} as const;

/** A counter's name. */
export type CounterName = keyof typeof counters;

/** A histogram's name. */
export type HistogramName = keyof typeof histograms;

/** The names come from definitions and from this package, never from a peer, so that there are not too many of them. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Runs an operation and hands its outcome and its duration in seconds to a report. */
export async function measured<T>(
  operation: () => Promise<T>,
  report: (outcome: string, seconds: number) => void,
): Promise<T> {
  const start = performance.now();
  let outcome = "ok";
  try {
    return await operation();
  } catch (error) {
    outcome = error instanceof RPCError ? error.code : "error";
    throw error;
  } finally {
    report(outcome, (performance.now() - start) / 1000);
  }
}
