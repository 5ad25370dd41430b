// rpcgen with a method that costs time of the processor, in this process or in several workers.
import { setTimeout as delay } from "node:timers/promises";
import { Service, serve as serveService, workerNumber } from "@rpcgen/runtime";
import { createBenchDispatcher } from "../../dist/echo/bench/index.js";
import { connect as connectClient } from "./rpcgen.mjs";

export async function serve(url, manager, name, workers) {
  const endpoint = createBenchDispatcher({
    echo: (_context, { report }) => manager.work(report),
    note: async () => {},
    noteAll: async () => {},
  });
  // Those with one process and those with two stand beside each other: each has a topic of its own.
  // Few requests are fetched ahead, so that each goes to the worker who is free.
  const options = { binary: "bench", host: name, transport: url, topic: `workers-${workers}`, prefetch: 8 };
  const service = await Service.create({ ...options, endpoints: [endpoint] });
  const served = serveService(service, { workers: Number(workers) });
  if (workerNumber() !== undefined) {
    await served;
    process.exit();
  }
  while (!service.health().ready) await Promise.race([delay(10), served]);
  return async () => {
    await service.stop();
    await served;
  };
}

export async function connect(url, name, workers) {
  const client = await connectClient(url, name, { topic: `workers-${workers}` });
  return { work: client.call, close: client.close };
}
