import { median, medians, ratios } from "./statistics.mjs";

const [width, columns, margin, gap] = [920, 2, 20, 36];
const panelWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
const [labelWidth, valueWidth, barHeight, barStep, titleHeight] = [142, 104, 13, 20, 30];

/** The results as bars, an SVG that takes its colours from the reader's scheme. */
export function chart({ samples, startUp = [], generators = [] }, cases, contestants) {
  const panels = [
    ...cases.flatMap((each) => casePanel(each, samples, contestants)),
    ...startUpPanel(startUp),
    ...generators.filter(({ services }) => services === 1 || services === 100).map(generatorPanel),
  ];
  const most = Math.max(...panels.filter(({ mark }) => mark).flatMap(({ bars }) => bars.map(({ value }) => value)));
  const rows = [];
  for (let index = 0; index < panels.length; index += columns) rows.push(panels.slice(index, index + columns));
  let y = 64;
  const parts = [];
  for (const row of rows) {
    for (const [column, each] of row.entries()) {
      parts.push(panel({ scale: most, ...each }, margin + column * (panelWidth + gap), y));
    }
    y += titleHeight + Math.max(...row.map(({ bars }) => bars.length)) * barStep + 18;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="Speed of rpcgen and others on RabbitMQ">
<style>
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #24292f; }
  .background { fill: #ffffff; }
  .title { font-weight: 600; font-size: 13px; }
  .head { font-weight: 600; font-size: 17px; }
  .note { fill: #57606a; }
  .bar { fill: #afb8c1; }
  .ours { fill: #0969da; }
  .own { font-weight: 600; }
  .mark { stroke: #57606a; stroke-width: 1; stroke-dasharray: 3 3; }
  .range { stroke: #24292f; stroke-width: 1.2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .background { fill: #0d1117; }
    .note { fill: #8d96a0; }
    .bar { fill: #4b535d; }
    .ours { fill: #4493f8; }
    .mark { stroke: #8d96a0; }
    .range { stroke: #e6edf3; }
  }
</style>
<rect class="background" width="${width}" height="${y}" rx="6"/>
<text class="head" x="${margin}" y="28">Operations per second against amqplib by hand</text>
<text class="note" x="${margin}" y="47">Median of the ratios in the same round; the thin line goes from the least to the most. Longer is faster.</text>
${parts.join("\n")}
</svg>
`;
}

function casePanel({ name, title, operation, base }, samples, contestants) {
  const of = (contestant) => samples.filter((sample) => sample.case === name && sample.contestant === contestant);
  const bars = contestants.flatMap(({ name: contestant, title: label }) => {
    const all = ratios(of(contestant), of(base));
    if (all.length === 0) return [];
    const rate = Math.round(medians(of(contestant)).rate).toLocaleString("en-US");
    const value = median(all);
    const range = [Math.min(...all), Math.max(...all)];
    return [
      {
        label: short(label),
        value,
        range,
        text: value.toFixed(2),
        more: `${rate}/s`,
        ours: /^rpcgen/.test(contestant),
      },
    ];
  });
  return bars.length === 0 ? [] : [{ title, bars, mark: operation !== "work" && 1 }];
}

function startUpPanel(startUp) {
  const labels = {
    memory: "rpcgen, in memory",
    amqp: "rpcgen, with AMQP",
    "first-message": "rpcgen, first message",
    "first-message-by-hand": "by hand, the same",
  };
  const bars = startUp.flatMap(({ name, above }) => {
    const text = `${Math.round(above * 1000)} ms`;
    return labels[name]
      ? [{ label: labels[name], value: above, text, more: "", ours: /rpcgen/.test(labels[name]) }]
      : [];
  });
  if (bars.length === 0) return [];
  const scale = Math.max(...bars.map(({ value }) => value));
  return [{ title: "Start of a program above Node.js alone; shorter is faster", bars, scale }];
}

function generatorPanel({ services, methods, cold, unchanged, buf }) {
  const bar = (label, seconds, ours) => ({ label, value: seconds, text: `${seconds.toFixed(2)} s`, more: "", ours });
  const bars = [bar("rpcgen, unchanged", unchanged.seconds, true), bar("rpcgen, cold", cold.seconds, true)];
  if (buf !== undefined) bars.push(bar("buf + protoc-gen-es", buf.seconds, false));
  const title = `Generate ${services === 1 ? "1 service" : `${services} services`}, ${methods.toLocaleString("en-US")} methods; shorter is faster`;
  return { title, bars, scale: Math.max(...bars.map(({ value }) => value)) };
}

function panel({ title, bars, mark, scale }, x, y) {
  const room = panelWidth - labelWidth - valueWidth;
  const at = (value) => x + labelWidth + (Math.min(value, scale) / scale) * room;
  const lines = bars.map(({ label, value, range, text, more, ours }, index) => {
    const top = y + titleHeight + index * barStep;
    const middle = top + barHeight / 2;
    const from = x + labelWidth;
    const spread =
      range === undefined
        ? ""
        : `<line class="range" x1="${round(at(range[0]))}" x2="${round(at(range[1]))}" y1="${middle}" y2="${middle}"/>`;
    return `<text class="${ours ? "own" : ""}" x="${from - 8}" y="${middle + 4}" text-anchor="end">${label}</text>
<rect class="${ours ? "ours" : "bar"}" x="${from}" y="${top}" width="${round(at(value) - from)}" height="${barHeight}" rx="2"/>${spread}
<text class="own" x="${x + panelWidth - valueWidth + 6}" y="${middle + 4}">${text}</text><text class="note" x="${x + panelWidth}" y="${middle + 4}" text-anchor="end">${more}</text>`;
  });
  const bottom = y + titleHeight + bars.length * barStep;
  const line = mark
    ? `<line class="mark" x1="${round(at(mark))}" x2="${round(at(mark))}" y1="${y + titleHeight - 5}" y2="${bottom}"/>`
    : "";
  return `<text class="title" x="${x}" y="${y + 14}">${title}</text>\n${line}${lines.join("\n")}`;
}

/** What fits beside a bar. */
function short(label) {
  return label
    .replace("amqplib by hand, direct reply-to", "amqplib by hand")
    .replace("amqplib by hand, oslo's wire", "by hand, oslo's wire")
    .replace(" microservices", "")
    .replace("Python oslo.messaging", "oslo.messaging");
}

function round(value) {
  return Number(value.toFixed(1));
}
