import {
  createTransport,
  InvalidArgumentsError,
  MessageTooLargeError,
  RemoteError,
  RPCClient,
  RPCServer,
  TooManyPendingCallsError,
  type TransportOptions,
} from "@rpcgen/runtime";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BrokerTransport } from "../../../src/runtime/transport.js";
import { uniqueName } from "../../support/broker.js";
import { Inbox, replyQueueName, text } from "../../support/inbox.js";
import { RecordingLogger } from "../../support/recording-logger.js";
import { createLabDispatcher, labService } from "../fixtures/lab.js";
import { createLedgerDispatcher, ledgerService } from "../fixtures/ledger.js";
import { TestManager } from "../fixtures/manager.js";

/** What is bounded, whatever the transport. */
export function describeLimits(name: string, url: () => Promise<string>): void {
  describe(`limits over ${name}`, () => {
    const endings: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of endings.splice(0).reverse()) await end();
    });
    let address: string;
    beforeAll(async () => {
      address = await url();
    });
    const connect = (options: TransportOptions = {}): BrokerTransport => {
      const transport = createTransport(address, options);
      endings.push(() => transport.close());
      return transport;
    };
    const lab = async (options: { client?: TransportOptions; server?: TransportOptions } = {}) => {
      const service = { ...labService, topic: uniqueName("limits") };
      const manager = new TestManager();
      const serving = connect(options.server);
      const target = { topic: service.topic, server: "host1" };
      const server = new RPCServer(serving, target, [createLabDispatcher(manager)]);
      await server.start();
      endings.push(() => server.stop(0));
      const transport = connect(options.client);
      const client = new RPCClient(transport, service);
      return { client, transport, manager, server, serving, service };
    };

    test("a request that is larger than the transport takes is refused before it is sent", async () => {
      const { client } = await lab({ client: { maxMessageSize: 1_000 } });
      const call = client.call("echo", {}, { value: "x".repeat(1_000) });
      await expect(call).rejects.toThrow(MessageTooLargeError);
      await expect(call).rejects.toMatchObject({ code: "too-large", limit: 1_000, method: "echo" });
      expect(await client.call("echo", {}, { value: "x" })).toBe("x");
    });

    test("a request that is larger than the server takes is answered with the reason at once, and the server goes on", async () => {
      const logger = new RecordingLogger();
      const { client, serving } = await lab({ server: { maxMessageSize: 1_000, logger } });
      const call = client.call("echo", { token: "_reply_q" }, { value: "x".repeat(1_000) });
      await expect(call).rejects.toMatchObject({ code: "remote", className: "MessageTooLargeError" });
      await expect(call).rejects.toThrow(/the message has 1\d\d\d bytes, and the transport takes 1000 at most/);
      await logger.seen(/larger than maxMessageSize/);
      expect(serving.stats()).toMatchObject({ oversized: 1 });
      await client.cast("note", {}, { text: "x".repeat(1_000) });
      await logger.seen(/larger than maxMessageSize/, { times: 2 });
      expect(await client.call("echo", {}, { value: "x" })).toBe("x");
    });

    test("a result that is larger than the server's transport takes is answered with an error", async () => {
      const service = { ...ledgerService, topic: uniqueName("limits") };
      const target = { topic: service.topic, server: "host1" };
      const dispatcher = createLedgerDispatcher({ read: () => "x".repeat(2_000) });
      const server = new RPCServer(connect({ maxMessageSize: 1_500 }), target, [dispatcher]);
      await server.start();
      endings.push(() => server.stop(0));
      await expect(new RPCClient(connect(), service).call("read", {}, { entry: 1 })).rejects.toMatchObject({
        code: "remote",
        className: "MessageTooLargeError",
      });
    });

    test("a reply that is larger than the client's transport takes ends its call at once, and the client goes on", async () => {
      const service = { ...ledgerService, topic: uniqueName("limits") };
      const target = { topic: service.topic, server: "host1" };
      const dispatcher = createLedgerDispatcher({
        read: (entry) => (entry === 1 ? '{"_msg_id": "another"}'.repeat(100) : "small"),
      });
      const server = new RPCServer(connect(), target, [dispatcher]);
      await server.start();
      endings.push(() => server.stop(0));
      const logger = new RecordingLogger();
      const transport = connect({ maxMessageSize: 1_000, logger });
      const client = new RPCClient(transport, service);
      const call = client.call("read", {}, { entry: 1 });
      await expect(call).rejects.toThrow(MessageTooLargeError);
      await expect(call).rejects.toMatchObject({ code: "too-large", limit: 1_000, service: "ledger", method: "read" });
      await logger.seen(/larger than maxMessageSize/);
      expect(transport.stats()).toMatchObject({ oversized: 1 });
      expect(await client.call("read", {}, { entry: 2 })).toBe("small");
    });

    test("one call too many that waits for a reply is refused, and the others are not", async () => {
      const { client, manager } = await lab({ client: { maxPendingCalls: 2 } });
      const waiting = ["a", "b"].map((gate) => client.call("wait", {}, { for: gate }));
      await manager.until(() => manager.seen.length === 2);
      const third = client.call("echo", {}, { value: 3 });
      await expect(third).rejects.toThrow(TooManyPendingCallsError);
      await expect(third).rejects.toThrow("lab.echo");
      for (const gate of ["a", "b"]) manager.gate(gate).open();
      expect(await Promise.all(waiting)).toEqual(["a", "b"]);
      expect(await client.call("echo", {}, { value: 3 })).toBe(3);
    });

    test("a time-out of any length is one, and does not disturb the calls beside it", async () => {
      const { client } = await lab();
      const others = Array.from({ length: 20 }, (_, value) => client.call("echo", {}, { value }));
      for (const timeout of [2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER, 1e300, Number.POSITIVE_INFINITY]) {
        expect(await client.call("echo", {}, { value: timeout }, { timeout })).toBe(timeout);
      }
      expect(await Promise.all(others)).toEqual(others.map((_, value) => value));
    });

    test("arguments that are nested too deep are refused with the reason, and the deepest that may be arrive", async () => {
      const { client } = await lab();
      const nested = (levels: number): unknown => {
        let value: unknown = "end of a text that is long enough to be looked at";
        for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { in: value };
        return value;
      };
      // The payload and its arguments are two levels.
      expect(await client.call("echo", {}, { value: nested(254) })).toEqual(nested(254));
      const call = client.call("echo", {}, { value: nested(255) });
      await expect(call).rejects.toThrow(InvalidArgumentsError);
      await expect(call).rejects.toThrow("the message is nested deeper than 256 levels");
      const deepest = client.call("echo", {}, { value: nested(3_000) });
      await expect(deepest).rejects.toThrow(InvalidArgumentsError);
    });

    test("a reply that is nested too deep fails its call at once", async () => {
      const transport = connect();
      const topic = uniqueName("limits");
      await transport.subscribe({ target: { topic, server: "host1" } }, (message) => {
        message.ack();
        const { _msg_id: id, _reply_q: replyQueue } = JSON.parse(JSON.parse(message.body.toString())["oslo.message"]);
        const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
        const body = `{"result": ${deep}, "failure": null, "ending": true, "_msg_id": "${id}"}`;
        void transport.publish({ replyQueue }, text(body));
      });
      const call = new RPCClient(connect(), { ...labService, topic }).call("echo", {}, {});
      await expect(call).rejects.toThrow(RemoteError);
      await expect(call).rejects.toThrow("the message is nested deeper than 256 levels");
    });

    test("counts what a transport sends, gets back and receives", async () => {
      const { client, transport, serving, manager } = await lab();
      await client.call("echo", {}, { value: 1 });
      await client.cast("note", {}, { text: "a" });
      await manager.until(() => manager.noted.length === 1);
      await expect(client.call("echo", {}, {}, { server: "nobody" })).rejects.toThrow();
      expect(transport.stats()).toMatchObject({
        connections: { publish: { state: "open", opened: 1, lost: 0 }, consume: { state: "open" } },
        published: 3,
        confirmed: 2,
        returned: 1,
        failed: 0,
        backlog: 0,
        backlogBytes: 0,
        delivered: 1,
        subscriptions: 1,
      });
      expect(serving.stats()).toMatchObject({ delivered: 2, published: 1, confirmed: 1 });
      await transport.close();
      expect(transport.stats()).toMatchObject({ connections: { publish: { state: "closed" } }, subscriptions: 0 });
    });

    test("carries headers to whoever receives the message", async () => {
      const transport = connect();
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await transport.subscribe({ replyQueue }, inbox.listener);
      await transport.publish({ replyQueue }, { ...text("a"), headers: { traceparent: "00-1-2-01", count: 3 } });
      const message = await inbox.next();
      expect(message.headers).toMatchObject({ traceparent: "00-1-2-01", count: 3 });
      expect(message.queue).toBe(replyQueue);
    });
  });
}
