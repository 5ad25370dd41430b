import {
  createTransport,
  InvalidArgumentsError,
  MessageUndeliverableError,
  NoSuchMethodError,
  RemoteError,
  RPCClient,
  RPCServer,
  RPCTimeoutError,
  type ServiceDescriptor,
  type Transport,
  UnsupportedVersionError,
} from "@rpcgen/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createLabDispatcher, labService, SampleNotFound } from "../runtime/fixtures/lab.js";
import { TestManager } from "../runtime/fixtures/manager.js";
import { brokerURL } from "../support/broker.js";
import { type PeerAnswer, PythonPeer } from "../support/python-peer.js";

let peer: PythonPeer;
let transport: Transport;
let unique = 0;

/** A topic that no other test and no other run uses. */
const newTopic = (): string => {
  unique += 1;
  return `interop-${process.pid}-${unique}`;
};

beforeAll(async () => {
  const url = await brokerURL();
  peer = await PythonPeer.start(url);
  transport = createTransport(url);
});
afterAll(async () => {
  await transport.close();
  await peer.stop();
});

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe("a TypeScript client and a Python server", () => {
  const serve = async (options: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const topic = newTopic();
    const command = { topic, server: "host1", version: "2.1", ...options };
    expect((await peer.run("serve", command)).result).toBe("serving");
    endings.push(() => peer.run("stop", { topic, server: command.server }));
    return topic;
  };
  const clientOf = (topic: string, extra: Partial<ServiceDescriptor> = {}): RPCClient =>
    new RPCClient(transport, {
      ...labService,
      methods: {
        ...labService.methods,
        shown: { member: "shown", kind: "call" },
        big: { member: "big", kind: "call" },
        none: { member: "none", kind: "call" },
        _hidden: { member: "hidden", kind: "call" },
        nope: { member: "nope", kind: "call" },
        oslo_rpc_server_ping: { member: "ping", kind: "call" },
        shown_value: { member: "shownValue", kind: "call" },
      },
      topic,
      ...extra,
    } as ServiceDescriptor);
  const withParams = (name: string, params: readonly string[]): Partial<ServiceDescriptor> => ({
    methods: {
      [name]: { member: name, kind: "call", params: Object.fromEntries(params.map((param) => [param, {}])) },
    },
  });

  test("AMQP headers, such as a trace context, change nothing for a Python server", async () => {
    const topic = await serve();
    const headers = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=b" };
    const client = new RPCClient(
      transport,
      { ...labService, topic },
      {
        interceptors: [(request, next) => next({ ...request, headers })],
      },
    );
    expect(await client.call("echo", {}, { value: 1 })).toBe(1);
    expect(await client.call("context", { request_id: "r" }, {})).toEqual({ request_id: "r", client_timeout: null });
  });

  test("a call brings back what the method returned", async () => {
    const topic = await serve();
    const value = { text: 'h\u00e9llo \u{1F600} "q" \\ \u2028 \u0000', list: [1, 1.5, null, true, {}] };
    expect(await clientOf(topic).call("echo", {}, { value })).toEqual(value);
  });

  test("Python sees an int as an int, a float as a float, null as None", async () => {
    const topic = await serve();
    const client = clientOf(topic, withParams("shown", ["value"]));
    const value = [1, 1.5, 2n ** 64n, null, "\u00e9", true, Number.NaN, Number.POSITIVE_INFINITY];
    expect(await client.call("shown", {}, { value })).toBe(
      "[1, 1.5, 18446744073709551616, None, '\u00e9', True, nan, inf]",
    );
  });

  test("integers beyond 2^53, NaN and the infinities arrive without loss", async () => {
    const topic = await serve();
    expect(await clientOf(topic).call("big", {})).toEqual([
      2n ** 64n,
      -(10n ** 40n),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
    ]);
  });

  test("None is null", async () => {
    expect(await clientOf(await serve()).call("none", {})).toBeNull();
  });

  test("the context arrives as a dict of its keys", async () => {
    const context = { user_id: "u", is_admin: true, roles: ["a"], auth_token: "t", nothing: null };
    expect(await clientOf(await serve()).call("context", context)).toEqual({ ...context, client_timeout: null });
  });

  test("a cast arrives", async () => {
    const topic = await serve();
    await clientOf(topic).cast("note", {}, { text: topic });
    await peer.event((event) => event.event === "note" && event["text"] === topic);
  });

  test("a fanout reaches every server", async () => {
    const topic = await serve();
    await peer.run("serve", { topic, server: "host2", version: "2.1" });
    endings.push(() => peer.run("stop", { topic, server: "host2" }));
    await clientOf(topic).fanout("sync", {}, { token: topic });
    for (const server of ["host1", "host2"]) {
      await peer.event((event) => event.event === "sync" && event["token"] === topic && event["server"] === server);
    }
  });

  test("a call to one server reaches that server", async () => {
    const topic = await serve();
    await peer.run("serve", { topic, server: "host2", version: "2.1" });
    endings.push(() => peer.run("stop", { topic, server: "host2" }));
    for (const host of ["host1", "host2", "host1"]) {
      expect(await clientOf(topic).call("on_host", {}, { sample: { host } })).toBe(host);
    }
  });

  test("a namespace is served, and another one is an unsupported version", async () => {
    const topic = await serve({ namespace: "baseapi" });
    expect(await clientOf(topic, { namespace: "baseapi" }).call("echo", {}, { value: 1 })).toBe(1);
    await expect(clientOf(topic, { namespace: "other" }).call("echo", {}, {})).rejects.toThrow(UnsupportedVersionError);
    await expect(clientOf(topic).call("echo", {}, {})).rejects.toThrow(UnsupportedVersionError);
  });

  test("a version which the server does not have is an UnsupportedVersionError", async () => {
    const topic = await serve({ version: "1.5" });
    await expect(clientOf(topic).call("echo", {}, {})).rejects.toThrow(UnsupportedVersionError);
    expect(
      await new RPCClient(transport, { ...labService, topic }, { versionCap: "1.2" }).call("echo", {}, { value: 1 }),
    ).toBe(1);
  });

  test("a method that is not there, or private, is a NoSuchMethodError", async () => {
    const topic = await serve();
    await expect(clientOf(topic).call("nope", {})).rejects.toThrow(NoSuchMethodError);
    await expect(clientOf(topic).call("_hidden", {})).rejects.toThrow(NoSuchMethodError);
  });

  test("a declared error is its class, with the fields that Python gave it", async () => {
    const error = await clientOf(await serve())
      .call("find", {}, { sample_id: "s\u00e9" })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SampleNotFound);
    expect(error).toMatchObject({ fields: { sample_id: "s\u00e9" }, message: "Sample s\u00e9 could not be found." });
  });

  test("an undeclared error is a RemoteError with class, module, message and trace", async () => {
    const error = await clientOf(await serve())
      .call("fail", {}, { with: "w" })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({
      className: "ValueError",
      module: "builtins",
      remoteMessage: "h\u00e9llo w",
      remoteTrace: expect.stringContaining("Traceback (most recent call last):"),
    });
  });

  test("a call times out while the method runs, and its late reply is dropped", async () => {
    const topic = await serve();
    const client = clientOf(topic, withParams("watched", ["seconds"]));
    await expect(client.call("watched", {}, { seconds: 2 }, { timeout: 500 })).rejects.toThrow(RPCTimeoutError);
    expect(await clientOf(topic).call("echo", {}, { value: 2 })).toBe(2);
  });

  test("a monitored call lives on heartbeats longer than its silence allows", async () => {
    const topic = await serve();
    const client = clientOf(topic, withParams("watched", ["seconds"]));
    const options = { timeout: 15_000, heartbeat: 2_000 };
    expect(await client.call("watched", {}, { seconds: 5 }, options)).toBe("slept");
  });

  test("a topic where nobody listens is a MessageUndeliverableError", async () => {
    await expect(clientOf(newTopic()).call("echo", {}, {})).rejects.toThrow(MessageUndeliverableError);
  });

  test("the ping is answered", async () => {
    const topic = await serve({ ping: true });
    const ping = { versions: ["1.0"], methods: { oslo_rpc_server_ping: { member: "ping", kind: "call" } } } as const;
    expect(await clientOf(topic, ping).call("oslo_rpc_server_ping", {})).toBe("pong");
  });

  test("another exchange than the control exchange is used by both", async () => {
    const exchange = newTopic();
    const topic = await serve({ exchange });
    expect(await clientOf(topic, { exchange }).call("echo", {}, { value: 1 })).toBe(1);
    await expect(clientOf(topic).call("echo", {}, {}, { timeout: 2_000 })).rejects.toThrow(MessageUndeliverableError);
  });
});

describe("a Python client and a TypeScript server", () => {
  const serve = async (extra: Partial<ServiceDescriptor> = {}, hosts = ["host1"]) => {
    const topic = newTopic();
    const managers = hosts.map((host) => new TestManager(host));
    for (const manager of managers) {
      const dispatcher = createLabDispatcher(manager);
      const serving = { ...dispatcher, service: { ...dispatcher.service, ...extra } };
      const { exchange } = extra;
      const target = { topic, server: manager.name, ...(exchange === undefined ? {} : { exchange }) };
      const server = new RPCServer(transport, target, [serving]);
      await server.start();
      endings.push(() => server.stop(1_000));
    }
    return { topic, managers };
  };
  const send = (
    kind: "call" | "cast" | "fanout",
    method: string,
    target: Readonly<Record<string, unknown>>,
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<PeerAnswer> =>
    peer.run("send", { kind, method, target: { version: "2.0", ...target }, timeout: 10, ...options });

  test("a call brings back what the manager returned", async () => {
    const { topic } = await serve();
    const value = { text: 'h\u00e9llo \u{1F600} "q" \\ \u2028', list: [1, 1.5, null, true, {}] };
    const answer = await send("call", "echo", { topic }, { args: { value } });
    expect(answer.result).toEqual(value);
  });

  test("Python gets a bigint as an int, a null as None", async () => {
    const { topic } = await serve();
    expect((await send("call", "count", { topic }, { args: { of: 7 } })).repr).toBe("7");
    expect((await send("call", "echo", { topic }, { args: {} })).repr).toBe("None");
  });

  test("integers beyond 2^53 and back are the same", async () => {
    const { topic } = await serve();
    const value = [12345678901234567890n, Number.NaN, Number.NEGATIVE_INFINITY, 9007199254740993n];
    const answer = await send("call", "echo", { topic }, { args: { value } });
    expect(answer.repr).toBe("[12345678901234567890, nan, -inf, 9007199254740993]");
  });

  test("the context arrives, and not the token's name alone", async () => {
    const { topic, managers } = await serve();
    const context = { user_id: "u", roles: ["a"], auth_token: "t", nothing: null };
    expect((await send("call", "context", { topic }, { context })).result).toEqual(context);
    expect(managers[0]?.seen[0]?.context.deadline).toBeGreaterThan(Date.now());
  });

  test("a cast and a fanout arrive", async () => {
    const { topic, managers } = await serve({}, ["host1", "host2"]);
    expect((await send("cast", "note", { topic, server: "host2" }, { args: { text: "one" } })).error).toBeUndefined();
    const [first, second] = managers;
    await second?.until(() => second.noted.length === 1);
    expect((await send("fanout", "sync", { topic }, { args: { token: "t" } })).error).toBeUndefined();
    await first?.until(() => first.noted.length === 1);
    await second?.until(() => second.noted.length === 2);
    expect([first?.noted, second?.noted]).toEqual([["t"], ["one", "t"]]);
  });

  test("a call to one server reaches that server", async () => {
    const { topic } = await serve({}, ["host1", "host2"]);
    for (const server of ["host1", "host2", "host1"]) {
      const answer = await send("call", "on_host", { topic, server }, { args: { sample: { host: server } } });
      expect(answer.result).toBe(server);
    }
  });

  test("an older client is served in its own major, with its own names", async () => {
    const { topic } = await serve();
    const older = { topic, version: "1.0" };
    const answer = await send("call", "measure", older, { args: { specimen: "s" } });
    expect(answer.result).toEqual({ sample: "s", unit: "mm" });
  });

  test("a version which the server does not have is UnsupportedVersion", async () => {
    const { topic } = await serve();
    for (const version of ["2.2", "3.0", "0.9"]) {
      const { error } = await send("call", "echo", { topic, version });
      expect(error).toMatchObject({
        module: "oslo_messaging.rpc.client",
        class: "RemoteError",
        exc_type: "UnsupportedVersion",
      });
    }
  });

  test("a method that is not there is NoSuchMethod", async () => {
    const { topic } = await serve();
    const { error } = await send("call", "nope", { topic });
    expect(error).toMatchObject({ exc_type: "NoSuchMethod", value: "Endpoint does not support RPC method nope" });
  });

  test("a declared error is rebuilt as the Python class, with its fields", async () => {
    const { topic } = await serve();
    const { error } = await send("call", "find", { topic }, { args: { sample_id: "s\u00e9" } });
    expect(error?.class).toBe("SampleNotFound_Remote");
    expect(error?.bases).toContain("SampleNotFound");
    expect(error?.message).toContain("Sample s\u00e9 could not be found.");
    expect(error?.kwargs).toEqual({ sample_id: "s\u00e9" });
  });

  test("an undeclared error is a RemoteError with class and message", async () => {
    const { topic } = await serve();
    const { error } = await send("call", "fail", { topic }, { args: { with: "too far" } });
    expect(error).toMatchObject({ class: "RemoteError", exc_type: "RangeError", value: "too far" });
  });

  test("a result that cannot be encoded is an error at once, not a time-out", async () => {
    const { topic } = await serve();
    const { error, seconds } = await send("call", "fail", { topic }, { args: { with: "cycle" } });
    expect(error).toMatchObject({ class: "RemoteError", exc_type: "EncodingError" });
    expect(seconds).toBeLessThan(5);
  });

  test("arguments that do not fit are a RemoteError that lists them", async () => {
    const { topic } = await serve();
    const { error } = await send("call", "note", { topic }, { args: { text: 5 } });
    expect(error).toMatchObject({ class: "RemoteError", exc_type: "InvalidArguments" });
    expect(error?.value).toContain("text must be string");
    const unknown = await send("call", "echo", { topic }, { args: { other: 5 } });
    expect(unknown.error?.value).toContain("other is not a parameter of the method");
  });

  test("a monitored call lives on our heartbeats", async () => {
    const { topic, managers } = await serve();
    const [manager] = managers;
    const call = send("call", "wait", { topic }, { args: { for: "gate" }, timeout: 20, call_monitor_timeout: 2 });
    await manager?.until(() => manager.seen.length === 1);
    setTimeout(() => manager?.gate("gate").open(), 4_500);
    expect((await call).result).toBe("gate");
  });

  test("a call without a monitor gets no heartbeat and times out by itself", async () => {
    const { topic } = await serve();
    const { error, seconds } = await send("call", "wait", { topic }, { args: { for: "never" }, timeout: 3 });
    expect(error?.class).toBe("MessagingTimeout");
    expect(seconds).toBeGreaterThan(2.9);
  });

  test("the ping is answered", async () => {
    const { topic } = await serve();
    expect((await send("call", "oslo_rpc_server_ping", { topic, version: "1.0" })).result).toBe("pong");
  });

  test("a mandatory call is taken", async () => {
    const { topic } = await serve();
    expect((await send("call", "echo", { topic }, { args: { value: 1 }, mandatory: true })).result).toBe(1);
  });

  test("InvalidArgumentsError of a TypeScript server is itself at a TypeScript client", async () => {
    const { topic } = await serve();
    const methods = { echo: { member: "echo", kind: "call", params: { other: {} } } } as const;
    const client = new RPCClient(transport, { ...labService, topic, methods });
    await expect(client.call("echo", {}, { other: 1 })).rejects.toThrow(InvalidArgumentsError);
  });
});
