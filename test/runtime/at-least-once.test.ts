import { createTransport, RPCServer, type TransportOptions } from "@rpcgen/runtime";
import { expect, test } from "vitest";
import { brokerURL, uniqueName } from "../support/broker.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { createLabDispatcher } from "./fixtures/lab.js";
import { createLedgerDispatcher } from "./fixtures/ledger.js";
import { TestManager } from "./fixtures/manager.js";
import { describeAtLeastOnce } from "./suite/at-least-once.js";

const memory = `memory://${uniqueName("at-least-once")}`;

describeAtLeastOnce("memory", () => Promise.resolve(memory));
describeAtLeastOnce("RabbitMQ", brokerURL);

test("a server warns where its at-least-once casts would not survive a restart of the broker", async () => {
  const warnings = async (url: string, dispatcher: () => ReturnType<typeof createLabDispatcher>, own = {}) => {
    const logger = new RecordingLogger();
    // Queues of another kind need another exchange.
    const options: TransportOptions = { controlExchange: uniqueName("exchange"), ...own };
    const transport = createTransport(url, options);
    const server = new RPCServer(transport, { topic: uniqueName("ledger"), server: "s" }, [dispatcher()], { logger });
    await server.start();
    await server.start();
    await server.stop(0);
    await transport.close();
    return logger.entries.filter(({ level }) => level === "warn").map(({ message }) => message);
  };
  const url = await brokerURL();
  const casts = () => createLedgerDispatcher({});
  const expected = [
    expect.stringMatching(/lost when the broker restarts.*set amqp_durable_queues or rabbit_quorum_queue/),
  ];
  expect(await warnings(url, casts)).toEqual(expected);
  expect(await warnings(url, casts, { durableQueues: true })).toEqual([]);
  expect(await warnings(url, casts, { quorumQueues: true })).toEqual([]);
  expect(await warnings(url, () => createLabDispatcher(new TestManager()))).toEqual([]);
  expect(await warnings(memory, casts)).toEqual([]);
});
