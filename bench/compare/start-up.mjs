import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { peakOf, timed } from "./process-run.mjs";
import { median } from "./statistics.mjs";

const titles = {
  bare: "Node.js alone",
  memory: "@rpcgen/runtime, transport in memory",
  amqp: "@rpcgen/runtime, transport for RabbitMQ, amqplib loaded",
  "first-message": "generated client: connected, one message confirmed, closed",
  "first-message-by-hand": "amqplib by hand: the same",
};

/** Time and memory from the start of a process to its end, in turns, as `{ name, title, seconds, memory }`. */
export async function measureStartUp(url, runs) {
  const runtime = createRequire(import.meta.resolve("@rpcgen/runtime"));
  const args = Object.keys(titles).map((name) => [
    fileURLToPath(new URL(`start-up/${name}.mjs`, import.meta.url)),
    url,
    runtime.resolve("amqplib"),
  ]);
  const times = args.map(() => []);
  const peaks = args.map(() => []);
  for (let round = 0; round < runs; round++) {
    for (const [index, each] of args.entries()) times[index].push(await timed(process.execPath, each));
    if (round >= 5) continue;
    for (const [index, each] of args.entries()) peaks[index].push(await peakOf(each));
  }
  return Object.entries(titles).map(([name, title], index) => ({
    name,
    title,
    seconds: median(times[index]),
    // Above Node.js alone in the same round.
    above: median(times[index].map((time, round) => time - times[0][round])),
    memory: median(peaks[index]),
  }));
}
