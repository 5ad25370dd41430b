// One side of a contestant in a process of its own: node peer.mjs CONTESTANT server|client URL NAME [MORE]
// It takes commands as lines of JSON and answers each with one; it ends when they end.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { check } from "./messages.mjs";

const [contestant, role, url, name, ...more] = process.argv.slice(2);
const { connect, serve } = await import(`./contestants/${contestant}.mjs`);
let load;
let taken = 0;
let awaited;
let id = 100_000;

const manager = {
  echo: async (report) => report,
  note: async () => {
    taken++;
    if (taken >= awaited?.count) awaited.resolve();
  },
  /** An echo that costs a millisecond of the processor, about. */
  work: async (report) => {
    load ??= Buffer.alloc(1_800_000, 1);
    createHash("sha256").update(load).digest();
    return report;
  },
};
const side =
  role === "server" ? { close: await serve(url, manager, name, ...more) } : await connect(url, name, ...more);
answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.run !== undefined) answer(await run(command));
  else if (command.taken !== undefined) answer(await tookAll(command.taken));
}
await side.close();
process.exit();

/** Keeps so many operations open for so many seconds, and tells how many there were and how long they took. */
async function run({ run: operation, template, inFlight, seconds }) {
  const send = side[operation];
  const times = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const worker = async () => {
    for (let now = performance.now(); now < end; ) {
      const report = { id: id++, instances: template.instances };
      const reply = await send(report);
      if (reply !== undefined) check(reply, report);
      const then = performance.now();
      times.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const elapsed = performance.now() - start;
  const sorted = Float64Array.from(times).sort();
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)];
  return { count: times.length, seconds: elapsed / 1000, p50: at(0.5), p99: at(0.99) };
}

/** Waits until a server has taken so many notes since it was started. */
async function tookAll(count) {
  if (taken < count) {
    await new Promise((resolve) => {
      awaited = { count, resolve };
    });
  }
  awaited = undefined;
  return { taken };
}

function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
