import {
  createDispatcher,
  createTransport,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
} from "@rpcgen/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { describePrivately, newVirtualHost, rabbitmqctl, uniqueName } from "../support/broker.js";
import { PythonPeer } from "../support/python-peer.js";
import { enveloped, outcomeOf, RawPeer, type RawRequest } from "../support/raw-peer.js";

/** What the Python program serves too, so that one message can be sent to both. */
const service = {
  name: "lab",
  topic: "lab",
  versions: ["1.0", "1.5"],
  methods: {
    echo: { member: "echo", kind: "call", params: { value: { optional: true } } },
    note: { member: "note", kind: "cast", params: { text: {} }, returnsNothing: true },
    sync: { member: "sync", kind: "fanout", params: { token: {} }, returnsNothing: true },
    context: { member: "context", kind: "call" },
    rebuilt: { member: "rebuilt", kind: "call" },
    find: { member: "find", kind: "call", params: { sample_id: {} } },
    watched: { member: "watched", kind: "call", params: { seconds: {} } },
    wait: { member: "wait", kind: "call" },
  },
} as const satisfies ServiceDescriptor;

/** Every rule of the wire specification that two programs can show; the section is in the test's name. */
describePrivately("the rules of the wire", () => {
  let url: string;
  let virtualHost: string;
  let python: PythonPeer;
  let raw: RawPeer;
  let transport: Transport;
  const endings: (() => Promise<unknown>)[] = [];
  /** A server of each kind, for messages that leave no trace. */
  let shared: { readonly theirs: string; readonly ours: string; readonly endings: typeof endings } | undefined;

  beforeAll(async () => {
    ({ url, name: virtualHost } = await newVirtualHost());
    python = await PythonPeer.start(url);
    transport = createTransport(url);
    raw = await RawPeer.start(url);
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    for (const end of shared?.endings ?? []) await end();
    await raw?.stop();
    await transport?.close();
    await python?.stop();
  });

  interface TypeScriptServer {
    readonly topic: string;
    readonly noted: string[];
    readonly contexts: Readonly<Record<string, unknown>>[];
    readonly release: () => void;
    readonly stop: () => Promise<void>;
  }

  async function serveTypeScript(options: { topic?: string; on?: Transport } = {}): Promise<TypeScriptServer> {
    const { topic = uniqueName("ts"), on = transport } = options;
    const noted: string[] = [];
    const contexts: Readonly<Record<string, unknown>>[] = [];
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const context = async (given: object): Promise<unknown> => {
      contexts.push({ ...given });
      return { ...given };
    };
    const note = async (_context: unknown, { text }: { text: string }): Promise<void> => void noted.push(text);
    const sync = async (_context: unknown, { token }: { token: string }): Promise<void> => void noted.push(token);
    const methods = {
      echo: async (_context: unknown, { value }: { value?: unknown }) => value,
      note,
      sync,
      context,
      rebuilt: context,
      find: async () => null,
      watched: (_context: unknown, { seconds }: { seconds: number }) =>
        new Promise((resolve) => setTimeout(resolve, seconds * 1_000, "slept")),
      wait: () => released.then(() => "released"),
    };
    const dispatcher = createDispatcher({ ...service, topic }, {}, { manager: {}, methods });
    const server = new RPCServer(on, { topic, server: "host1" }, [dispatcher]);
    await server.start();
    const stop = (): Promise<void> => server.stop(1_000);
    endings.push(stop);
    return { topic, noted, contexts, release, stop };
  }

  async function servePython(options: { topic?: string; on?: PythonPeer; namespace?: string } = {}): Promise<string> {
    const { topic = uniqueName("py"), on = python, ...more } = options;
    const { error } = await on.run("serve", { topic, server: "host1", version: "1.5", ...more });
    expect(error).toBeUndefined();
    endings.push(() => on.run("stop", { topic, server: "host1" }));
    return topic;
  }

  const client = (topic: string, on = transport): RPCClient => new RPCClient(on, { ...service, topic });
  const send = (kind: "call" | "cast" | "fanout", method: string, topic: string, more: object = {}, on = python) =>
    on.run("send", { kind, method, target: { topic, version: "1.5" }, timeout: 20, ...more });

  async function servers(): Promise<NonNullable<typeof shared>> {
    shared ??= { theirs: await servePython(), ours: (await serveTypeScript()).topic, endings: endings.splice(0) };
    return shared;
  }

  /** The same message to a server of each kind. */
  async function both(
    request: (call: Readonly<Record<string, unknown>>) => RawRequest,
    expected: string,
  ): Promise<{ python: string; ours: string }> {
    const { theirs, ours } = await servers();
    const to = async (queue: string): Promise<string> => {
      const made = request(raw.call(uniqueName("call")));
      return outcomeOf(await (expected === "no reply" ? raw.sendUnanswered(queue, made) : raw.exchange(queue, made)));
    };
    return { python: await to(theirs), ours: await to(ours) };
  }
  const without = (payload: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(payload).filter(([each]) => each !== key));

  describe("WIRE 2: programs with the same settings serve each other", () => {
    test.each([
      "amqp_durable_queues=true",
      "rabbit_quorum_queue=true",
      "rabbit_quorum_queue=true&rabbit_quorum_delivery_limit=7",
      "amqp_auto_delete=true",
      "rabbit_ha_queues=true",
      "rabbit_transient_queues_ttl=60",
    ])(
      "%s",
      async (options) => {
        const host = await newVirtualHost();
        const on = createTransport(`${host.url}?${options}`);
        endings.push(() => on.close());
        const peer = await PythonPeer.start(`${host.url}?${options}`);
        endings.push(() => peer.stop());
        const theirs = await servePython({ on: peer });
        expect(await client(theirs, on).call("echo", {}, { value: "to Python" })).toBe("to Python");
        await client(theirs, on).send("sync", {}, { token: theirs });
        await peer.event(({ event, ...more }) => event === "sync" && more["token"] === theirs);
        const ours = await serveTypeScript({ on });
        expect((await send("call", "echo", ours.topic, { args: { value: "to us" } }, peer)).result).toBe("to us");
        expect((await send("fanout", "sync", ours.topic, { args: { token: "t" } }, peer)).error).toBeUndefined();
        await expect.poll(() => ours.noted).toEqual(["t"]);
        // Both declare the same queues: the second to come does not meet a difference.
        await serveTypeScript({ topic: theirs, on });
        await servePython({ topic: ours.topic, on: peer });
      },
      30_000,
    );
  });

  describe("WIRE 3: a request that is older than its expiration is dropped unseen", () => {
    test("by a TypeScript server that was away", async () => {
      const first = await serveTypeScript();
      await first.stop();
      const { error } = await send("call", "note", first.topic, { args: { text: "late" }, timeout: 1 });
      expect(error?.class).toBe("MessagingTimeout");
      const second = await serveTypeScript({ topic: first.topic });
      expect(await client(first.topic).call("echo", {}, { value: 1 })).toBe(1);
      expect(second.noted).toEqual([]);
    });

    test("by a Python server that was away", async () => {
      const topic = await servePython();
      await endings.pop()?.();
      const call = new RPCClient(transport, {
        ...service,
        topic,
        methods: { note: { ...service.methods.note, kind: "call" } },
      } as ServiceDescriptor);
      await expect(call.call("note", {}, { text: topic }, { timeout: 1_000 })).rejects.toMatchObject({
        code: "timeout",
      });
      await servePython({ topic });
      expect(await client(topic).call("echo", {}, { value: 1 })).toBe(1);
      expect(python.events.filter(({ text }) => text === topic)).toEqual([]);
    });
  });

  describe("WIRE 4: properties", () => {
    test.each<[string, RawRequest["properties"], string]>([
      ["no content type is rejected", { contentType: undefined }, "no reply"],
      ["text/plain is rejected", { contentType: "text/plain" }, "no reply"],
      ["application/octet-stream is rejected", { contentType: "application/octet-stream" }, "no reply"],
      ["a charset in the content type is rejected", { contentType: "application/json; charset=utf-8" }, "no reply"],
      ["no content encoding is fine", { contentEncoding: undefined }, "ok"],
      ["the content encoding UTF-8 is fine", { contentEncoding: "UTF-8" }, "ok"],
      ["the content encoding binary is fine", { contentEncoding: "binary" }, "ok"],
      ["delivery mode 1 is fine", { deliveryMode: 1 }, "ok"],
      ["unknown headers are fine", { headers: { "x-other": 1 } }, "ok"],
    ])("%s, in Python and here", async (_rule, properties = {}, expected) => {
      expect(await both((payload) => ({ payload, properties }), expected)).toEqual({
        python: expected,
        ours: expected,
      });
    });

    test("kombu_compression=gzip: compressed requests and replies of Python are read", async () => {
      const peer = await PythonPeer.start(`${url}?kombu_compression=gzip`);
      endings.push(() => peer.stop());
      const value = "compressed ".repeat(1_000);
      const { topic } = await serveTypeScript();
      expect((await send("call", "echo", topic, { args: { value } }, peer)).result).toBe(value);
      const theirs = await servePython({ on: peer });
      expect(await client(theirs).call("echo", {}, { value })).toBe(value);
    });
  });

  describe("WIRE 5: the envelope", () => {
    const version = (value: unknown) => (payload: string) =>
      Buffer.from(JSON.stringify({ "oslo.version": value, "oslo.message": payload }));

    test.each<[string, (payload: string) => Buffer, string]>([
      ["version 2.0 is read", version("2.0"), "ok"],
      ["version 2.0.0 is read", version("2.0.0"), "ok"],
      ...["1.0", "2.1", "2.0.1", "3.0", "2", "abc", 2].map((value): [string, (payload: string) => Buffer, string] => [
        `version ${JSON.stringify(value)} is rejected`,
        version(value),
        "no reply",
      ]),
      ["a message without an envelope is read", (payload) => Buffer.from(payload), "ok"],
      [
        "without its version it is a payload of its own",
        (payload) => Buffer.from(`{"oslo.message": "x", ${payload.slice(1)}`),
        "ok",
      ],
      [
        "other keys are ignored",
        (payload) => Buffer.from(`{"other": 1, ${enveloped(payload).toString().slice(1)}`),
        "ok",
      ],
      [
        "a message that is an object is rejected",
        (payload) => Buffer.from(`{"oslo.version": "2.0", "oslo.message": ${payload}}`),
        "no reply",
      ],
    ])("%s, by Python and here", async (_rule, body, expected) => {
      expect(await both((payload) => ({ payload, body }), expected)).toEqual({ python: expected, ours: expected });
    });
  });

  describe("WIRE 6: the request", () => {
    test.each<[string, (call: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>, string, string]>(
      [
        ["missing args are none", (call) => without(call, "args"), "ok", "ok"],
        ["args that are null fail", (call) => ({ ...call, args: null }), "AttributeError", "InvalidArguments"],
        ["args that are a list fail", (call) => ({ ...call, args: [] }), "AttributeError", "InvalidArguments"],
        ["a missing version is 1.0", (call) => without(call, "version"), "ok", "ok"],
        [
          "a version that is null is not supported",
          (call) => ({ ...call, version: null }),
          "UnsupportedVersion",
          "UnsupportedVersion",
        ],
        ["a namespace that is null is none", (call) => ({ ...call, namespace: null }), "ok", "ok"],
        [
          "a namespace that is empty is another",
          (call) => ({ ...call, namespace: "" }),
          "UnsupportedVersion",
          "UnsupportedVersion",
        ],
        [
          "an unknown namespace is an unsupported version",
          (call) => ({ ...call, namespace: "other" }),
          "UnsupportedVersion",
          "UnsupportedVersion",
        ],
        ["unknown keys are ignored", (call) => ({ ...call, unknown: 1, _other: {} }), "ok", "ok"],
        ["a missing _unique_id is allowed", (call) => without(call, "_unique_id"), "ok", "ok"],
        ["an argument named ctxt fails", (call) => ({ ...call, args: { ctxt: 1 } }), "TypeError", "InvalidArguments"],
        ["an argument named self fails", (call) => ({ ...call, args: { self: 1 } }), "TypeError", "InvalidArguments"],
        ["an unknown argument fails", (call) => ({ ...call, args: { other: 1 } }), "TypeError", "InvalidArguments"],
        ["a message without _msg_id is a cast", (call) => ({ ...without(call, "_msg_id") }), "no reply", "no reply"],
      ],
    )("%s", async (_rule, change, theirs, ours) => {
      expect(await both((call) => ({ payload: change(call) }), ours)).toEqual({ python: theirs, ours });
    });
  });

  test("WIRE 6: a call without a reply queue runs, is not answered and harms nobody", async () => {
    const { topic, noted } = await serveTypeScript();
    const payload = { ...without(raw.call("unanswered", "note"), "_reply_q"), args: { text: "ran" } };
    expect(await raw.sendUnanswered(topic, { payload })).toBeUndefined();
    expect(noted).toEqual(["ran"]);
  });

  describe("WIRE 7: the reply", () => {
    /** Answers one call of our client with these keys. */
    async function answered(reply: (messageId: string) => readonly RawRequest[]): Promise<unknown> {
      const topic = uniqueName("raw");
      await raw.channel.assertQueue(topic, { durable: false });
      await raw.channel.assertExchange("openstack", "topic", { durable: false });
      await raw.channel.bindQueue(topic, "openstack", topic);
      const { consumerTag } = await raw.channel.consume(topic, (message) => {
        const payload = JSON.parse(JSON.parse(String(message?.content))["oslo.message"]);
        for (const each of reply(payload._msg_id)) void raw.send(payload._reply_q, each);
      });
      endings.push(() => raw.channel.cancel(consumerTag));
      return client(topic).call("echo", {}, { value: 1 }, { timeout: 5_000 });
    }
    const whole = (_msg_id: string) => ({ result: "r", failure: null, ending: true, _msg_id, _unique_id: "u" });

    test.each<[string, (id: string) => readonly RawRequest[], unknown]>([
      ["an empty failure is a success", (id) => [{ payload: { ...whole(id), failure: "" } }], "r"],
      ["a missing failure is a success", (id) => [{ payload: without(whole(id), "failure") }], "r"],
      ["a missing result is null", (id) => [{ payload: without(whole(id), "result") }], null],
      ["a missing _unique_id is allowed", (id) => [{ payload: without(whole(id), "_unique_id") }], "r"],
      [
        "a result with ending false, then null with ending true, is the result",
        (id) => [{ payload: { ...whole(id), ending: false } }, { payload: { ...whole(id), result: null } }],
        "r",
      ],
      [
        "heartbeats of an unmonitored call are ignored",
        (id) => [{ payload: { ...whole(id), result: null, ending: false } }, { payload: whole(id) }],
        "r",
      ],
      ["an id that nobody knows is ignored", (id) => [{ payload: whole("unknown") }, { payload: whole(id) }], "r"],
      [
        "a reply without an envelope is read",
        (id) => [{ payload: whole(id), body: (payload) => Buffer.from(payload) }],
        "r",
      ],
      [
        "a duplicate is ignored",
        (id) => [{ payload: whole(id) }, { payload: { ...whole(id), result: "second" } }],
        "r",
      ],
    ])("%s", async (_rule, replies, expected) => {
      expect(await answered(replies)).toEqual(expected);
    });

    const failure = (keys: object): string =>
      JSON.stringify({ class: "Odd", module: "lab.odd", message: "m", ...keys });
    test.each<[string, unknown, object]>([
      [
        "with all keys",
        failure({ tb: ["a\n", "b\n"], args: ["m"], kwargs: {} }),
        { className: "Odd", module: "lab.odd", remoteMessage: "m", remoteTrace: "a\nb\n" },
      ],
      ["without tb, args and kwargs", failure({}), { className: "Odd", remoteTrace: undefined }],
      ["with tb, args and kwargs that are null", failure({ tb: null, args: null, kwargs: null }), { className: "Odd" }],
      ["with a tb that is a text", failure({ tb: "trace" }), { remoteTrace: "trace" }],
      [
        "that was a remote one there already",
        failure({ class: "Odd_Remote", module: "lab.odd_Remote" }),
        { className: "Odd", module: "lab.odd" },
      ],
      ["that is an object and no text", { class: "Odd", module: "lab.odd", message: "m" }, { className: "Odd" }],
      ["that is no JSON", "Traceback", { className: "UnreadableFailure" }],
    ])("WIRE 8: a failure %s is a RemoteError", async (_rule, wire, expected) => {
      await expect(
        answered((id) => [{ payload: { ...whole(id), result: null, failure: wire } }]),
      ).rejects.toMatchObject({
        code: "remote",
        ...expected,
      });
    });
  });

  describe("WIRE 9: versions of a server at 1.5", () => {
    test.each<[unknown, string]>([
      ...["1.5", "1.5.0", "1.4.9", "1.0", "01.2", "1.05", " 1.0", "1.0.0.0"].map((version): [string, string] => [
        version,
        "ok",
      ]),
      ...["1.6", "1.5.1", "0.9", "2.0", "2.5"].map((version): [string, string] => [version, "UnsupportedVersion"]),
    ])("%j is the same in Python and here", async (version, expected) => {
      expect(await both((call) => ({ payload: { ...call, version } }), expected)).toEqual({
        python: expected,
        ours: expected,
      });
    });

    test.each<[unknown, string]>([
      ["1", "IndexError"],
      ["1.x", "ValueError"],
      ["1.", "ValueError"],
      [1.5, "AttributeError"],
    ])("%j breaks in Python, and is not supported here", async (version, theirs) => {
      const outcomes = await both((call) => ({ payload: { ...call, version } }), theirs);
      expect(outcomes).toEqual({ python: theirs, ours: "UnsupportedVersion" });
    });

    test.each(["nope", "_hidden", "__class__", "constructor", "__proto__", ""])(
      "the method %j is not there, in Python and here",
      async (method) => {
        expect(await both((call) => ({ payload: { ...call, method, args: {} } }), "NoSuchMethod")).toEqual({
          python: "NoSuchMethod",
          ours: "NoSuchMethod",
        });
      },
    );
  });

  describe("WIRE 10: receiving", () => {
    test("10.2: a call is acknowledged before its method runs", async () => {
      const { topic, release } = await serveTypeScript();
      const call = client(topic).call("wait", {});
      const row = async (): Promise<string[]> => {
        const printed = await rabbitmqctl(
          "list_queues",
          "-p",
          virtualHost,
          "name",
          "messages",
          "messages_unacknowledged",
          "--no-table-headers",
        );
        return (
          printed
            .split("\n")
            .find((line) => line.startsWith(`${topic}\t`))
            ?.split("\t")
            .slice(1) ?? []
        );
      };
      expect(await client(topic).call("echo", {}, { value: 1 })).toBe(1);
      await expect.poll(row).toEqual(["0", "0"]);
      release();
      expect(await call).toBe("released");
    });

    test("10.3: a unique id among the last 16 is dropped, in Python and here", async () => {
      const [theirs, ours] = [await servePython(), await serveTypeScript()];
      for (const topic of [theirs, ours.topic]) {
        const note = (text: string, id: string): RawRequest => ({
          payload: { method: "note", args: { text }, version: "1.5", _unique_id: `${topic}-${id}` },
        });
        await raw.send(topic, note("first", "0"));
        for (let i = 1; i <= 14; i++) await raw.send(topic, note("other", String(i)));
        await raw.sendUnanswered(topic, note("again", "0"));
      }
      const seen = python.events
        .filter(({ event, server }) => event === "note" && server === "host1")
        .map(({ text }) => text);
      expect(seen.filter((text) => text === "again")).toEqual([]);
      expect(ours.noted).toEqual(["first", ...Array.from({ length: 14 }, () => "other")]);
    });

    test("10.4: client_timeout is added to the context by Python, and our names do not come from a peer", async () => {
      const topic = await servePython();
      expect(await client(topic).call("context", { key: 1 })).toEqual({ key: 1, client_timeout: null });
      const ours = await serveTypeScript();
      const context = { key: 1, signal: "forged", deadline: 1 };
      expect((await send("call", "context", ours.topic, { context })).result).toEqual({ key: 1 });
    });
  });

  describe("WIRE 11: heartbeats", () => {
    const replies = (id: string) => raw.replies.filter((each) => each["_msg_id"] === id);

    test.each<[string, unknown, number]>([
      ["an unmonitored call gets none", null, 0],
      ["a silence of 1 s is too short for any", 1, 0],
      ["a silence of 2 s gets one each second", 2, 2],
      ["a silence that is a text counts", "2", 2],
      ["a silence that is no number gets none", "soon", 0],
    ])(
      "%s, from Python and from us",
      async (_rule, silence, expected) => {
        const { theirs, ours } = await servers();
        const watch = async (topic: string): Promise<void> => {
          const id = uniqueName("watched");
          const payload = { ...raw.call(id, "watched"), args: { seconds: 2.6 }, _timeout: silence };
          expect(outcomeOf(await raw.exchange(topic, { payload }))).toBe("ok");
          const heartbeats = replies(id).slice(0, -1);
          expect(heartbeats).toHaveLength(expected);
          for (const each of heartbeats) expect(each).toMatchObject({ result: null, failure: null, ending: false });
          expect(new Set(replies(id).map((each) => each["_unique_id"])).size).toBe(expected + 1);
        };
        await Promise.all([watch(theirs), watch(ours)]);
      },
      20_000,
    );

    test("they end with a call that nobody serves", async () => {
      const { topic } = await serveTypeScript();
      const id = uniqueName("nope");
      await raw.send(topic, { payload: { ...raw.call(id, "nope"), _timeout: 2 } });
      expect(outcomeOf(await raw.replyTo(id))).toBe("NoSuchMethod");
      const watched = uniqueName("watched");
      await raw.send(topic, { payload: { ...raw.call(watched, "watched"), args: { seconds: 1.6 } } });
      await raw.replyTo(watched);
      expect(replies(id)).toHaveLength(1);
    });
  });

  describe("WIRE 12: a reply queue that is gone", () => {
    test("is tried again until it is back, and others are served meanwhile", async () => {
      const { topic, release } = await serveTypeScript();
      const away = await RawPeer.start(url);
      const id = uniqueName("away");
      await away.send(topic, { payload: away.call(id, "wait") });
      expect(outcomeOf(await raw.exchange(topic, { payload: raw.call(uniqueName("call")) }))).toBe("ok");
      await away.channel.deleteQueue(away.replyQueue);
      release();
      for (let i = 0; i < 50; i++) expect(await client(topic).call("echo", {}, { value: i })).toBe(i);
      await away.listen();
      expect(await away.replyTo(id)).toMatchObject({ result: "released" });
      await away.stop();
    });

    test("of a Python client comes back under its name, and the call is answered", async () => {
      const { topic, release } = await serveTypeScript();
      const peer = await PythonPeer.start(url);
      endings.push(() => peer.stop());
      const before = await replyQueues();
      const call = send("call", "wait", topic, {}, peer);
      const theirs = await (async () => {
        for (;;) {
          const found = (await replyQueues()).find((name) => !before.includes(name));
          if (found !== undefined) return found;
        }
      })();
      // The call has arrived when one that was sent later is answered.
      expect(outcomeOf(await raw.exchange(topic, { payload: raw.call(uniqueName("call")) }))).toBe("ok");
      await rabbitmqctl("delete_queue", "-p", virtualHost, theirs);
      release();
      expect((await call).result).toBe("released");
    }, 30_000);

    test("WIRE 13: a late reply to a Python client is dropped, and the client goes on", async () => {
      const { topic, release } = await serveTypeScript();
      expect((await send("call", "wait", topic, { timeout: 1 })).error?.class).toBe("MessagingTimeout");
      release();
      expect((await send("call", "echo", topic, { args: { value: 1 } })).result).toBe(1);
    });

    async function replyQueues(): Promise<string[]> {
      const printed = await rabbitmqctl("list_queues", "-p", virtualHost, "name", "--no-table-headers");
      return printed.split("\n").filter((name) => name.startsWith("reply_"));
    }
  });

  describe("WIRE 16: contexts", () => {
    const identity = {
      user_id: "u1",
      project_id: "p1",
      roles: ["admin", "member"],
      is_admin: true,
      auth_token: "secret",
      request_id: "req-1",
    };

    test("a RequestContext of oslo.context arrives with all its keys", async () => {
      const { topic, contexts } = await serveTypeScript();
      const { error } = await send("call", "context", topic, { request_context_of: identity });
      expect(error).toBeUndefined();
      expect(contexts[0]).toMatchObject({
        user: "u1",
        project_id: "p1",
        roles: ["admin", "member"],
        is_admin: true,
        auth_token: "secret",
        request_id: "req-1",
        user_identity: "u1 p1 - - -",
        read_only: false,
      });
    });

    test("what came from Python goes back as it came, and oslo.context rebuilds it", async () => {
      const { topic, contexts } = await serveTypeScript();
      await send("call", "context", topic, { request_context_of: identity });
      const theirs = await servePython();
      const rebuilt = await client(theirs).call("rebuilt", contexts[0] ?? {});
      expect(rebuilt).toMatchObject({ user: "u1", project_id: "p1", roles: ["admin", "member"], request_id: "req-1" });
    });

    test("a context in nova's manner arrives whole in both directions", async () => {
      const nova = {
        ...identity,
        user: "u1",
        tenant: "p1",
        user_name: "\u00e9",
        project_name: "demo",
        read_deleted: "no",
        remote_address: "10.0.0.1",
        timestamp: "2026-01-02T03:04:05.678901",
        quota_class: null,
        service_catalog: [{ type: "volumev3", endpoints: [{ region: "RegionOne", publicURL: "http://cinder/" }] }],
        is_admin_project: true,
      };
      const { topic } = await serveTypeScript();
      expect((await send("call", "context", topic, { context: nova })).result).toEqual(nova);
      expect(await client(await servePython()).call("context", nova)).toEqual({ ...nova, client_timeout: null });
    });
  });
});
