import {
  type CounterName,
  counters,
  type HistogramName,
  histograms,
  type MetricLabels,
  type Metrics,
} from "../metrics.js";
import type { TransportStats } from "../transport-stats.js";

/** Upper bounds of a histogram's buckets, in seconds: from a reply over loopback to a call's default time-out. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Keeps counters and histograms in memory, for a page that Prometheus reads: see `startHealthServer`. */
export class PrometheusMetrics implements Metrics {
  /** By name, then by labels as they are printed. */
  readonly #counters = new Map<CounterName, Map<string, number>>();
  readonly #histograms = new Map<HistogramName, Map<string, Histogram>>();

  count(name: CounterName, labels: MetricLabels): void {
    const series = seriesOf(this.#counters, name);
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + 1);
  }

  record(name: HistogramName, labels: MetricLabels, seconds: number): void {
    const series = seriesOf(this.#histograms, name);
    const key = labelText(labels);
    let histogram = series.get(key);
    if (histogram === undefined) {
      histogram = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
      series.set(key, histogram);
    }
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
    histogram.sum += seconds;
    histogram.count += 1;
  }

  /** Everything in Prometheus's text format, version 0.0.4. */
  text(): string {
    const lines: string[] = [];
    for (const [name, series] of this.#counters) {
      const printed = `${metricName(name)}_total`;
      lines.push(...heading(printed, "counter", counters[name]));
      for (const [labels, value] of series) lines.push(sample(printed, labels, value));
    }
    for (const [name, series] of this.#histograms) {
      const printed = `${metricName(name)}_seconds`;
      lines.push(...heading(printed, "histogram", histograms[name]));
      for (const [labels, histogram] of series) lines.push(...histogramLines(printed, labels, histogram));
    }
    return lines.map((line) => `${line}\n`).join("");
  }
}

/** A transport's numbers in the same format. */
export function transportText(stats: TransportStats): string {
  const lines: string[] = [];
  const { connections, backlog, backlogBytes, subscriptions, ...totals } = stats;
  for (const [name, value] of Object.entries(totals)) {
    lines.push(...heading(`rpcgen_transport_${name}_total`, "counter", `Messages ${name}.`));
    lines.push(sample(`rpcgen_transport_${name}_total`, "", value));
  }
  for (const [name, value] of Object.entries({ backlog, backlog_bytes: backlogBytes, subscriptions })) {
    lines.push(...heading(`rpcgen_transport_${name}`, "gauge", gaugeHelp[name] ?? ""));
    lines.push(sample(`rpcgen_transport_${name}`, "", value));
  }
  lines.push(...heading("rpcgen_transport_up", "gauge", "Whether a connection is open, by role."));
  for (const [role, { state }] of Object.entries(connections)) {
    lines.push(sample("rpcgen_transport_up", labelText({ role }), state === "open" ? 1 : 0));
  }
  lines.push(...heading("rpcgen_transport_lost_total", "counter", "Connections lost, by role."));
  for (const [role, { lost }] of Object.entries(connections)) {
    lines.push(sample("rpcgen_transport_lost_total", labelText({ role }), lost));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** One gauge with its help. */
export function gaugeText(name: string, help: string, value: number): string {
  return `${[...heading(name, "gauge", help), sample(name, "", value)].join("\n")}\n`;
}

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

const gaugeHelp: Readonly<Record<string, string>> = {
  backlog: "Messages that wait for a connection, a blocked broker, or their confirmation.",
  backlog_bytes: "Bytes of the messages that wait.",
  subscriptions: "Servers and reply queues that are subscribed.",
};

function seriesOf<Name, Value>(all: Map<Name, Map<string, Value>>, name: Name): Map<string, Value> {
  let series = all.get(name);
  if (series === undefined) {
    series = new Map();
    all.set(name, series);
  }
  return series;
}

function metricName(name: string): string {
  return name.replaceAll(".", "_");
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: string, value: number): string {
  return labels === "" ? `${name} ${value}` : `${name}{${labels}} ${value}`;
}

function histogramLines(name: string, labels: string, { counts, sum, count }: Histogram): string[] {
  const lines: string[] = [];
  let below = 0;
  for (const [index, bound] of BUCKETS.entries()) {
    below += counts[index] ?? 0;
    lines.push(sample(`${name}_bucket`, `${labels},le="${bound}"`, below));
  }
  lines.push(sample(`${name}_bucket`, `${labels},le="+Inf"`, count));
  lines.push(sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count));
  return lines;
}

function labelText(labels: MetricLabels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`))}"`,
    )
    .join(",");
}
