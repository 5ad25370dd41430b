import { createTransport, RPCClient, Service } from "@rpcgen/runtime";
import { describe, expect, test } from "vitest";
import { brokerURL, uniqueName } from "../support/broker.js";
import { createLedgerDispatcher, ledgerService } from "./fixtures/ledger.js";

const memory = `memory://${uniqueName("rolling")}`;
const IN_FLIGHT = 1_000;
const ROUNDS = 3;

describe.each([
  ["memory", () => Promise.resolve(memory)],
  ["RabbitMQ", brokerURL],
])("a rolling restart of two servers over %s", (_name, url) => {
  test(`loses none of ${IN_FLIGHT} calls in flight, and runs each once`, async () => {
    const address = await url();
    const topic = uniqueName("rolling");
    /** How often each call ran, by its number. */
    const runs: number[] = [];
    const write = async (entry: unknown): Promise<unknown> => {
      const number = Number(entry);
      runs[number] = (runs[number] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, number % 40));
      return number;
    };
    const start = async (host: string): Promise<Service> => {
      const endpoints = [createLedgerDispatcher({ write })];
      const service = await Service.create({ binary: "ledger", host, transport: address, topic, endpoints });
      await service.start();
      return service;
    };
    const services = new Map([
      ["host1", await start("host1")],
      ["host2", await start("host2")],
    ]);

    const transport = createTransport(address);
    const client = new RPCClient(transport, { ...ledgerService, topic }, { timeout: 15_000 });
    const failures: unknown[] = [];
    let calls = 0;
    let isOver = false;
    const caller = async (): Promise<void> => {
      while (!isOver) {
        const number = calls++;
        const answer = await client
          .call("write", {}, { entry: number })
          .catch((error: unknown) => failures.push(error));
        if (answer !== number && failures.length === 0) failures.push(new Error(`${number} was answered ${answer}`));
      }
    };
    const callers = Array.from({ length: IN_FLIGHT }, caller);
    /** Resolves when so many more calls have begun, which takes as many answers. */
    const progress = async (more: number): Promise<void> => {
      for (const until = calls + more; calls < until && failures.length === 0; ) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [host, service] of services) {
        await progress(1_500);
        await service.stop();
        await progress(500);
        services.set(host, await start(host));
      }
    }
    isOver = true;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    expect(runs).toEqual(Array.from({ length: calls }, () => 1));
    await Promise.all([...services.values()].map((service) => service.stop()));
    await transport.close();
  }, 60_000);
});
