import { identifiersOf } from "../emit/identifiers.js";
import { newestVersion } from "../emit/shape.js";
import type { Method, Service } from "../model.js";
import { ruleAt, serverPathsAt } from "../routes.js";
import { capOf, hasEnded } from "../samples/request.js";
import { type Html, html, joined, none, text } from "./html.js";

/** Who talks to which exchange, queue and server: a drawing whose colours come from the page. */
export function diagram(service: Service): Html {
  const rows = rowsOf(service);
  const top = 56;
  const height = top + rows.length * rowHeight + 52;
  const bottom = top + rows.length * rowHeight - gap;
  const names = identifiersOf(service);
  const exchanges = groupsOf(rows);
  return html`<svg class="diagram" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="diagram-title diagram-text" xmlns="http://www.w3.org/2000/svg">
<title id="diagram-title">How requests reach the ${text(service.name)} service</title>
<desc id="diagram-text">${text(descriptionOf(rows))}</desc>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0.5 7 4 0 7.5z" class="tip"/></marker></defs>
${joined(columns.map(({ x, w, title }) => html`<text class="d-head" x="${x + w / 2}" y="28">${text(title)}</text>`))}
${box(column("callers"), top, bottom - top, names.api, "TypeScript or Python", "d-end")}
${box(column("servers"), top, bottom - top, names.manager, "one for each host", "d-end")}
${joined(exchanges.map((group) => exchangeBox(group, top)))}
${joined(rows.map((row, index) => rowShapes(row, top + index * rowHeight)))}
${replyPath(rows, bottom)}
</svg>`;
}

/** One queue, and how a request comes to it. */
interface Row {
  readonly exchange: string;
  readonly exchangeKind: "topic exchange" | "fanout exchange";
  readonly key: string;
  readonly queue: string;
  readonly note: string;
  readonly count: number;
  readonly methods: readonly Method[];
}

const width = 980;
const rowHeight = 76;
const gap = 18;
const columns = [
  { id: "callers", x: 4, w: 142, title: "Callers" },
  { id: "exchanges", x: 226, w: 150, title: "Exchanges" },
  { id: "queues", x: 542, w: 206, title: "Queues" },
  { id: "servers", x: 842, w: 134, title: "Servers" },
] as const;

function column(id: (typeof columns)[number]["id"]): { readonly x: number; readonly w: number } {
  return columns.find((each) => each.id === id) ?? columns[0];
}

function endOf(id: (typeof columns)[number]["id"]): number {
  const { x, w } = column(id);
  return x + w;
}

/** The queues of the newest version: those of each topic, for any server and for one, and those of fanouts. */
function rowsOf(service: Service): readonly Row[] {
  const newest = newestVersion(service);
  const live = service.methods.filter(({ interval }) => !hasEnded(interval, newest));
  const byTopic = new Map<string, { shared: Method[]; direct: Method[]; fanout: Method[] }>();
  for (const method of live) {
    const cap = capOf(service, method);
    const topic = ruleAt(method.topic, cap) ?? service.topic;
    const kind = ruleAt(method.kind, cap) ?? "call";
    const entry = byTopic.get(topic) ?? { shared: [], direct: [], fanout: [] };
    byTopic.set(topic, entry);
    const kinds = typeof kind === "string" ? [kind] : [kind.true, kind.false];
    if (kinds.includes("fanout")) entry.fanout.push(method);
    if (kinds.some((each) => each !== "fanout"))
      (serverPathsAt(method, cap).length === 0 ? entry.shared : entry.direct).push(method);
  }
  if (byTopic.size === 0) byTopic.set(service.topic, { shared: [], direct: [], fanout: [] });
  const exchange = service.exchange ?? "openstack";
  const topics = [...byTopic];
  return [
    ...topics.flatMap(([topic, { shared, direct }]) => [
      ...(shared.length > 0 || direct.length === 0
        ? [row(exchange, "topic exchange", topic, topic, "any server takes it", shared)]
        : []),
      ...(direct.length > 0
        ? [row(exchange, "topic exchange", `${topic}.HOST`, `${topic}.HOST`, "one server takes it", direct)]
        : []),
    ]),
    ...topics.flatMap(([topic, { fanout }]) =>
      fanout.length > 0
        ? [row(`${topic}_fanout`, "fanout exchange", "", `${topic}_fanout_…`, "every server gets it", fanout)]
        : [],
    ),
  ];
}

function row(
  exchange: string,
  exchangeKind: Row["exchangeKind"],
  key: string,
  queue: string,
  note: string,
  methods: readonly Method[],
): Row {
  return { exchange, exchangeKind, key, queue, note, count: methods.length, methods };
}

interface Group {
  readonly row: Row;
  readonly first: number;
  readonly count: number;
}

/** Neighbours with the same exchange share its box. */
function groupsOf(rows: readonly Row[]): readonly Group[] {
  const groups: Group[] = [];
  for (const [index, each] of rows.entries()) {
    const last = groups.at(-1);
    if (last?.row.exchange === each.exchange) groups[groups.length - 1] = { ...last, count: last.count + 1 };
    else groups.push({ row: each, first: index, count: 1 });
  }
  return groups;
}

function exchangeBox({ row: { exchange, exchangeKind }, first, count }: Group, top: number): Html {
  const at = column("exchanges");
  const y = top + first * rowHeight;
  const h = count * rowHeight - gap;
  const middle = y + h / 2;
  const verbs = exchangeKind === "fanout exchange" ? "fanout" : "call, cast";
  return html`${box(at, y, h, exchange, exchangeKind, "d-exchange")}${arrow(endOf("callers"), middle, at.x, middle, verbs)}`;
}

function rowShapes({ key, queue, note, count }: Row, y: number): Html {
  const h = rowHeight - gap;
  const middle = y + h / 2;
  const queues = column("queues");
  const label = `${count} ${count === 1 ? "method" : "methods"}`;
  return html`${box(queues, y, h, queue, note, "d-queue")}${arrow(endOf("exchanges"), middle, queues.x, middle, key === "" ? "no key" : `key ${key}`)}${arrow(endOf("queues"), middle, column("servers").x, middle, label)}`;
}

function replyPath(rows: readonly Row[], bottom: number): Html {
  const answers = rows.some(({ methods }) => methods.some(mayAnswer));
  if (!answers) return none;
  const y = bottom + 46;
  return html`<path class="d-reply" d="M909 ${bottom + 4} V${y} H75 V${bottom + 8}" marker-end="url(#tip)"/><text class="d-label" x="490" y="${y - 9}">replies of calls: the default exchange, to the caller’s own queue reply_…</text>`;
}

function mayAnswer({ kind }: Method): boolean {
  return kind.some(({ value }) =>
    typeof value === "string" ? value === "call" : [value.true, value.false].includes("call"),
  );
}

function box(
  at: { readonly x: number; readonly w: number },
  y: number,
  h: number,
  title: string,
  note: string,
  style: string,
): Html {
  const middle = y + h / 2;
  const x = at.x + at.w / 2;
  return html`<g class="${text(style)}"><title>${text(title)}: ${text(note)}</title><rect x="${at.x}" y="${y}" width="${at.w}" height="${h}" rx="8"/><text class="d-name" x="${x}" y="${middle - 3}">${text(fitting(title, at.w - 16, 7.5))}</text><text class="d-note" x="${x}" y="${middle + 15}">${text(fitting(note, at.w - 12, 6.2))}</text></g>`;
}

function arrow(x1: number, y1: number, x2: number, y2: number, label: string): Html {
  return html`<g><title>${text(label)}</title><path class="d-line" d="M${x1} ${y1} L${x2 - 2} ${y2}" marker-end="url(#tip)"/><text class="d-label" x="${(x1 + x2) / 2 - 3}" y="${y1 - 8}">${text(fitting(label, x2 - x1 - 6, 6))}</text></g>`;
}

/** Names may be longer than a box; the whole is in the title. */
function fitting(value: string, space: number, perCharacter: number): string {
  const most = Math.floor(space / perCharacter);
  return value.length <= most ? value : `${value.slice(0, Math.max(1, most - 1))}…`;
}

function descriptionOf(rows: readonly Row[]): string {
  return rows
    .map(
      ({ exchange, exchangeKind, key, queue, note, count }) =>
        `${count} ${count === 1 ? "method goes" : "methods go"} through the ${exchangeKind} ${exchange}${key === "" ? "" : ` with the key ${key}`} to the queue ${queue}: ${note}.`,
    )
    .join(" ");
}
