import {
  AbortedError,
  createTransport,
  InvalidArgumentsError,
  InvalidTargetError,
  type Logger,
  MessageUndeliverableError,
  NoSuchMethodError,
  RemoteError,
  RPCClient,
  type RPCClientOptions,
  RPCServer,
  type RPCServerOptions,
  RPCTimeoutError,
  type Transport,
  UnsupportedVersionError,
  VersionCapError,
} from "@rpcgen/runtime";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createLabDispatcher, labService, SampleNotFound } from "../fixtures/lab.js";
import { TestManager } from "../fixtures/manager.js";

type LabService = Omit<typeof labService, "topic"> & { readonly topic: string };

let unique = 0;

/** What a program can rely on, whatever the transport. `url` gives the address of a broker of its own to a test file. */
export function describeBehaviour(name: string, url: () => Promise<string>): void {
  describe(`RPC over ${name}`, () => {
    const endings: (() => Promise<void>)[] = [];
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

    /** A topic that no other test uses, with as many servers as names are given, and a client on a transport of its own. */
    const lab = async (
      options: { servers?: string[]; client?: RPCClientOptions; server?: RPCServerOptions } = {},
    ): Promise<{
      client: RPCClient<LabService>;
      managers: TestManager[];
      servers: RPCServer[];
      service: LabService;
    }> => {
      unique += 1;
      const topic = `lab-${process.pid}-${unique}`;
      const managers = (options.servers ?? ["host1"]).map((host) => new TestManager(host));
      const serverTransport = connect();
      const servers = managers.map(
        (manager) =>
          new RPCServer(
            serverTransport,
            { topic, server: manager.name },
            [createLabDispatcher(manager)],
            options.server,
          ),
      );
      for (const server of servers) {
        await server.start();
        endings.push(() => server.stop(0));
      }
      const service = { ...labService, topic };
      const client = new RPCClient(connect(), service, options.client);
      return { client, managers, servers, service };
    };
    const only = (managers: TestManager[]): TestManager => {
      const [manager] = managers;
      if (manager === undefined) throw new Error("the lab has no manager");
      return manager;
    };

    test("a call resolves with what the manager returns", async () => {
      const { client } = await lab();
      const value = { text: 'h\u00e9llo \u{1F600} "q" \\ \u2028', list: [1, 2.5, null, true], empty: {}, [""]: "" };
      expect(await client.call("echo", {}, { value })).toEqual(value);
    });

    test("a method that returns undefined gives null", async () => {
      const { client } = await lab();
      expect(await client.call("echo", {}, {})).toBeNull();
    });

    test("integers of any size, NaN and the infinities arrive as they were sent", async () => {
      const { client } = await lab();
      const value = [2n ** 64n, -(10n ** 40n), Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5];
      expect(await client.call("echo", {}, { value })).toEqual(value);
    });

    test("a bigint result is a bigint, however small", async () => {
      const { client } = await lab();
      expect(await client.call("count", {}, { of: 3 })).toBe(3n);
    });

    test("a cast resolves before the method has run and brings its arguments", async () => {
      const { client, managers } = await lab();
      await client.cast("note", {}, { text: "one" });
      const manager = only(managers);
      await manager.until(() => manager.noted.length === 1);
      expect(manager.noted).toEqual(["one"]);
    });

    test("a fanout reaches every server of the topic", async () => {
      const { client, managers } = await lab({ servers: ["host1", "host2", "host3"] });
      await client.fanout("sync", {}, { token: "t" });
      await Promise.all(managers.map((manager) => manager.until(() => manager.noted.length === 1)));
      expect(managers.map((manager) => manager.noted)).toEqual([["t"], ["t"], ["t"]]);
    });

    test("a fanout without a server is no error", async () => {
      const client = new RPCClient(connect(), { ...labService, topic: `nobody-${process.pid}` });
      await expect(client.fanout("sync", {}, { token: "t" })).resolves.toBeUndefined();
    });

    test("the server which a path in the arguments names gets the call, and no other", async () => {
      const { client } = await lab({ servers: ["host1", "host2"] });
      expect(await client.call("on_host", {}, { sample: { host: "host2" } })).toBe("host2");
      expect(await client.call("on_host", {}, { sample: { host: "host1" } })).toBe("host1");
      expect(await client.call("on_host", {}, { sample: { host: "host1" } }, { server: "host2" })).toBe("host2");
    });

    test("a call whose server path is not set is refused before it is sent", async () => {
      const { client } = await lab();
      const call = client.call("on_host", {}, { sample: { host: null } });
      await expect(call).rejects.toThrow(InvalidTargetError);
      await expect(call).rejects.toThrow(
        'lab.on_host: no server: none of sample.host is set; set one, or pass the option "server"',
      );
    });

    test("a call to a topic where nobody listens fails at once", async () => {
      const client = new RPCClient(connect(), { ...labService, topic: `nobody-${process.pid}` });
      const start = Date.now();
      await expect(client.call("echo", {}, {})).rejects.toThrow(MessageUndeliverableError);
      expect(Date.now() - start).toBeLessThan(5_000);
    });

    test("a call to one server that does not exist names the target", async () => {
      const { client, service } = await lab();
      const call = client.call("echo", {}, {}, { server: "elsewhere" });
      await expect(call).rejects.toMatchObject({ code: "undeliverable", service: "lab", method: "echo" });
      await expect(call).rejects.toThrow(`lab.echo on ${service.topic}.elsewhere: nobody listens there`);
    });

    test("a declared error is the same class at the caller, with its fields", async () => {
      const { client } = await lab();
      const error = await client.call("find", {}, { sample_id: "s1" }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SampleNotFound);
      expect(error).toMatchObject({
        message: "Sample s1 could not be found.",
        fields: { sample_id: "s1" },
        service: "lab",
        method: "find",
      });
    });

    test("every other failure is a RemoteError with class, message and no trace", async () => {
      const { client } = await lab();
      const error = await client.call("fail", {}, { with: "too far" }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject({ className: "RangeError", remoteMessage: "too far", remoteTrace: undefined });
    });

    test("a server that sends traces says where it failed", async () => {
      const { client } = await lab({ server: { traces: true } });
      const error = await client.call("fail", {}, { with: "too far" }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ remoteTrace: expect.stringContaining("manager.ts") });
    });

    test("a thrown text is a failure like any other", async () => {
      const { client } = await lab();
      await expect(client.call("fail", {}, { with: "a string" })).rejects.toMatchObject({ remoteMessage: "just text" });
    });

    test("a result that cannot be encoded is answered with an error", async () => {
      const { client } = await lab();
      await expect(client.call("fail", {}, { with: "cycle" })).rejects.toMatchObject({
        className: "EncodingError",
        remoteMessage: expect.stringContaining("the result cannot be encoded"),
      });
    });

    test("arguments that cannot be encoded are refused before they are sent", async () => {
      const { client } = await lab();
      const value: Record<string, unknown> = {};
      value["self"] = value;
      await expect(client.call("echo", {}, { value })).rejects.toMatchObject({ code: "encoding" });
    });

    test("arguments that do not validate are answered with every violation's path", async () => {
      const { managers, service } = await lab();
      // A cast's failure stays with the server, so this client takes the method for a call.
      const methods = { note: { ...service.methods.note, kind: "call" } } as const;
      const client = new RPCClient(connect(), { ...service, methods });
      const wrong = await client.call("note", {}, { text: 5 }).catch((thrown: unknown) => thrown);
      expect(wrong).toBeInstanceOf(InvalidArgumentsError);
      expect(wrong).toMatchObject({ violations: [{ path: "text", message: "must be string" }] });
      expect(only(managers).noted).toEqual([]);
    });

    test("an argument which the method does not have is refused", async () => {
      const { service } = await lab();
      const methods = { echo: { ...service.methods.echo, params: { value: {}, extra: {} } } };
      const newer = new RPCClient(connect(), { ...service, methods });
      await expect(newer.call("echo", {}, { value: 1, extra: 2 })).rejects.toMatchObject({
        code: "invalid-arguments",
        violations: [{ path: "extra", message: "is not a parameter of the method" }],
      });
    });

    test("a method which the server does not have is a NoSuchMethodError", async () => {
      const { service } = await lab();
      const other = new RPCClient(connect(), { ...service, methods: { nope: { member: "nope", kind: "call" } } });
      await expect(other.call("nope", {}, {})).rejects.toThrow(NoSuchMethodError);
      const methods = { constructor: { member: "hidden", kind: "call" } } as const;
      const hidden = new RPCClient(connect(), { ...service, methods });
      await expect(hidden.call("constructor", {}, {})).rejects.toThrow(NoSuchMethodError);
    });

    test("a version or namespace which the server does not serve is an UnsupportedVersionError", async () => {
      const { service } = await lab();
      for (const other of [{ versions: ["2.9"] }, { versions: ["3.0"] }, { namespace: "other" }]) {
        const stranger = new RPCClient(connect(), {
          ...service,
          ...other,
          methods: { echo: { member: "echo", kind: "call" } },
        });
        await expect(stranger.call("echo", {}, {})).rejects.toThrow(UnsupportedVersionError);
      }
    });

    test("a version cap speaks the older shape, and the manager gets the newest", async () => {
      const { client } = await lab({ client: { versionCap: "first" } });
      expect(await client.call("measure", {}, { sample: "s", unit: "mm", exact: true })).toEqual({
        sample: "s",
        unit: "mm",
      });
      await expect(client.call("measure", {}, { sample: "s", unit: "inch" })).rejects.toThrow(
        "lab.measure: the argument unit needs version 1.1, and the version cap is 1.0",
      );
      await expect(client.call("newest", {})).rejects.toThrow(VersionCapError);
      expect(client.canSend.newest()).toBe(false);
      expect(client.canSend.measure()).toBe(true);
      expect(client.canSend.measure({ sample: "s", unit: "inch" })).toBe(false);
    });

    test("without a cap everything is sent in the newest major", async () => {
      const { client } = await lab();
      expect(await client.call("measure", {}, { sample: "s", unit: "inch", exact: true })).toEqual({
        sample: "s",
        unit: "inch",
        exact: true,
      });
      expect(await client.call("newest", {})).toBe("2.1");
    });

    test("the context arrives as it was given, and the manager's signal and deadline do not travel", async () => {
      const { client, managers, service } = await lab();
      const context = { request_id: "req-1", is_admin: false, roles: ["a"], nested: { token: null } };
      expect(await client.call("context", context, {}, { timeout: 5_000 })).toEqual(context);
      const [seen] = only(managers).seen;
      expect(seen?.context.deadline).toBeGreaterThan(Date.now());
      expect(seen?.context.deadline).toBeLessThanOrEqual(Date.now() + 5_000);
      expect(seen?.context.signal.aborted).toBe(false);
      const inner = new RPCClient(connect(), service);
      expect(await inner.call("context", seen?.context ?? {})).toEqual(context);
      expect(only(managers).seen[1]?.context.deadline).toBeLessThanOrEqual(Number(seen?.context.deadline) + 50);
    });

    test("a call ends at its time-out, and the late reply disturbs nobody", async () => {
      const { client, managers } = await lab();
      const call = client.call("wait", {}, { for: "gate" }, { timeout: 200 });
      await expect(call).rejects.toThrow(RPCTimeoutError);
      await expect(call).rejects.toThrow("no reply within 0.2 s");
      only(managers).gate("gate").open();
      expect(await client.call("echo", {}, { value: 1 })).toBe(1);
    });

    test("a time-out that is no number is refused before anything is sent", async () => {
      const { client, managers } = await lab();
      const missing = Number(undefined);
      const refusal = "must be a number of milliseconds, and is NaN";
      await expect(client.call("echo", {}, {}, { timeout: missing })).rejects.toThrow(`lab: timeout ${refusal}`);
      await expect(client.call("echo", {}, {}, { heartbeat: missing })).rejects.toThrow(`lab: heartbeat ${refusal}`);
      await expect(client.cast("note", {}, { text: "a" }, { timeout: missing })).rejects.toThrow(RangeError);
      expect(only(managers).seen).toEqual([]);
    });

    test("a call ends when its caller aborts", async () => {
      const { client, managers } = await lab();
      const controller = new AbortController();
      const call = client.call("wait", {}, { for: "gate" }, { signal: controller.signal });
      call.catch(() => {});
      const manager = only(managers);
      await manager.until(() => manager.seen.length === 1);
      controller.abort(new Error("changed my mind"));
      await expect(call).rejects.toThrow(AbortedError);
      await expect(client.call("echo", {}, {}, { signal: controller.signal })).rejects.toThrow(AbortedError);
    });

    test("a nested call has no more time than the request that makes it", async () => {
      const { client, managers } = await lab();
      const manager = only(managers);
      const outer = client.call("wait", {}, { for: "never" }, { timeout: 300 });
      outer.catch(() => {});
      await manager.until(() => manager.seen.length === 1);
      const context = manager.seen[0]?.context ?? {};
      const start = Date.now();
      await expect(client.call("wait", context, { for: "never" })).rejects.toThrow(RPCTimeoutError);
      expect(Date.now() - start).toBeLessThan(2_000);
      await expect(outer).rejects.toThrow(RPCTimeoutError);
    });

    test("a monitored call hears heartbeats while its method runs", async () => {
      const { client, managers } = await lab();
      const manager = only(managers);
      const call = client.call("watched", {}, { for: "gate" });
      await manager.until(() => manager.seen.length === 1);
      // Longer than the 2 s of silence that the method's profile allows.
      const timer = setTimeout(() => manager.gate("gate").open(), 3_200);
      expect(await call).toBe("gate");
      clearTimeout(timer);
    });

    test("a monitored call fails soon after its server has fallen silent", async () => {
      const { client, managers, servers } = await lab();
      const manager = only(managers);
      const call = client.call("watched", {}, { for: "never" });
      call.catch(() => {});
      await manager.until(() => manager.seen.length === 1);
      const stopped = servers[0]?.stop(0);
      const start = Date.now();
      await expect(call).rejects.toThrow("no reply within 20 s or no heartbeat within 2 s");
      expect(Date.now() - start).toBeLessThan(10_000);
      await stopped;
    }, 30_000);

    test("many calls at the same time each get their own reply", async () => {
      const { client } = await lab({ servers: ["host1", "host2"] });
      const values = Array.from({ length: 500 }, (_, index) => index);
      expect(await Promise.all(values.map((value) => client.call("echo", {}, { value })))).toEqual(values);
    });

    test("a method's concurrency limit lets one call wait for the other", async () => {
      const { client, managers } = await lab();
      const manager = only(managers);
      const first = client.call("single", {}, { for: "first" });
      await manager.until(() => manager.seen.length === 1);
      const second = client.call("single", {}, { for: "second" });
      manager.gate("second").open();
      expect(await client.call("echo", {}, { value: "others run" })).toBe("others run");
      expect(manager.seen.map(({ args }) => args)).toEqual([{ for: "first" }, { value: "others run" }]);
      manager.gate("first").open();
      expect(await Promise.all([first, second])).toEqual(["first", "second"]);
    });

    test("a server at its concurrency limit takes the next request when one has ended", async () => {
      const { client, managers } = await lab({ server: { concurrency: 2 } });
      const manager = only(managers);
      const waiting = ["a", "b"].map((gate) => client.call("wait", {}, { for: gate }));
      await manager.until(() => manager.seen.length === 2);
      const third = client.call("echo", {}, { value: 3 });
      expect(manager.seen).toHaveLength(2);
      manager.gate("a").open();
      expect(await third).toBe(3);
      manager.gate("b").open();
      expect(await Promise.all(waiting)).toEqual(["a", "b"]);
    });

    test("stop() lets what runs end and sends its reply", async () => {
      const { client, managers, servers } = await lab();
      const manager = only(managers);
      const call = client.call("wait", {}, { for: "gate" });
      await manager.until(() => manager.seen.length === 1);
      const stopped = servers[0]?.stop(10_000);
      manager.gate("gate").open();
      expect(await call).toBe("gate");
      await stopped;
    });

    test("stop() aborts the signal of what still runs when its time is over", async () => {
      const { client, managers, servers } = await lab();
      const manager = only(managers);
      const call = client.call("wait", {}, { for: "never" }, { timeout: 3_000 });
      call.catch(() => {});
      await manager.until(() => manager.seen.length === 1);
      const signal = manager.seen[0]?.context.signal;
      expect(signal?.aborted).toBe(false);
      await servers[0]?.stop(50);
      expect(signal?.aborted).toBe(true);
      await expect(call).rejects.toThrow(RPCTimeoutError);
    });

    test("the ping of oslo.messaging is answered", async () => {
      const { service } = await lab();
      const ping = { versions: ["1.0"], methods: { oslo_rpc_server_ping: { member: "ping", kind: "call" } } } as const;
      expect(await new RPCClient(connect(), { ...service, ...ping }).call("oslo_rpc_server_ping", {})).toBe("pong");
    });

    test("interceptors of client and server see each request, the first outermost", async () => {
      const steps: string[] = [];
      const step =
        (name: string) =>
        async <R>(request: R, next: (request: R) => Promise<unknown>): Promise<unknown> => {
          steps.push(`${name} in`);
          const result = await next(request);
          steps.push(`${name} out`);
          return result;
        };
      const { client } = await lab({
        client: { interceptors: [step("client 1"), step("client 2")] },
        server: { interceptors: [step("server")] },
      });
      await client.call("echo", {}, { value: 1 });
      expect(steps).toEqual(["client 1 in", "client 2 in", "server in", "server out", "client 2 out", "client 1 out"]);
    });

    describe('the version cap "auto"', () => {
      /** Servers on one topic, each with the versions that it has; a client that asks them within a short time. */
      const fleet = async (...versions: (readonly string[])[]) => {
        unique += 1;
        const service = { ...labService, topic: `fleet-${process.pid}-${unique}` };
        const transport = connect();
        const add = async (own: readonly string[], host: string): Promise<RPCServer> => {
          const dispatcher = createLabDispatcher(new TestManager(host));
          const served = { ...dispatcher, service: { ...dispatcher.service, versions: own } };
          const server = new RPCServer(transport, { topic: service.topic, server: host }, [served]);
          await server.start();
          endings.push(() => server.stop(0));
          return server;
        };
        const servers: RPCServer[] = [];
        for (const [index, own] of versions.entries()) servers.push(await add(own, `host${index + 1}`));
        const warnings: string[] = [];
        const ignore = (): void => {};
        const logger: Logger = {
          debug: ignore,
          info: ignore,
          warn: (_fields, text) => warnings.push(text),
          error: ignore,
        };
        const client = (options: RPCClientOptions = {}): RPCClient<LabService> =>
          new RPCClient(connect(), service, { versionCap: "auto", autoCap: { window: 300 }, logger, ...options });
        return { add, servers, client, warnings, service };
      };
      const measured = (client: RPCClient<LabService>): Promise<unknown> =>
        client.call("measure", {}, { sample: "s", exact: true });

      test("is the smallest version of the live servers", async () => {
        const { client } = await fleet(["1.0", "1.1", "1.2", "2.0", "2.1"], ["1.0", "1.1", "1.2", "2.0"]);
        const auto = client();
        expect(await measured(auto)).toEqual({ sample: "s", unit: "mm" });
        await expect(auto.call("newest", {})).rejects.toThrow(
          "the method needs version 2.1, and the version cap is 2.0",
        );
        expect(auto.canSend.newest()).toBe(false);
      });

      test("falls back to an older major when one of the servers serves no newer", async () => {
        const { client } = await fleet(["1.0", "1.1", "1.2", "2.0", "2.1"], ["1.0", "1.1"]);
        await expect(client().call("newest", {})).rejects.toThrow("and the version cap is 1.1");
      });

      test("is read again after reset(), and not before", async () => {
        const { add, client, servers } = await fleet(["1.0", "1.1", "1.2", "2.0"]);
        const auto = client();
        await expect(auto.call("newest", {})).rejects.toThrow(VersionCapError);
        await servers[0]?.stop(0);
        await add(["1.0", "1.1", "1.2", "2.0", "2.1"], "host2");
        await expect(auto.call("newest", {})).rejects.toThrow(VersionCapError);
        auto.reset();
        expect(await auto.call("newest", {})).toBe("2.1");
      });

      test("is the newest version where nobody listens, and is asked again the next time", async () => {
        const { add, client } = await fleet();
        const auto = client();
        await expect(auto.call("newest", {})).rejects.toThrow(MessageUndeliverableError);
        await add(["1.0", "1.1", "1.2", "2.0"], "host1");
        await expect(auto.call("newest", {})).rejects.toThrow(VersionCapError);
      });

      test("asks the provider where a server does not tell its version, and warns where there is none", async () => {
        const { client, service, warnings } = await fleet(["1.0", "1.1", "1.2", "2.0", "2.1"]);
        // A server of another definition knows nothing of this service, as a Python one does not.
        const dispatcher = createLabDispatcher(new TestManager("stranger"));
        const stranger = { ...dispatcher, service: { ...dispatcher.service, name: "stranger" } };
        const server = new RPCServer(connect(), { topic: service.topic, server: "stranger" }, [stranger]);
        await server.start();
        endings.push(() => server.stop(0));
        const provided = client({ autoCap: { window: 300, provider: async () => "first" } });
        await expect(provided.call("newest", {})).rejects.toThrow("and the version cap is 1.0");
        expect(await client().call("newest", {})).toBe("2.1");
        expect(warnings).toContainEqual(expect.stringContaining("the newest version is sent"));
      });
    });

    test("an unknown version cap is an error when the client is made", () => {
      expect(() => new RPCClient(connect(), labService, { versionCap: "third" })).toThrow(
        'lab has no release "third" for a version cap; it has versions 1.0 to 2.1 and the releases first, second',
      );
      expect(() => new RPCClient(connect(), labService, { versionCap: "3.0" })).toThrow(RangeError);
    });
  });
}
