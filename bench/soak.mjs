// Whether a program on the runtime stays as it is: calls and casts at 70 % of what it can do, for ten minutes, with every
// connection cut each 20 s. Fails when something was lost, has grown, or is left at the end.
//   node bench/soak.mjs [SECONDS]
import "./typescript.mjs";
import { getEventListeners, setMaxListeners } from "node:events";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const seconds = Number(process.argv[2] ?? 600);
const cutEvery = 20_000;
const share = 0.7;
const mostGrowth = 0.1;

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
const { createDispatcher, createTransport, RPCClient, RPCServer } = await import("../src/runtime/index.ts");
const { Replies } = await import("../src/runtime/replies.ts");
const { startRabbitMQ } = await import("../test/support/rabbitmq.ts");
const { startProxy } = await import("../test/support/proxy.ts");

const problems = [];
const warnings = [];
process.on("warning", ({ message }) => warnings.push(message));
process.on("unhandledRejection", (error) => problems.push(`unhandled: ${error}`));

const service = {
  name: "soak",
  topic: "soak",
  versions: ["1.0"],
  methods: {
    echo: { member: "echo", kind: "call", idempotent: true, params: { value: {} } },
    note: { member: "note", kind: "cast", params: { value: {} }, returnsNothing: true },
  },
};
const rabbitmq = await startRabbitMQ();
const proxy = await startProxy(rabbitmq.port, { record: false });
const url = `rabbit://guest:guest@127.0.0.1:${proxy.port}/`;
const options = { reconnect: { initial: 100, max: 500 } };
const [clientSide, serverSide] = [createTransport(url, options), createTransport(url, options)];
let executed = 0;
const methods = {
  echo: async (_context, { value }) => value,
  note: async () => void executed++,
};
const server = new RPCServer(serverSide, { topic: "soak", server: "host1" }, [
  createDispatcher(service, {}, { manager: {}, methods }),
]);
await server.start();
// One signal for all, as a program has that aborts everything when it stops.
const { signal } = new AbortController();
setMaxListeners(0, signal);
const client = new RPCClient(clientSide, service, { timeout: 15_000 });

const counts = { sent: 0, answered: 0, failed: {} };
let open = 0;
const context = { request_id: "req-soak", roles: ["a", "b"] };

async function send() {
  counts.sent++;
  open++;
  const name = counts.sent % 4 === 0 ? "note" : "echo";
  try {
    await client.send(name, context, { value: counts.sent }, { signal });
    counts.answered++;
  } catch (error) {
    const code = `${name}: ${error.code}${error.delivery === undefined ? "" : ` (${error.delivery})`}`;
    counts.failed[code] = (counts.failed[code] ?? 0) + 1;
  } finally {
    open--;
  }
}

/** Operations in a second with as many open as keep everything busy. */
async function capacity() {
  const end = performance.now() + 4_000;
  const before = counts.answered;
  const worker = async () => {
    while (performance.now() < end) await send();
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return (counts.answered - before) / 4;
}

function heap() {
  gc();
  gc();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

await capacity();
const full = await capacity();
const rate = Math.floor(full * share);
console.log(
  `${process.version}, ${cpus().length} x ${cpus()[0]?.model}: ${Math.round(full)} operations/s, soaking at ${rate}/s`,
);

let due = 0;
let last = performance.now();
const load = setInterval(() => {
  const now = performance.now();
  due += ((now - last) * rate) / 1_000;
  last = now;
  // While the broker is away the calls wait, those of a second at most: other programs of the machine may take what was
  // measured, and the backlog of a load that is more than that says nothing of the runtime.
  for (; due >= 1; due--) if (open < rate) void send();
}, 10);

const begun = performance.now();
const rows = [];
let cuts = 0;
for (let next = cutEvery; next <= seconds * 1_000; next += cutEvery) {
  const answered = counts.answered;
  await delay(Math.max(0, begun + next - performance.now()));
  rows.push({
    second: next / 1_000,
    heap: heap(),
    rss: process.memoryUsage().rss / 1024 / 1024,
    rate: (counts.answered - answered) / (cutEvery / 1_000),
    open,
  });
  proxy.cutOnce();
  cuts++;
}
clearInterval(load);
const patience = performance.now() + 20_000;
while (open > 0 && performance.now() < patience) await delay(50);
await delay(1_000);

// The first cut brings everything to life that a cut needs; the heap counts from there, and what waits at the moment of a
// measurement is none of it.
const start = Math.min(...rows.slice(1, Math.max(2, rows.length / 4)).map((row) => row.heap));
const end = heap();
const pending = Replies.of(clientSide).pending;
const listeners = getEventListeners(signal, "abort").length;
const stats = clientSide.stats();
await server.stop(5_000);
await clientSide.close();
await serverSide.close();
await proxy.close();
await rabbitmq.stop();
await delay(100);
// Standard output is a pipe or a terminal, and this delay is over.
const resources = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Immediate/.test(name));

for (const row of rows.filter((_, index) => index % Math.ceil(rows.length / 10) === 0)) {
  console.log(
    `| ${row.second} | ${row.heap.toFixed(1)} | ${row.rss.toFixed(0)} | ${row.rate.toFixed(0)} | ${row.open} |`,
  );
}
const growth = end / start - 1;
const failed =
  Object.entries(counts.failed)
    .map(([code, count]) => `${count} ${code}`)
    .join(", ") || "none";
console.log(`${seconds} s, ${cuts} cuts: ${counts.sent} sent, ${counts.answered} answered, failed: ${failed}`);
console.log(
  `heap ${start.toFixed(1)} -> ${end.toFixed(1)} MiB (${(growth * 100).toFixed(1)} %), ${executed} casts executed`,
);
console.log(
  `left: ${open} open, ${pending} pending calls, ${listeners} listeners, backlog ${stats.backlog}, resources [${resources}], warnings [${warnings}]`,
);

if (growth > mostGrowth) problems.push(`the heap has grown by ${(growth * 100).toFixed(1)} %`);
if (open + pending + listeners + stats.backlog + resources.length + warnings.length > 0)
  problems.push("something is left");
for (const code of Object.keys(counts.failed))
  if (code.startsWith("echo")) problems.push(`idempotent calls failed: ${code}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
