import { summarize } from "./statistics.mjs";

/** A Markdown table for each case: one row a contestant. */
export function caseTables(samples, cases, contestants) {
  return cases.map((each) => `### ${each.title}\n\n${caseTable(samples, each, contestants)}`).join("\n\n");
}

function caseTable(samples, { name, operation, base }, contestants) {
  const of = (contestant) => samples.filter((sample) => sample.case === name && sample.contestant === contestant);
  const rows = contestants.flatMap(({ name: contestant, title }) => {
    const own = of(contestant);
    if (own.length === 0) return [];
    const s = summarize(own, of(base));
    const spread = s.ratio === undefined ? "-" : `${fixed(s.leastRatio, 2)} to ${fixed(s.mostRatio, 2)}`;
    return [
      [
        title,
        thousands(s.rate),
        fixed(s.ratio, 2),
        spread,
        `${fixed(s.p50, 2)} / ${fixed(s.p99, 2)}`,
        [s.clientCPU, s.serverCPU, s.brokerCPU].map((value) => fixed(value, 0)).join(" / "),
        fixed(s.cpuRatio, 2),
        [s.clientRSS, s.serverRSS].map((value) => fixed(value, 0)).join(" / "),
      ],
    ];
  });
  const what = { call: "calls/s", work: "calls/s", cast: "casts/s", fanout: "fanouts/s" }[operation];
  return markdownTable(
    [
      "",
      what,
      "ratio",
      "in the rounds",
      "p50 / p99 ms",
      "CPU ms per 1,000: client / server / broker",
      "client + server CPU, ratio",
      "peak MiB: client / server",
    ],
    rows,
  );
}

/** A Markdown table; every column but the first is of numbers. */
export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

export function fixed(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}

export function thousands(value) {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : "-";
}
