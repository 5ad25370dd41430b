import {
  MessageUndeliverableError,
  type Metrics,
  RPCClient,
  type RPCClientOptions,
  RPCServer,
  TransportError,
  type TransportOptions,
} from "@rpcgen/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { uniqueName } from "../support/broker.js";
import { ShakenTransport } from "../support/shaken-transport.js";
import { createLedgerDispatcher, type LedgerHandlers, ledgerService } from "./fixtures/ledger.js";

/** Methods that may run once only: what was perhaps taken must not be sent again. */
const plain = ["write", "forget"] as const;
const idempotent = ["read", "announce"] as const;
const all = [...plain, ...idempotent];

const unknown = (): TransportError => new TransportError("lost", { delivery: "unknown" });
const isUndeliverable = { code: "undeliverable", message: expect.stringContaining("nobody listens there") };

describe("a request that came back because no queue took it", () => {
  const endings: (() => Promise<unknown>)[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const end of endings.splice(0).reverse()) await end();
  });

  /** A client whose connection was lost, and is back since just now. */
  const ledger = (options: RPCClientOptions = {}, limits: TransportOptions = {}) => {
    const url = `memory://${uniqueName("repeating")}`;
    const service = { ...ledgerService, topic: uniqueName("ledger") };
    const transport = new ShakenTransport(createTransport(url, limits));
    transport.reopenedAt = Date.now();
    endings.push(() => transport.close());
    const counts: string[] = [];
    const metrics: Metrics = { count: (name, { method }) => counts.push(`${name} ${method}`), record: () => {} };
    const client = new RPCClient(transport, service, { timeout: 10_000, metrics, ...options });
    /** Starts the service's only server. */
    const serve = async (handlers: LedgerHandlers): Promise<void> => {
      const serving = createTransport(url);
      const target = { topic: service.topic, server: "host1" };
      const server = new RPCServer(serving, target, [createLedgerDispatcher(handlers)]);
      await server.start();
      endings.push(() => serving.close());
      endings.push(() => server.stop(0));
    };
    const repeats = (): number => counts.filter((count) => count.startsWith("rpcgen.client.repeats")).length;
    return { service, transport, client, serve, repeats };
  };

  test.each(all)("is sent again until a server is there, and runs once: %s", async (method) => {
    const { transport, client, serve, repeats } = ledger();
    const sent = client.send(method, {}, { entry: 1 });
    const outcome = expect(sent).resolves.toSatisfy((result) => result === 1 || result == null);
    await transport.tries.until(1);
    await vi.advanceTimersByTimeAsync(100);
    await transport.tries.until(2);
    const runs: unknown[] = [];
    const ran = new Promise<void>((resolve) => {
      const handler = (entry: unknown): unknown => {
        runs.push(entry);
        resolve();
        return entry;
      };
      void serve({ [method]: handler }).then(() => vi.advanceTimersByTimeAsync(200));
    });
    await outcome;
    await ran;
    expect(runs).toEqual([1]);
    const [first, ...others] = transport.tries.all;
    expect(others.map(({ error }) => error instanceof MessageUndeliverableError)).toEqual([true, false]);
    // The same message each time, and a call's expires with its deadline.
    for (const { message } of others) expect(message.body.equals(first?.message.body ?? Buffer.alloc(0))).toBe(true);
    const isCall = method === "write" || method === "read";
    expect(others.at(-1)?.message.expiration).toBe(isCall ? 9_700 : undefined);
    expect(repeats()).toBe(2);
  });

  test.each([
    ["was never lost", undefined],
    ["was lost more than a minute ago", -60_001],
  ])("fails at once where the connection %s", async (_when, ago) => {
    const { transport, client, repeats } = ledger();
    transport.reopenedAt = ago === undefined ? undefined : Date.now() + ago;
    for (const method of all)
      await expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject(isUndeliverable);
    expect(transport.tries.all).toHaveLength(all.length);
    expect(repeats()).toBe(0);
  });

  test.each(all)("fails when the minute after the connection's return is over: %s", async (method) => {
    const { transport, client } = ledger({ timeout: 600_000 });
    const outcome = expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject(isUndeliverable);
    await transport.tries.until(1);
    await vi.advanceTimersByTimeAsync(61_000);
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(all)("fails at its deadline as what it is, since nothing ran: %s", async (method) => {
    const { transport, client } = ledger();
    const outcome = expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject(isUndeliverable);
    await transport.tries.until(1);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(idempotent)("fails with a time-out where another try may have been taken: %s", async (method) => {
    const { transport, client } = ledger();
    transport.outcomes = [unknown()];
    const sent = client.send(method, {}, { entry: 1 });
    const outcome = expect(sent).rejects.toMatchObject({ code: "timeout", cause: { delivery: "unknown" } });
    await transport.tries.until(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await outcome;
    expect(transport.tries.all.length).toBeGreaterThan(2);
  });

  test.each(idempotent)(
    "is unknown, and not undeliverable, where another try may have been taken: %s",
    async (method) => {
      const { transport, client } = ledger({ timeout: 600_000 });
      transport.outcomes = [unknown()];
      const sent = client.send(method, {}, { entry: 1 });
      const outcome = expect(sent).rejects.toMatchObject({ code: "transport", delivery: "unknown" });
      await transport.tries.until(1);
      await vi.advanceTimersByTimeAsync(61_000);
      await outcome;
    },
  );

  test.each(all)("is given up when its caller gives up: %s", async (method) => {
    const { transport, client } = ledger();
    const controller = new AbortController();
    const sent = client.send(method, {}, { entry: 1 }, { signal: controller.signal });
    const outcome = expect(sent).rejects.toMatchObject({ code: "aborted" });
    await transport.tries.until(1);
    // The wait for the next try has begun.
    await vi.advanceTimersByTimeAsync(50);
    controller.abort();
    await outcome;
    expect(transport.tries.all).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(plain)("is not sent again after a try that may have been taken: %s", async (method) => {
    const { transport, client, serve } = ledger();
    await serve({});
    transport.outcomes = [unknown()];
    await expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject({ delivery: "unknown" });
    expect(transport.tries.all).toHaveLength(1);
    transport.outcomes = [new MessageUndeliverableError("nobody"), unknown()];
    const outcome = expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject({ delivery: "unknown" });
    await transport.tries.until(2);
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    expect(transport.tries.all).toHaveLength(3);
  });

  test.each(plain)("is not sent again for anything else: %s", async (method) => {
    const { transport, client } = ledger();
    transport.outcomes = [new TransportError("refused", { delivery: "not-sent" })];
    await expect(client.send(method, {}, { entry: 1 })).rejects.toMatchObject({ delivery: "not-sent" });
    expect(transport.tries.all).toHaveLength(1);
  });

  test("is not sent again when the call has ended meanwhile", async () => {
    const { transport, client, serve } = ledger();
    let answer = (_result: unknown): void => {};
    const began = new Promise<void>((resolve) => {
      const read = (): unknown => {
        resolve();
        return new Promise((given) => {
          answer = given;
        });
      };
      void serve({ read });
    });
    const call = client.call("read", {}, { entry: 1 });
    await began;
    transport.outcomes = [new MessageUndeliverableError("nobody")];
    transport.shake();
    await transport.tries.until(2);
    await vi.advanceTimersByTimeAsync(50);
    answer("first");
    expect(await call).toBe("first");
    expect(vi.getTimerCount()).toBe(0);
    expect(transport.tries.all).toHaveLength(2);
  });

  test("does not count as its server's silence: a monitored call waits for its deadline", async () => {
    const { transport, client, serve } = ledger();
    const call = client.call("write", {}, { entry: 1 }, { heartbeat: 2_000 });
    const outcome = expect(call).resolves.toBe("late");
    await transport.tries.until(1);
    await vi.advanceTimersByTimeAsync(4_000);
    await serve({ write: () => new Promise((resolve) => setTimeout(resolve, 3_000, "late")) });
    // The next try, and then the server's heartbeats, one each second.
    for (let step = 0; step < 50; step++) {
      await vi.advanceTimersByTimeAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await outcome;
  });

  test("that the broker has not taken yet does not count as its server's silence either", async () => {
    const { transport, client, serve } = ledger();
    await serve({ write: () => "late" });
    transport.hold();
    const call = client.call("write", {}, { entry: 1 }, { heartbeat: 2_000 });
    const outcome = expect(call).resolves.toBe("late");
    for (let step = 0; step < 40; step++) {
      await vi.advanceTimersByTimeAsync(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    transport.release();
    await outcome;
  });

  test("is monitored from when it was taken: silence ends the call before its deadline", async () => {
    const { transport, client, service } = ledger({ timeout: 60_000 });
    const sent = client.call("write", {}, { entry: 1 }, { heartbeat: 2_000 });
    const outcome = expect(sent).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("heartbeat"),
    });
    await transport.tries.until(1);
    // A server that takes the request and dies.
    await transport.subscribe({ target: { topic: service.topic, server: "host1" } }, (message) => message.ack());
    await vi.advanceTimersByTimeAsync(2_100);
    await outcome;
    expect(transport.tries.all).toHaveLength(2);
  });

  test.each<[string, TransportOptions]>([
    ["messages", { maxBacklog: 3 }],
    ["bytes", { maxBacklogBytes: 4_000 }],
  ])("waits with as many %s as may wait for a broker; one more fails at once", async (_what, limits) => {
    const { transport, client } = ledger({}, limits);
    const cast = (): Promise<void> => client.cast("forget", {}, { entry: "x".repeat(1_000) });
    const waiting = Promise.allSettled([cast(), cast(), cast()]);
    await transport.tries.until(3);
    await expect(cast()).rejects.toMatchObject(isUndeliverable);
    expect(transport.tries.all).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await waiting).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
    // Those that waited have made room.
    const tries = transport.tries.all.length;
    const last = expect(cast()).rejects.toMatchObject(isUndeliverable);
    await vi.advanceTimersByTimeAsync(10_000);
    await last;
    expect(transport.tries.all.length).toBeGreaterThan(tries + 1);
  });
});
