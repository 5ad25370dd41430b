// What workers bring: calls a second of a service with one process and with two, for a method that costs next to nothing and
// for one that costs processor time. Rounds are interleaved, on a private broker.
//   npm run build && node bench/workers.mjs [ROUNDS]
import "./typescript.mjs";
import { spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createDispatcher, createTransport, RPCClient, Service, serve } from "../src/runtime/dist/index.js";

const description = {
  name: "mill",
  topic: "mill",
  versions: ["1.0"],
  methods: { grind: { member: "grind", kind: "call", params: { work: {} } } },
};
const inFlight = 32;

if (process.argv[2] === "serve") await serveMill(process.argv[3], Number(process.argv[4]));
else await compare(Number(process.argv[2] ?? 5));

async function serveMill(url, workers) {
  const grind = async (_context, args) => grindHere(args.work);
  const endpoints = [createDispatcher(description, {}, { manager: {}, methods: { grind } })];
  // The log line "service started" comes when all workers are ready.
  const ignore = () => {};
  const logger = { debug: ignore, info: (_fields, message) => console.log(message), warn: ignore, error: ignore };
  const options = { binary: "mill", host: "host1", topic: `mill${workers}`, transport: url, logger, prefetch: 8 };
  await serve(await Service.create({ ...options, endpoints }), { workers });
}

/** Work is work, however long the machine takes for it: to spin for a time would go twice at the same time on one processor. */
function grindHere(work) {
  if (work > 0) pbkdf2Sync("grain", "salt", work, 32, "sha256");
  return work;
}

/** So much work takes a millisecond where nothing else runs: the least of several times. */
function workOfMillisecond() {
  const times = Array.from({ length: 50 }, () => {
    const start = performance.now();
    grindHere(1000);
    return performance.now() - start;
  });
  return Math.round(1000 / Math.min(...times));
}

async function compare(rounds) {
  const { startRabbitMQ } = await import("../test/support/rabbitmq.ts");
  const rabbitmq = await startRabbitMQ();
  const perMillisecond = workOfMillisecond();
  const counts = [1, 2];
  const servers = await Promise.all(counts.map((count) => startServer(rabbitmq.url, count)));
  const transport = createTransport(rabbitmq.url);
  const clients = counts.map((count) => new RPCClient(transport, { ...description, topic: `mill${count}` }));
  try {
    console.log(
      `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}; ${inFlight} calls in flight\n`,
    );
    console.log("| a call costs its server | 1 worker, calls/s | 2 workers, calls/s | ratio |\n|---|---|---|---|");
    for (const milliseconds of [0, 0.25, 1, 4]) {
      const work = Math.round(milliseconds * perMillisecond);
      for (const client of clients) await load(client, work, 0.5);
      const rates = [];
      for (let round = 0; round < rounds; round++) {
        const pair = [];
        for (const client of clients) pair.push(await load(client, work, 1));
        rates.push(pair);
      }
      const [one, two] = [0, 1].map((index) => median(rates.map((pair) => pair[index])).toFixed(0));
      const ratio = median(rates.map(([a, b]) => b / a)).toFixed(2);
      console.log(`| ${milliseconds === 0 ? "nothing" : `${milliseconds} ms`} | ${one} | ${two} | ${ratio} |`);
    }
  } finally {
    await transport.close();
    for (const server of servers) server.kill("SIGTERM");
    await Promise.all(servers.map((server) => once(server, "exit")));
    await rabbitmq.stop();
  }
}

async function startServer(url, workers) {
  const args = [fileURLToPath(import.meta.url), "serve", url, String(workers)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  await new Promise((resolve) => lines.on("line", (line) => line === "service started" && resolve()));
  return child;
}

/** Calls a second. */
async function load(client, work, seconds) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let calls = 0;
  const caller = async () => {
    for (; performance.now() < end; calls++) await client.call("grind", {}, { work });
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return (calls * 1000) / (performance.now() - start);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
