import { RPCClient, type ServiceDescriptor } from "@rpcgen/runtime";
import { describe, expect, test } from "vitest";
import { describePrivately, newVirtualHost, rabbitmqctl, uniqueName } from "../support/broker.js";
import { InteropLab, labService } from "../support/interop-lab.js";
import { enveloped, outcomeOf, RawPeer, type RawRequest } from "../support/raw-peer.js";

/** Every rule of the wire specification that two programs can show; the section is in the test's name. */
describePrivately("the rules of the wire", () => {
  const lab = new InteropLab();

  /** The same message to a server of each kind. */
  async function both(
    request: (call: Readonly<Record<string, unknown>>) => RawRequest,
    expected: string,
  ): Promise<{ python: string; ours: string }> {
    const { theirs, ours } = await lab.servers();
    const to = async (queue: string): Promise<string> => {
      const made = request(lab.raw.call(uniqueName("call")));
      return outcomeOf(
        await (expected === "no reply" ? lab.raw.sendUnanswered(queue, made) : lab.raw.exchange(queue, made)),
      );
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
        const on = lab.connect(`${host.url}?${options}`);
        const peer = await lab.startPython(`${host.url}?${options}`);
        const { topic: theirs } = await lab.servePython({ on: peer });
        expect(await lab.client(theirs, on).call("echo", {}, { value: "to Python" })).toBe("to Python");
        await lab.client(theirs, on).send("sync", {}, { token: theirs });
        await peer.event(({ event, ...more }) => event === "sync" && more["token"] === theirs);
        const ours = await lab.serveOurs({ on });
        expect((await lab.send("call", "echo", ours.topic, { args: { value: "to us" } }, peer)).result).toBe("to us");
        expect((await lab.send("fanout", "sync", ours.topic, { args: { token: "t" } }, peer)).error).toBeUndefined();
        await expect.poll(() => ours.noted).toEqual(["t"]);
        // Both declare the same queues: the second to come does not meet a difference.
        await lab.serveOurs({ topic: theirs, on });
        await lab.servePython({ topic: ours.topic, on: peer });
      },
      30_000,
    );
  });

  describe("WIRE 3: a request that is older than its expiration is dropped unseen", () => {
    test("by a TypeScript server that was away", async () => {
      const first = await lab.serveOurs();
      await first.stop();
      const { error } = await lab.send("call", "note", first.topic, { args: { text: "late" }, timeout: 1 });
      expect(error?.class).toBe("MessagingTimeout");
      const second = await lab.serveOurs({ topic: first.topic });
      expect(await lab.client(first.topic).call("echo", {}, { value: 1 })).toBe(1);
      expect(second.noted).toEqual([]);
    });

    test("by a Python server that was away", async () => {
      const { topic, stop } = await lab.servePython();
      await stop();
      const call = new RPCClient(lab.transport, {
        ...labService,
        topic,
        methods: { note: { ...labService.methods.note, kind: "call" } },
      } as ServiceDescriptor);
      await expect(call.call("note", {}, { text: topic }, { timeout: 1_000 })).rejects.toMatchObject({
        code: "timeout",
      });
      await lab.servePython({ topic });
      expect(await lab.client(topic).call("echo", {}, { value: 1 })).toBe(1);
      expect(lab.python.events.filter(({ text }) => text === topic)).toEqual([]);
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
      const peer = await lab.startPython(`${lab.url}?kombu_compression=gzip`);
      const value = "compressed ".repeat(1_000);
      const { topic } = await lab.serveOurs();
      expect((await lab.send("call", "echo", topic, { args: { value } }, peer)).result).toBe(value);
      const { topic: theirs } = await lab.servePython({ on: peer });
      expect(await lab.client(theirs).call("echo", {}, { value })).toBe(value);
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
    const { topic, noted } = await lab.serveOurs();
    const payload = { ...without(lab.raw.call("unanswered", "note"), "_reply_q"), args: { text: "ran" } };
    expect(await lab.raw.sendUnanswered(topic, { payload })).toBeUndefined();
    expect(noted).toEqual(["ran"]);
  });

  describe("WIRE 7: the reply", () => {
    /** Answers one call of our client with these keys. */
    async function answered(reply: (messageId: string) => readonly RawRequest[]): Promise<unknown> {
      const topic = uniqueName("raw");
      await lab.raw.channel.assertQueue(topic, { durable: false });
      await lab.raw.channel.assertExchange("openstack", "topic", { durable: false });
      await lab.raw.channel.bindQueue(topic, "openstack", topic);
      const { consumerTag } = await lab.raw.channel.consume(topic, (message) => {
        const payload = JSON.parse(JSON.parse(String(message?.content))["oslo.message"]);
        for (const each of reply(payload._msg_id)) void lab.raw.send(payload._reply_q, each);
      });
      lab.endings.push(() => lab.raw.channel.cancel(consumerTag));
      return lab.client(topic).call("echo", {}, { value: 1 }, { timeout: 5_000 });
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
      const { topic, release } = await lab.serveOurs();
      const call = lab.client(topic).call("wait", {});
      const row = async (): Promise<string[]> => {
        const printed = await rabbitmqctl(
          "list_queues",
          "-p",
          lab.virtualHost,
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
      expect(await lab.client(topic).call("echo", {}, { value: 1 })).toBe(1);
      await expect.poll(row).toEqual(["0", "0"]);
      release();
      expect(await call).toBe("released");
    });

    test("10.3: a unique id among the last 16 is dropped, in Python and here", async () => {
      const [{ topic: theirs }, ours] = [await lab.servePython(), await lab.serveOurs()];
      for (const topic of [theirs, ours.topic]) {
        const note = (text: string, id: string): RawRequest => ({
          payload: { method: "note", args: { text }, version: "1.5", _unique_id: `${topic}-${id}` },
        });
        await lab.raw.send(topic, note("first", "0"));
        for (let i = 1; i <= 14; i++) await lab.raw.send(topic, note("other", String(i)));
        await lab.raw.sendUnanswered(topic, note("again", "0"));
      }
      const seen = lab.python.events
        .filter(({ event, server }) => event === "note" && server === "host1")
        .map(({ text }) => text);
      expect(seen.filter((text) => text === "again")).toEqual([]);
      expect(ours.noted).toEqual(["first", ...Array.from({ length: 14 }, () => "other")]);
    });

    test("10.4: client_timeout is added to the context by Python, and our names do not come from a peer", async () => {
      const { topic } = await lab.servePython();
      expect(await lab.client(topic).call("context", { key: 1 })).toEqual({ key: 1, client_timeout: null });
      const ours = await lab.serveOurs();
      const context = { key: 1, signal: "forged", deadline: 1 };
      expect((await lab.send("call", "context", ours.topic, { context })).result).toEqual({ key: 1 });
    });
  });

  describe("WIRE 11: heartbeats", () => {
    const replies = (id: string) => lab.raw.replies.filter((each) => each["_msg_id"] === id);

    test.each<[string, unknown, number]>([
      ["an unmonitored call gets none", null, 0],
      ["a silence of 1 s is too short for any", 1, 0],
      ["a silence of 2 s gets one each second", 2, 2],
      ["a silence that is a text counts", "2", 2],
      ["a silence that is no number gets none", "soon", 0],
    ])(
      "%s, from Python and from us",
      async (_rule, silence, expected) => {
        const { theirs, ours } = await lab.servers();
        const watch = async (topic: string): Promise<void> => {
          const id = uniqueName("watched");
          const payload = { ...lab.raw.call(id, "watched"), args: { seconds: 2.6 }, _timeout: silence };
          expect(outcomeOf(await lab.raw.exchange(topic, { payload }))).toBe("ok");
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
      const { topic } = await lab.serveOurs();
      const id = uniqueName("nope");
      await lab.raw.send(topic, { payload: { ...lab.raw.call(id, "nope"), _timeout: 2 } });
      expect(outcomeOf(await lab.raw.replyTo(id))).toBe("NoSuchMethod");
      const watched = uniqueName("watched");
      await lab.raw.send(topic, { payload: { ...lab.raw.call(watched, "watched"), args: { seconds: 1.6 } } });
      await lab.raw.replyTo(watched);
      expect(replies(id)).toHaveLength(1);
    });
  });

  describe("WIRE 12: a reply queue that is gone", () => {
    test("is tried again until it is back, and others are served meanwhile", async () => {
      const { topic, release } = await lab.serveOurs();
      const away = await RawPeer.start(lab.url);
      const id = uniqueName("away");
      await away.send(topic, { payload: away.call(id, "wait") });
      expect(outcomeOf(await lab.raw.exchange(topic, { payload: lab.raw.call(uniqueName("call")) }))).toBe("ok");
      await away.channel.deleteQueue(away.replyQueue);
      release();
      for (let i = 0; i < 50; i++) expect(await lab.client(topic).call("echo", {}, { value: i })).toBe(i);
      await away.listen();
      expect(await away.replyTo(id)).toMatchObject({ result: "released" });
      await away.stop();
    });

    test("of a Python client comes back under its name, and the call is answered", async () => {
      const { topic, release } = await lab.serveOurs();
      const peer = await lab.startPython();
      const before = await replyQueues();
      const call = lab.send("call", "wait", topic, {}, peer);
      const theirs = await (async () => {
        for (;;) {
          const found = (await replyQueues()).find((name) => !before.includes(name));
          if (found !== undefined) return found;
        }
      })();
      // The call has arrived when one that was sent later is answered.
      expect(outcomeOf(await lab.raw.exchange(topic, { payload: lab.raw.call(uniqueName("call")) }))).toBe("ok");
      await rabbitmqctl("delete_queue", "-p", lab.virtualHost, theirs);
      release();
      expect((await call).result).toBe("released");
    }, 30_000);

    test("WIRE 13: a late reply to a Python client is dropped, and the client goes on", async () => {
      const { topic, release } = await lab.serveOurs();
      expect((await lab.send("call", "wait", topic, { timeout: 1 })).error?.class).toBe("MessagingTimeout");
      release();
      expect((await lab.send("call", "echo", topic, { args: { value: 1 } })).result).toBe(1);
    });

    async function replyQueues(): Promise<string[]> {
      const printed = await rabbitmqctl("list_queues", "-p", lab.virtualHost, "name", "--no-table-headers");
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
      const { topic, contexts } = await lab.serveOurs();
      const { error } = await lab.send("call", "context", topic, { request_context_of: identity });
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
      const { topic, contexts } = await lab.serveOurs();
      await lab.send("call", "context", topic, { request_context_of: identity });
      const { topic: theirs } = await lab.servePython();
      const rebuilt = await lab.client(theirs).call("rebuilt", contexts[0] ?? {});
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
      const { topic } = await lab.serveOurs();
      expect((await lab.send("call", "context", topic, { context: nova })).result).toEqual(nova);
      expect(await lab.client((await lab.servePython()).topic).call("context", nova)).toEqual({
        ...nova,
        client_timeout: null,
      });
    });
  });
});
