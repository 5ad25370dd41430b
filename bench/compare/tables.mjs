import { median, medians, ratios } from "./statistics.mjs";

const operations = { call: "calls/s", work: "calls/s", cast: "casts/s", fanout: "fanouts/s" };

/** A Markdown table for each case that was run: one row a contestant. */
export function caseTables(samples, cases, contestants) {
  return cases
    .filter(({ name }) => samples.some((sample) => sample.case === name))
    .map((each) => `### ${each.title}\n\n${caseTable(samples, each, contestants)}`)
    .join("\n\n");
}

function caseTable(samples, { name, operation, base }, contestants) {
  const of = (contestant) => samples.filter((sample) => sample.case === name && sample.contestant === contestant);
  const cpu = ({ clientCPU, serverCPU }) => clientCPU + serverCPU;
  const rows = contestants.flatMap(({ name: contestant, title }) => {
    const own = of(contestant);
    if (own.length === 0) return [];
    const m = medians(own);
    const all = ratios(own, of(base));
    return [
      [
        contestant.startsWith("rpcgen") ? `**${title}**` : title,
        thousands(m.rate),
        `**${fixed(median(all), 2)}**`,
        all.length === 0 ? "-" : `${fixed(Math.min(...all), 2)} to ${fixed(Math.max(...all), 2)}`,
        `${fixed(m.p50, 2)} / ${fixed(m.p99, 2)}`,
        [m.clientCPU, m.serverCPU, m.brokerCPU].map((value) => fixed(value, 0)).join(" / "),
        fixed(median(ratios(own, of(base), cpu)), 2),
        [m.clientRSS, m.serverRSS].map((value) => fixed(value, 0)).join(" / "),
      ],
    ];
  });
  const head = [
    "",
    operations[operation],
    "ratio",
    "in the rounds",
    "p50 / p99 ms",
    "CPU of client / server / broker, ms for 1,000",
  ];
  return markdownTable([...head, "CPU of client + server, ratio", "peak MiB of client / server"], rows);
}

/** What was wanted and what came of it. */
export function goalsTable(goals) {
  const rows = goals.map(({ title, goal, aim, figure, unit, reached }) => [
    title,
    aim === undefined ? goal : `${goal} (aim ${aim})`,
    `${fixed(figure, unit === "ms" || unit === "MiB" ? 0 : 2)}${unit && ` ${unit}`}`,
    reached ? "reached" : "**not reached**",
  ]);
  return markdownTable(["", "goal", "figure", ""], rows);
}

export function startUpTable(startUp) {
  const bare = startUp.find(({ name }) => name === "bare");
  const rows = startUp.map(({ title, seconds, above, memory }) => [
    title,
    fixed(seconds * 1000, 0),
    fixed(above * 1000, 0),
    fixed(memory, 0),
    fixed(memory - bare.memory, 0),
  ]);
  return markdownTable(["a whole process", "ms", "above Node.js alone", "peak MiB", "above Node.js alone"], rows);
}

export function generatorTable(generators) {
  const rows = generators.map(({ services, methods, cold, unchanged, buf, coldToBuf, unchangedToBuf }) => [
    `${services} services, ${thousands(methods)} methods`.replace(/^1 services/, "1 service"),
    ...[cold, unchanged, buf].map((each) => (each ? `${fixed(each.seconds, 2)} (${fixed(each.least, 2)})` : "-")),
    `${fixed(coldToBuf, 2)} / ${fixed(unchangedToBuf, 2)}`,
    fixed((cold.seconds * 1000) / services, 0),
    `${fixed(cold.memory, 0)} / ${fixed(unchanged.memory, 0)}`,
  ]);
  const head = [
    "",
    "rpcgen, cold, s",
    "rpcgen, unchanged, s",
    "buf + protoc-gen-es, s",
    "cold / unchanged, ratio to buf",
  ];
  return markdownTable([...head, "cold, ms a service", "peak MiB, cold / unchanged"], rows);
}

/** A Markdown table; every column but the first is of numbers. */
function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function fixed(value, digits) {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}

function thousands(value) {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : "-";
}
