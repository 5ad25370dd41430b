import { createTransport, RPCClient, RPCServer, type RPCServerOptions, type Transport } from "@rpcgen/runtime";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { uniqueName } from "../../support/broker.js";
import { Events } from "../../support/events.js";
import { Inbox } from "../../support/inbox.js";
import { createLedgerDispatcher, type LedgerHandlers, ledgerService } from "../fixtures/ledger.js";

/** What an at-least-once cast can rely on, whatever the transport. */
export function describeAtLeastOnce(name: string, url: () => Promise<string>): void {
  describe(`an at-least-once cast over ${name}`, () => {
    const endings: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of endings.splice(0).reverse()) await end();
    });
    let address: string;
    beforeAll(async () => {
      address = await url();
    });
    const connect = (): Transport => {
      const transport = createTransport(address);
      endings.push(() => transport.close());
      return transport;
    };

    const ledger = (service = { ...ledgerService, topic: uniqueName("ledger") }) => {
      const client = new RPCClient(connect(), service);
      const record = (entry: unknown, context = {}): Promise<void> => client.cast("record", context, { entry });
      const serve = async (handlers: LedgerHandlers, options: RPCServerOptions = {}, host = "host1") => {
        const transport = connect();
        const target = { topic: service.topic, server: host };
        const dispatcher = createLedgerDispatcher(handlers);
        const server = new RPCServer(transport, target, [dispatcher], { redeliveryDelay: 1, ...options });
        await server.start();
        endings.push(() => server.stop(0));
        return { server, transport };
      };
      const deadLetters = async (): Promise<Inbox> => {
        const inbox = new Inbox();
        await connect().subscribe({ deadLetters: service.topic }, inbox.listener);
        return inbox;
      };
      return { service, client, record, serve, deadLetters };
    };

    test("is tried again where it failed, and not any more when it succeeded", async () => {
      const { record, serve } = ledger();
      const tries = new Events<unknown>();
      await serve({
        record: (entry) => {
          tries.add(entry);
          if (tries.all.length < 3) throw new Error("not yet");
        },
      });
      await record("a");
      await tries.until(3);
      await record("b");
      expect(await tries.until(4)).toEqual(["a", "a", "a", "b"]);
    });

    test("goes to the dead letters after its last attempt, with the reason in its headers and its body unchanged", async () => {
      const { service, record, serve, deadLetters } = ledger();
      let tries = 0;
      await serve({
        record: () => {
          tries++;
          throw new RangeError("the disk is full");
        },
      });
      await record("a", { request_id: "req-1" });
      const letter = await (await deadLetters()).next();
      expect(tries).toBe(3);
      expect(letter.headers).toMatchObject({
        "x-rpcgen-attempts": 3,
        "x-rpcgen-error": "RangeError",
        "x-rpcgen-message": "the disk is full",
        "x-rpcgen-service": "ledger",
        "x-rpcgen-method": "record",
        "x-rpcgen-queue": service.topic,
      });
      expect(Date.now() - Date.parse(String(letter.headers["x-rpcgen-time"]))).toBeLessThan(10_000);
      const { method, args, _context_request_id: id } = JSON.parse(JSON.parse(letter.body.toString())["oslo.message"]);
      expect({ method, args, id }).toEqual({ method: "record", args: { entry: "a" }, id: "req-1" });
    });

    test("that came with headers of any size goes to the dead letters too, without those that do not fit", async () => {
      const { service, serve, deadLetters } = ledger();
      await serve({
        record: () => {
          throw new Error("no");
        },
      });
      // As much as a peer can send: beside it there is no room for a reason.
      const headers = { traceparent: "00-0", large: "x".repeat(99_000) };
      const client = new RPCClient(connect(), service, {
        interceptors: [(request, next) => next({ ...request, headers })],
      });
      await client.cast("record", {}, { entry: 1 });
      const letter = await (await deadLetters()).next();
      expect(letter.headers).toMatchObject({ "x-rpcgen-error": "Error", traceparent: "00-0" });
      expect(letter.headers["large"]).toBeUndefined();
    });

    test("whose arguments do not fit goes to the dead letters at once", async () => {
      const { service, serve, deadLetters } = ledger();
      await serve({});
      const methods = { record: { ...service.methods.record, params: { entry: {}, extra: {} } } };
      await new RPCClient(connect(), { ...service, methods }).cast("record", {}, { entry: 1, extra: 2 });
      const letter = await (await deadLetters()).next();
      expect(letter.headers).toMatchObject({ "x-rpcgen-attempts": 1, "x-rpcgen-error": "InvalidArgumentsError" });
    });

    test("is sent again from the dead letters by publishing its body to the queue that its header names", async () => {
      const { record, serve, deadLetters } = ledger();
      const tries = new Events<unknown>();
      await serve({
        record: (entry) => {
          tries.add(entry);
          if (tries.all.length <= 3) throw new Error("not yet");
        },
      });
      await record("a");
      const letter = await (await deadLetters()).next();
      await connect().publish({ queue: String(letter.headers["x-rpcgen-queue"]) }, { body: letter.body });
      expect(await tries.until(4)).toEqual(["a", "a", "a", "a"]);
    });

    test("is taken over by another server when its own is lost, and the lost delivery counts as an attempt", async () => {
      const { record, serve, deadLetters } = ledger();
      const tries = new Events<string>();
      /** Each server dies with what it runs. */
      const serveAndDie = async (name: string): Promise<void> => {
        const { transport } = await serve({ record: () => new Promise(() => tries.add(name)) }, {}, name);
        await tries.until((all) => all.includes(name));
        await transport.close();
      };
      const first = serveAndDie("host1");
      // The topic has a queue as soon as its first server listens.
      for (let sent = false; !sent; )
        sent = await record("a").then(
          () => true,
          () => false,
        );
      await first;
      await serveAndDie("host2");
      // Two lost deliveries and this one make three, which is all that the definition allows.
      await serveAndDie("last");
      await serve({ record: () => tries.add("too late") }, {}, "too-late");
      const letter = await (await deadLetters()).next();
      expect(letter.headers).toMatchObject({ "x-rpcgen-attempts": 3, "x-rpcgen-error": "ServerLostError" });
      expect(tries.all).toEqual(["host1", "host2", "last"]);
    });

    test("is not acknowledged before it has run", async () => {
      const { record, serve } = ledger();
      const begun = new Events<unknown>();
      const { transport } = await serve({ record: (entry) => new Promise(() => begun.add(entry)) });
      await record("a");
      await begun.until(1);
      await transport.close();
      const again = new Events<unknown>();
      await serve({ record: again.add }, {}, "host2");
      expect(await again.until(1)).toEqual(["a"]);
    });

    test("that did not begin before its server stopped does not count as an attempt", async () => {
      const { service, client, record, serve } = ledger();
      const begun = new Events<unknown>();
      let finish = (): void => {};
      const handlers: LedgerHandlers = {
        record: (entry) =>
          new Promise<void>((resolve) => {
            begun.add(entry);
            finish = resolve;
          }),
      };
      const { server } = await serve(handlers, { concurrency: 1 });
      await record("first");
      await begun.until(1);
      await record("second");
      // A call of another queue is delivered after it, so the server has the second one by then.
      await expect(client.call("read", {}, { entry: 1 }, { server: "host1", timeout: 300 })).rejects.toThrow();
      const stopped = server.stop(10_000);
      finish();
      await stopped;
      const headers: unknown[] = [];
      await connect().subscribe({ target: { topic: service.topic, server: "inspector" } }, (message) => {
        headers.push({ attempts: message.headers["x-rpcgen-attempts"], redelivered: message.redelivered });
        message.ack();
        begun.add("inspected");
      });
      await begun.until((all) => all.includes("inspected"));
      expect(headers).toEqual([{ attempts: undefined, redelivered: false }]);
    });

    test("that waits for its next attempt when its server stops is left to the next one", async () => {
      const { record, serve } = ledger();
      const tries = new Events<string>();
      const fail = (entry: unknown): void => {
        tries.add(`failed ${entry}`);
        throw new Error("not here");
      };
      const { server } = await serve({ record: fail }, { redeliveryDelay: 20_000 });
      await record("a");
      await tries.until(1);
      await server.stop(5_000);
      await serve({ record: (entry) => tries.add(`done ${entry}`) }, {}, "host2");
      expect(await tries.until(2)).toEqual(["failed a", "done a"]);
    });

    test("leaves a cast that does not say so at most once", async () => {
      const { service, client, serve } = ledger();
      const tries = new Events<unknown>();
      const { transport } = await serve({
        forget: (entry) => {
          tries.add(entry);
          throw new Error("forgotten");
        },
      });
      await client.cast("forget", {}, { entry: "a" });
      await tries.until(1);
      await transport.close();
      await serve({ forget: tries.add }, {}, "host2");
      await new RPCClient(connect(), service).cast("forget", {}, { entry: "b" });
      expect(await tries.until(2)).toEqual(["a", "b"]);
    });
  });
}
