import { RPCClient, type RPCClientOptions, RPCServer, TransportError } from "@rpcgen/runtime";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import type { BrokerTransport } from "../../src/runtime/transport.js";
import { encodeReply } from "../../src/runtime/wire/reply.js";
import { decodeRequest, type WireRequest } from "../../src/runtime/wire/request.js";
import { describePrivately, privateBrokerURL, rabbitmqctl, uniqueName } from "../support/broker.js";
import { Events } from "../support/events.js";
import { startProxy, type TCPProxy } from "../support/proxy.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { createLedgerDispatcher, type LedgerHandlers, ledgerService } from "./fixtures/ledger.js";

describePrivately("the outcome of a call whose connection is lost", () => {
  let url: string;
  /** Between the client, or the server, and the broker; the other one connects directly. */
  let proxy: TCPProxy;
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    url = await privateBrokerURL();
  });
  beforeEach(async () => {
    proxy = await startProxy(Number(new URL(url).port));
  });
  afterEach(async () => {
    proxy.restore();
    for (const end of endings.splice(0).reverse()) await end();
    await proxy.close();
  });

  const connect = (address: string, logger = new RecordingLogger()): BrokerTransport => {
    const transport = createTransport(address, { reconnect: { initial: 50, max: 100 }, closeTimeout: 200, logger });
    endings.push(() => transport.close());
    return transport;
  };
  const proxied = (): string => `rabbit://guest:guest@127.0.0.1:${proxy.port}/`;

  const ledger = (where: { client?: string; server?: string } = {}, options: RPCClientOptions = {}) => {
    const service = { ...ledgerService, topic: uniqueName("ledger") };
    const logger = new RecordingLogger();
    const transport = connect(where.client ?? url, logger);
    const client = new RPCClient(transport, service, options);
    const serve = async (handlers: LedgerHandlers): Promise<RPCServer> => {
      const target = { topic: service.topic, server: "host1" };
      const server = new RPCServer(connect(where.server ?? url), target, [createLedgerDispatcher(handlers)]);
      await server.start();
      endings.push(() => server.stop(0));
      return server;
    };
    /** Everything that a server would get, with a way to answer; for what no server of ours does. */
    const listen = async (): Promise<{ requests: Events<WireRequest>; answer: (result: unknown) => Promise<void> }> => {
      const requests = new Events<WireRequest>();
      const serving = connect(url);
      await serving.subscribe({ target: { topic: service.topic, server: "host1" } }, (message) => {
        message.ack();
        requests.add(decodeRequest(message));
      });
      const answer = async (result: unknown): Promise<void> => {
        const { reply } = requests.all.at(-1) ?? {};
        const { messageId = "", queue: replyQueue = "" } = reply ?? {};
        await serving.publish({ replyQueue }, { body: encodeReply({ messageId, kind: "result", result }, "u") });
      };
      return { requests, answer };
    };
    /** Cuts the connections of the client, and waits until it has noticed. */
    const cut = async (connections = 2): Promise<void> => {
      const from = logger.entries.length;
      proxy.cut();
      await logger.seen(/was lost/, { times: connections, from });
    };
    return { service, client, transport, logger, serve, listen, cut };
  };

  /** A method that runs until the promise resolves; gives its argument, or something else. */
  const held =
    (runs: Events<unknown>, until: Promise<void>, result?: string) =>
    async (entry: unknown): Promise<unknown> => {
      runs.add(entry);
      await until;
      return result ?? entry;
    };
  const gate = (): { promise: Promise<void>; open: () => void } => {
    let open = (): void => {};
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { promise, open };
  };

  test("is its reply where that comes when the connection is back", async () => {
    const { client, serve, cut } = ledger({ client: proxied() });
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    await serve({ write: held(runs, promise, "written") });
    const call = client.call("write", {}, { entry: 1 });
    await runs.until(1);
    // The broker confirms in order: with the cast, the call is confirmed too.
    await client.cast("announce", {}, { entry: 2 });
    await cut();
    open();
    proxy.restore();
    expect(await call).toBe("written");
    expect(runs.all).toHaveLength(1);
  });

  test("is its reply where the server's connection was lost while the method ran", async () => {
    const { client, serve } = ledger({ server: proxied() });
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    await serve({ write: held(runs, promise, "written") });
    const call = client.call("write", {}, { entry: 1 });
    await runs.until(1);
    proxy.cut();
    open();
    proxy.restore();
    expect(await call).toBe("written");
    expect(runs.all).toHaveLength(1);
  });

  test("is its reply where the server's connection was lost while the reply was on its way", async () => {
    const { client, serve } = ledger({ server: proxied() });
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    await serve({ write: held(runs, promise), read: (entry) => entry });
    // The connection for replies is there before it is frozen.
    expect(await client.call("read", {}, { entry: 0 })).toBe(0);
    const call = client.call("write", {}, { entry: 1 });
    await runs.until(1);
    proxy.freeze();
    open();
    await new Promise((resolve) => setImmediate(resolve));
    proxy.cut();
    proxy.restore();
    expect(await call).toBe(1);
  });

  test("is each one's reply where many replies were on their way: they go together when the connection is back", async () => {
    const { client, service } = ledger();
    const serving = connect(proxied());
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    const dispatcher = createLedgerDispatcher({ write: held(runs, promise), read: (entry) => entry });
    const server = new RPCServer(serving, { topic: service.topic, server: "host1" }, [dispatcher]);
    await server.start();
    endings.push(() => server.stop(0));
    expect(await client.call("read", {}, { entry: 0 })).toBe(0);
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const calls = numbers.map((entry) => client.call("write", {}, { entry }));
    await runs.until(numbers.length);
    proxy.freeze();
    open();
    while (serving.stats().backlog < numbers.length) await new Promise((resolve) => setImmediate(resolve));
    proxy.cut();
    proxy.restore();
    const start = Date.now();
    expect(await Promise.all(calls)).toEqual(numbers);
    // One after the other, at the pace of tries for a queue that is gone, they would take fifty seconds.
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  test("is an error that says it is unknown where the broker had not confirmed the request", async () => {
    const { client, serve, cut } = ledger({ client: proxied() });
    await serve({ write: (entry) => entry });
    expect(await client.call("write", {}, { entry: 1 })).toBe(1);
    proxy.freeze();
    const call = client.call("write", {}, { entry: 2 });
    const outcome = expect(call).rejects.toMatchObject({ code: "transport", delivery: "unknown", method: "write" });
    await cut();
    await outcome;
  });

  test("is, at its deadline, an error that says that the request was confirmed", async () => {
    const { client, listen, cut } = ledger({ client: proxied() });
    const { requests } = await listen();
    const call = client.call("write", {}, { entry: 1 }, { timeout: 1_500 });
    const outcome = expect(call).rejects.toMatchObject({
      code: "transport",
      delivery: "confirmed",
      message: expect.stringContaining("no reply came in time; the broker had confirmed the request"),
      cause: { code: "timeout" },
    });
    await requests.until(1);
    await client.cast("announce", {}, { entry: 1 });
    await cut();
    proxy.restore();
    await outcome;
    await expect(call).rejects.toThrow(TransportError);
    // The cast and the call, and no second one.
    expect(requests.all.filter(({ method }) => method === "write")).toHaveLength(1);
  });

  test("is an error at once where its own transport is closed", async () => {
    const { client, transport, listen } = ledger();
    const { requests } = await listen();
    const call = client.call("write", {}, { entry: 1 });
    const outcome = expect(call).rejects.toMatchObject({ code: "transport", delivery: "confirmed" });
    await requests.until(1);
    await client.cast("announce", {}, { entry: 1 });
    await transport.close();
    await outcome;
  });

  test("of an idempotent method is its result where the request was not confirmed: it is sent again", async () => {
    const { client, serve, cut } = ledger({ client: proxied() });
    await serve({ read: (entry) => entry });
    expect(await client.call("read", {}, { entry: 1 })).toBe(1);
    proxy.freeze();
    const call = client.call("read", {}, { entry: 2 });
    await cut();
    proxy.restore();
    expect(await call).toBe(2);
  });

  test("of an idempotent method is its result, and the server that still runs it does not run it again", async () => {
    const { client, serve, cut, logger } = ledger({ client: proxied() });
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    await serve({ read: held(runs, promise) });
    const call = client.call("read", {}, { entry: 1 });
    await runs.until(1);
    await cut();
    const from = logger.entries.length;
    proxy.restore();
    await logger.seen(/^connected/, { from, times: 2 });
    // Another call on the same connection, so the repeated request is before it in the queue.
    expect(await client.call("write", {}, { entry: 2 })).toBeNull();
    open();
    expect(await call).toBe(1);
    expect(runs.all).toHaveLength(1);
  });

  test("of an idempotent method is its result though the reply was lost: the server gives it again", async () => {
    const { client, serve, cut } = ledger({ client: proxied() });
    const runs = new Events<unknown>();
    const { promise, open } = gate();
    const server = await serve({ read: held(runs, promise) });
    const call = client.call("read", {}, { entry: 1 });
    await runs.until(1);
    await cut();
    open();
    // The reply is in the queue when nothing runs any more.
    while (server.running > 0) await new Promise((resolve) => setImmediate(resolve));
    const queues = (await rabbitmqctl("list_queues", "--no-table-headers", "name", "messages")).split("\n");
    const [queue = ""] = queues.find((line) => /^reply_.*\t1$/.test(line))?.split("\t") ?? [];
    await rabbitmqctl("purge_queue", queue);
    proxy.restore();
    expect(await call).toBe(1);
    expect(runs.all).toHaveLength(1);
  });

  test("of an idempotent method is its result though its server, as Python's do, ignores what it remembers", async () => {
    const { client, listen, cut } = ledger({ client: proxied() });
    const { requests, answer } = await listen();
    const call = client.call("read", {}, { entry: 1 }, { timeout: 4_000 });
    await requests.until(1);
    await cut();
    proxy.restore();
    await requests.until(3);
    await answer("at last");
    expect(await call).toBe("at last");
    const [first, second, third] = requests.all;
    expect(second?.uniqueId).toBe(first?.uniqueId);
    expect(third?.uniqueId).not.toBe(first?.uniqueId);
    expect(new Set(requests.all.map(({ reply }) => reply?.messageId)).size).toBe(1);
  });

  test("of an idempotent cast is that the broker has it: it is sent again", async () => {
    const { client, serve, cut } = ledger({ client: proxied() });
    const runs = new Events<unknown>();
    await serve({ announce: runs.add });
    await client.cast("announce", {}, { entry: 1 });
    proxy.freeze();
    const cast = client.cast("announce", {}, { entry: 2 });
    // A program that only casts has no connection for replies.
    await cut(1);
    proxy.restore();
    await cast;
    await runs.until((all) => all.includes(2));
    expect(runs.all).toEqual([1, 2]);
  });

  test.each(["write", "read", "forget", "announce"] as const)(
    "waits for servers that come back later than the client: %s",
    async (method) => {
      const { service, client, transport, cut, logger } = ledger({ client: proxied() });
      await expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject({ code: "undeliverable" });
      // A program that only casts has no connection for replies.
      await cut(method === "write" || method === "read" ? 2 : 1);
      const sent = client.send(method, {}, { entry: 2 });
      const from = logger.entries.length;
      proxy.restore();
      await logger.seen(/^connected/, { from, role: "publish" });
      // Nobody has the topic's queue until the server starts.
      while (transport.stats().returned < 2) await new Promise((resolve) => setImmediate(resolve));
      const runs = new Events<unknown>();
      const handler = (entry: unknown): unknown => {
        runs.add(entry);
        return entry;
      };
      const target = { topic: service.topic, server: "host1" };
      const late = new RPCServer(connect(url), target, [createLedgerDispatcher({ [method]: handler })]);
      await late.start();
      endings.push(() => late.stop(0));
      expect([2, undefined]).toContain(await sent);
      await runs.until(1);
      expect(runs.all).toEqual([2]);
    },
  );
});
