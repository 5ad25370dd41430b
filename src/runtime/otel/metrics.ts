import { metrics as api, type Counter, type Histogram, type Meter } from "@opentelemetry/api";
import { type CounterName, counters, type HistogramName, histograms, type Metrics } from "../metrics.js";
import type { BrokerTransport } from "../transport.js";

/** The name under which instruments and spans are made. */
export const SCOPE = "@rpcgen/runtime";

/**
 * Counters and histograms of OpenTelemetry, for the option `metrics` of clients, servers and transports.
 *
 * @param meter the global one when absent
 */
export function otelMetrics(meter: Meter = api.getMeter(SCOPE)): Metrics {
  const counting = new Map<CounterName, Counter>();
  const recording = new Map<HistogramName, Histogram>();
  return {
    count(name, labels) {
      let counter = counting.get(name);
      if (counter === undefined) {
        counter = meter.createCounter(name, { description: counters[name] });
        counting.set(name, counter);
      }
      counter.add(1, labels);
    },
    record(name, labels, seconds) {
      let histogram = recording.get(name);
      if (histogram === undefined) {
        histogram = meter.createHistogram(name, { description: histograms[name], unit: "s" });
        recording.set(name, histogram);
      }
      histogram.record(seconds, labels);
    },
  };
}

/**
 * Observes a transport's `stats()` whenever OpenTelemetry collects; nothing is done in between.
 *
 * @param meter the global one when absent
 */
export function observeTransport(transport: BrokerTransport, meter: Meter = api.getMeter(SCOPE)): void {
  const attributes = { "messaging.system": "rabbitmq", "server.address": transport.url };
  const messages = meter.createObservableCounter("rpcgen.transport.messages", {
    description: "Messages of a transport, by what became of them.",
  });
  const backlog = meter.createObservableUpDownCounter("rpcgen.transport.backlog", {
    description: "Messages that wait for a connection, a blocked broker, or their confirmation.",
  });
  const up = meter.createObservableGauge("rpcgen.transport.up", {
    description: "Whether a connection is open, by role.",
  });
  meter.addBatchObservableCallback(
    (result) => {
      const { connections, published, confirmed, returned, failed, delivered, oversized, ...now } = transport.stats();
      const totals = { published, confirmed, returned, failed, delivered, oversized };
      for (const [state, value] of Object.entries(totals)) result.observe(messages, value, { ...attributes, state });
      result.observe(backlog, now.backlog, attributes);
      for (const [role, { state }] of Object.entries(connections)) {
        result.observe(up, state === "open" ? 1 : 0, { ...attributes, role });
      }
    },
    [messages, backlog, up],
  );
}
