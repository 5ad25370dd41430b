import { deflateSync, gzipSync } from "node:zlib";
import { createTransport, RPCClient, type ServiceDescriptor } from "@rpcgen/runtime";
import type { ConsumeMessage } from "amqplib";
import { describe, expect, test } from "vitest";
import { parseTransportURL } from "../../src/runtime/amqp/transport-url.js";
import {
  type BrokerState,
  brokerState,
  describePrivately,
  newVirtualHost,
  rabbitmqctl,
  uniqueName,
} from "../support/broker.js";
import { InteropLab, labService } from "../support/interop-lab.js";
import { enveloped, outcomeOf, type RawReply, type RawRequest } from "../support/raw-peer.js";

/** The rules that take whole programs on both sides, each shown in both directions; the section is in the test's name. */
describePrivately("the rules of the wire between programs", () => {
  const lab = new InteropLab();

  /** The same message to both. */
  async function both(make: (call: Readonly<Record<string, unknown>>) => RawRequest, isAnswered = true) {
    const replies: RawReply[] = [];
    const { theirs: python, ours: own } = await lab.servers();
    for (const topic of [python, own]) {
      const request = make(lab.raw.call(uniqueName("call")));
      const reply = await (isAnswered ? lab.raw.exchange(topic, request) : lab.raw.sendUnanswered(topic, request));
      replies.push(reply ?? {});
    }
    const [theirs = {}, ours = {}] = replies;
    return { theirs, ours };
  }

  describe("WIRE 2: a Python program and ours make exactly the same exchanges, queues, bindings and consumers", () => {
    test.each([
      "rabbit_qos_prefetch_count=5",
      "rabbit_qos_prefetch_count=5&amqp_durable_queues=true&rabbit_transient_queues_ttl=60",
      "rabbit_qos_prefetch_count=5&rabbit_quorum_queue=true&rabbit_quorum_delivery_limit=7",
    ])(
      "and leave the same behind: %s",
      async (options) => {
        const [there, here] = [await newVirtualHost(), await newVirtualHost()];
        const peer = await lab.startPython(`${there.url}?${options}`);
        const { stop: stopTheirs } = await lab.servePython({ on: peer, topic: "lab" });
        expect((await lab.send("call", "echo", "lab", { args: { value: 1 } }, peer)).result).toBe(1);
        const on = lab.connect(`${here.url}?${options}`);
        const { stop: stopOurs } = await lab.serveOurs({ on, topic: "lab" });
        expect(await lab.client("lab", on).call("echo", {}, { value: 1 })).toBe(1);
        const served = comparable(await brokerState(here.name));
        expect(served.queues).toHaveLength(4);
        expect(served.consumers).toHaveLength(4);
        expect(served).toEqual(comparable(await brokerState(there.name)));
        await Promise.all([stopTheirs(), stopOurs()]);
        const left = comparable(await brokerState(here.name));
        expect(left.queues).toHaveLength(3);
        expect(left).toEqual(comparable(await brokerState(there.name)));
      },
      30_000,
    );
  });

  test("WIRE 3 and 4: where requests of Python and ours go, and with which properties, is the same", async () => {
    const addressed = async (topic: string, sendAll: () => Promise<unknown>): Promise<unknown[]> => {
      const seen: ConsumeMessage[] = [];
      await lab.raw.channel.assertExchange("openstack", "topic", { durable: false });
      await lab.raw.channel.assertExchange(`${topic}_fanout`, "fanout", { durable: false, autoDelete: true });
      const { queue } = await lab.raw.channel.assertQueue("", { exclusive: true });
      for (const key of [topic, `${topic}.host1`]) await lab.raw.channel.bindQueue(queue, "openstack", key);
      await lab.raw.channel.bindQueue(queue, `${topic}_fanout`, topic);
      await lab.raw.channel.consume(queue, (message) => void (message !== null && seen.push(message)), { noAck: true });
      await sendAll();
      await expect.poll(() => seen.length).toBe(6);
      return seen
        .map(({ fields: { exchange, routingKey, redelivered }, properties }) => ({
          exchange: exchange.replace(topic, "TOPIC"),
          routingKey: routingKey.replace(topic, "TOPIC"),
          redelivered,
          properties: { ...properties },
        }))
        .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
    };
    const [there, here] = [uniqueName("topic"), uniqueName("topic")];
    // Until there is a reply queue the expiration is what is left of the time.
    await lab.client((await lab.serveOurs()).topic).call("echo", {}, {});
    const theirs = addressed(there, async () => {
      const call = { kind: "call", method: "echo", target: { topic: there, version: "1.5" } };
      // None of the calls is answered.
      void lab.python.run("send", { ...call, timeout: 2.5 });
      void lab.python.run("send", { ...call, timeout: 2.7189 });
      void lab.python.run("send", { ...call, target: { topic: there, server: "host1" }, timeout: 3 });
      await lab.send("cast", "note", there, { args: { text: "t" } });
      await lab.python.run("send", { kind: "cast", method: "note", target: { topic: there, server: "host1" } });
      await lab.send("fanout", "sync", there, { args: { token: "t" } });
    });
    const ours = addressed(here, async () => {
      const call = (timeout: number, more = {}): void =>
        void lab
          .client(here)
          .call("echo", {}, {}, { timeout, ...more })
          .catch(() => {});
      call(2_500);
      call(2_718.9);
      call(3_000, { server: "host1" });
      await lab.client(here).cast("note", {}, { text: "t" });
      await lab.client(here).cast("note", {}, { text: "t" }, { server: "host1" });
      await lab.client(here).fanout("sync", {}, { token: "t" });
    });
    const seen = await ours;
    expect(seen).toEqual(await theirs);
    const expirations = seen.map((each) => (each as { properties: { expiration?: string } }).properties.expiration);
    expect(expirations.sort()).toEqual(["2500", "2718", "3000", undefined, undefined, undefined]);
  }, 20_000);

  describe("WIRE 4: a request with the header compression", () => {
    const compressed =
      (compression: string, by: (text: Buffer) => Buffer) => (payload: Readonly<Record<string, unknown>>) => ({
        payload,
        properties: { headers: { compression } },
        body: (text: string) => by(enveloped(text)),
      });

    test("application/x-gzip is a zlib stream, for a Python server and for ours", async () => {
      const { theirs, ours } = await both(compressed("application/x-gzip", deflateSync));
      expect([outcomeOf(theirs), outcomeOf(ours)]).toEqual(["ok", "ok"]);
    });

    test("application/x-gzip that is a gzip member is rejected by both", async () => {
      const { theirs, ours } = await both(compressed("application/x-gzip", gzipSync), false);
      expect([theirs, ours]).toEqual([{}, {}]);
    });

    test.each(["application/x-gzip", "application/x-unknown"])(
      "%s over a plain body is rejected here; Python reads what it could not inflate as it is",
      async (compression) => {
        const { theirs, ours } = await lab.servers();
        const request = (): RawRequest => compressed(compression, (text) => text)(lab.raw.call(uniqueName("call")));
        expect(outcomeOf(await lab.raw.exchange(theirs, request()))).toBe("ok");
        expect(await lab.raw.sendUnanswered(ours, request())).toBeUndefined();
      },
    );
  });

  describe("WIRE 5: JSON", () => {
    test("half a surrogate pair survives, from Python and back, from us and back", async () => {
      const value = "a \ud83d b";
      const { theirs, ours } = await lab.servers();
      expect(await lab.client(theirs).call("echo", {}, { value })).toBe(value);
      expect(await lab.client(theirs).call("shown", {}, { value })).toBe("'a \\ud83d b'");
      expect((await lab.send("call", "echo", ours, { args: { value } })).result).toBe(value);
    });

    test("compact JSON in plain UTF-8 is as good as Python's, for both", async () => {
      const { theirs, ours } = await both((call) => ({
        payload: { ...call, args: { value: "h\u00e9llo \u{1F600}" } },
        body: (text) => Buffer.from(JSON.stringify({ "oslo.version": "2.0", "oslo.message": text })),
      }));
      expect([theirs["result"], ours["result"]]).toEqual(["h\u00e9llo \u{1F600}", "h\u00e9llo \u{1F600}"]);
    });
  });

  describe("WIRE 7: a reply has exactly its five keys, from Python and from us", () => {
    const shapeOf = (reply: RawReply): unknown =>
      Object.entries(reply)
        .map(([key, value]) => [key, value === null ? "null" : typeof value])
        .sort();

    test.each<[string, (call: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>]>([
      ["a result", (call) => call],
      ["a result that is null", (call) => ({ ...call, args: {} })],
      ["a failure", (call) => ({ ...call, method: "fail", args: { with: "x" } })],
      ["a refusal", (call) => ({ ...call, method: "nope", args: {} })],
    ])("%s", async (_what, change) => {
      const { theirs, ours } = await both((call) => ({ payload: change(call) }));
      expect(Object.keys(ours).sort()).toEqual(["_msg_id", "_unique_id", "ending", "failure", "result"]);
      expect(shapeOf(ours)).toEqual(shapeOf(theirs));
      expect(ours).toMatchObject({ ending: true, _unique_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    });

    test("a heartbeat", async () => {
      const heartbeats = await Promise.all(
        [(await lab.servers()).theirs, (await lab.servers()).ours].map(async (topic) => {
          const id = uniqueName("watched");
          const payload = { ...lab.raw.call(id, "watched"), args: { seconds: 1.4 }, _timeout: 2 };
          await lab.raw.exchange(topic, { payload });
          return lab.raw.replies.find((each) => each["_msg_id"] === id && each["ending"] === false) ?? {};
        }),
      );
      const [theirs = {}, ours = {}] = heartbeats;
      expect(Object.keys(theirs)).toHaveLength(5);
      expect(shapeOf(ours)).toEqual(shapeOf(theirs));
    });
  });

  describe("WIRE 8: a failure", () => {
    const failureIn = (reply: RawReply): Readonly<Record<string, unknown>> => JSON.parse(String(reply["failure"]));

    test("has exactly its six keys, of the same kinds, from Python and from us", async () => {
      const { theirs, ours } = await both((call) => ({ payload: { ...call, method: "fail", args: { with: "x" } } }));
      for (const reply of [theirs, ours]) {
        expect(failureIn(reply)).toEqual({
          class: expect.stringMatching(/^(ValueError|RangeError)$/),
          module: expect.stringMatching(/^(builtins|node)$/),
          message: expect.stringMatching(/x$/),
          tb: expect.any(Array),
          args: [expect.stringMatching(/x$/)],
          kwargs: {},
        });
      }
    });

    test.each([
      ["a version that nobody serves", { version: "1.9" }],
      ["a namespace that nobody serves", { namespace: "other" }],
      ["a method that is not there", { method: "nope", args: {} }],
      ["a method that is private", { method: "_hidden", args: {} }],
    ])("for %s is Python's own, to the letter", async (_what, change) => {
      const { theirs, ours } = await both((call) => ({ payload: { ...call, ...change } }));
      const { tb: _theirs, ...expected } = failureIn(theirs);
      const { tb: _ours, ...failure } = failureIn(ours);
      expect(failure).toEqual(expected);
      expect(failure["module"]).toBe("oslo_messaging.rpc.dispatcher");
    });

    test("that went through one of our servers is what it was at the Python server", async () => {
      const behind = await lab.servePython();
      const fail = (context: unknown, { with: what }: { with: string }): Promise<unknown> =>
        lab.client(behind.topic).call("fail", context as Readonly<Record<string, unknown>>, { with: what });
      const { topic } = await lab.serveOurs({
        methods: { fail: fail as (context: unknown, args: never) => Promise<unknown> },
      });
      const { error } = await lab.send("call", "fail", topic, { args: { with: "x" } });
      expect(error).toMatchObject({ class: "ValueError", module: "builtins" });
      expect(error?.message).toMatch(/^h\u00e9llo x/);
    });
  });

  test("WIRE 9: the version matrix is the same for Python and for us, on both sides", async () => {
    const labels: readonly string[] = ["1.0", "1.3", "1.5"];
    const caps: readonly (string | undefined)[] = [undefined, "1.2", "1.5"];
    const outcomes: string[] = [];
    const differing: unknown[] = [];
    for (const version of ["1.2", "1.5"]) {
      const [theirs, ours] = [await lab.servePython({ version }), await lab.serveOurs({ versions: ["1.0", version] })];
      for (const label of labels) {
        for (const cap of caps) {
          const fromPython = async (topic: string): Promise<string> => {
            const options = {
              target: { topic, version: label },
              args: { value: 1 },
              ...(cap === undefined ? {} : { version_cap: cap }),
            };
            const { error } = await lab.python.run("send", { kind: "call", method: "echo", timeout: 10, ...options });
            return error === undefined ? "ok" : (error.exc_type ?? error.class);
          };
          const fromUs = (topic: string): Promise<string> => {
            const methods = { echo: { ...labService.methods.echo, since: label } };
            const described = { ...labService, topic, versions: ["1.0", "1.2", "1.3", "1.5"], methods };
            const caller = new RPCClient(
              lab.transport,
              described as ServiceDescriptor,
              cap === undefined ? {} : { versionCap: cap },
            );
            return caller.call("echo", {}, { value: 1 }).then(
              () => "ok",
              ({ code }: { readonly code: string }) => code,
            );
          };
          const cells = await Promise.all([
            fromPython(theirs.topic),
            fromPython(ours.topic),
            fromUs(theirs.topic),
            fromUs(ours.topic),
          ]);
          const [first = ""] = cells;
          outcomes.push(first);
          if (new Set(cells.map((cell) => sameNames[cell] ?? cell)).size > 1)
            differing.push({ version, label, cap, cells });
        }
      }
    }
    expect(outcomes).toHaveLength(18);
    expect(new Set(outcomes)).toEqual(new Set(["ok", "UnsupportedVersion", "RPCVersionCapError"]));
    expect(differing).toEqual([]);
  }, 20_000);

  describe("WIRE 10: what a server has taken", () => {
    test("10.2: is lost with it, and not given to the next one, in Python and here", async () => {
      const dying = await lab.startPython();
      const { topic: theirs } = await lab.servePython({ on: dying, topic: uniqueName("py") });
      const own = createTransport(lab.url);
      const ours = await lab.serveOurs({ on: own });
      const ids = new Map([theirs, ours.topic].map((topic) => [topic, uniqueName("watched")]));
      for (const [topic, id] of ids) {
        await lab.raw.send(topic, { payload: { ...lab.raw.call(id, "watched"), args: { seconds: 60 } } });
        await lab.raw.exchange(topic, { payload: lab.raw.call(uniqueName("call")) });
      }
      await Promise.all([dying.stop(), own.close()]);
      lab.endings.splice(0);
      await lab.servePython({ topic: theirs });
      await lab.serveOurs({ topic: ours.topic });
      for (const [topic, id] of ids) {
        // The next one answers, and has nothing else in its queue.
        expect(outcomeOf(await lab.raw.exchange(topic, { payload: lab.raw.call(uniqueName("call")) }))).toBe("ok");
        expect((await lab.raw.channel.checkQueue(topic)).messageCount).toBe(0);
        expect(lab.raw.replies.filter((each) => each["_msg_id"] === id)).toEqual([]);
      }
    }, 20_000);

    test("10.3: is run again after 16 newer requests in Python, after at least 256 and at most 512 here", async () => {
      const [theirs, ours] = [await lab.servePython(), await lab.serveOurs()];
      const repeat = async (topic: string, after: number): Promise<void> => {
        const note = (text: string, id: string): RawRequest => ({
          payload: { method: "note", args: { text }, version: "1.5", _unique_id: `${topic}-${after}-${id}` },
        });
        const text = `${topic} ${after}`;
        await lab.raw.send(topic, note(text, "first"));
        for (let i = 0; i < after; i++) await lab.raw.send(topic, note("other", String(i)));
        await lab.raw.sendUnanswered(topic, note(text, "first"));
      };
      const times = (topic: string, after: number, texts: readonly unknown[]): number =>
        texts.filter((text) => text === `${topic} ${after}`).length;
      for (const after of [8, 17]) await repeat(theirs.topic, after);
      for (const after of [250, 520]) await repeat(ours.topic, after);
      const noted = lab.python.events.filter(({ event }) => event === "note").map(({ text }) => text);
      expect([8, 17].map((after) => times(theirs.topic, after, noted))).toEqual([1, 2]);
      expect([250, 520].map((after) => times(ours.topic, after, ours.noted))).toEqual([1, 2]);
    });
  });

  test("WIRE 11: a monitored call ends soon after its server has died, in both directions", async () => {
    const dying = await lab.startPython();
    const { topic: theirs } = await lab.servePython({ on: dying });
    const own = createTransport(lab.url);
    const ours = await lab.serveOurs({ on: own });
    const begun = performance.now();
    const toPython = lab
      .client(theirs)
      .call("watched", {}, { seconds: 60 }, { timeout: 30_000, heartbeat: 2_000 })
      .catch((thrown: unknown) => thrown);
    const toUs = lab.send("call", "watched", ours.topic, {
      args: { seconds: 60 },
      timeout: 30,
      call_monitor_timeout: 2,
    });
    // Both have sent a heartbeat when the silence allowed has passed once and the calls still wait.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await Promise.race([toPython, toUs, "waiting"])).toBe("waiting");
    await Promise.all([dying.stop(), own.close()]);
    lab.endings.splice(0);
    expect(await toPython).toMatchObject({ code: "timeout" });
    expect((await toUs).error?.class).toBe("MessagingTimeout");
    expect(performance.now() - begun).toBeLessThan(8_000);
  }, 20_000);

  test("WIRE 12: our reply queue that is deleted comes back under its name, and a Python server's reply arrives", async () => {
    const { topic } = await lab.servePython();
    const on = lab.connect();
    const before = await replyQueues();
    expect(await lab.client(topic, on).call("echo", {}, { value: 1 })).toBe(1);
    const [queue = ""] = (await replyQueues()).filter((name) => !before.includes(name));
    const call = lab.client(topic, on).call("watched", {}, { seconds: 1 });
    await lab.raw.channel.deleteQueue(queue);
    expect(await call).toBe("slept");
    expect(await replyQueues()).toContain(queue);
  });

  test("WIRE 13: calls survive that all connections are closed while their methods run, in both directions", async () => {
    const [theirs, ours] = [await lab.servePython(), await lab.serveOurs()];
    const calls = [
      lab.client(theirs.topic).call("watched", {}, { seconds: 1.5 }),
      lab.send("call", "watched", ours.topic, { args: { seconds: 1.5 } }).then(({ result }) => result),
    ];
    // Both have been taken when calls that were sent later are answered.
    await lab.client(theirs.topic).call("echo", {}, { value: 1 });
    await lab.send("call", "echo", ours.topic, { args: { value: 1 } });
    await lab.raw.stop();
    await rabbitmqctl("close_all_connections", "-p", lab.virtualHost, "maintenance");
    await lab.restartRaw();
    expect(await Promise.all(calls)).toEqual(["slept", "slept"]);
  }, 30_000);

  test("WIRE 15: Python reads every transport URL as we do", async () => {
    for (const each of urls) {
      const { result } = await lab.python.run("url_parts", { url: each });
      // Our own form of oslo's parts.
      const theirs = result as {
        hosts: [string, number | null, string, string][];
        virtual_host: string;
        query: object;
      };
      const ours = parseTransportURL(each);
      expect({
        url: each,
        hosts: ours.hosts,
        virtualHost: ours.virtualHost,
        query: Object.fromEntries(ours.query),
      }).toEqual({
        url: each,
        // What oslo leaves empty kombu fills in.
        hosts: (theirs.hosts.length === 0 ? [["", null, "", ""] as const] : theirs.hosts).map(
          ([hostname, port, username, password]) => ({
            hostname: hostname || "localhost",
            port: port ?? 5672,
            username: username || "guest",
            password: password || "guest",
          }),
        ),
        virtualHost: theirs.virtual_host || "/",
        query: theirs.query,
      });
    }
  });

  async function replyQueues(): Promise<string[]> {
    const { queues } = await brokerState(lab.virtualHost);
    return queues.map((row) => String(row["name"])).filter((name) => name.startsWith("reply_"));
  }
});

const urls = [
  "rabbit://",
  "rabbit://host/",
  "rabbit://u:p@h1:5673,u2:p2@h2/vhost",
  "rabbit://u:p@h1,h2/vh",
  "rabbit://a@b:p@h/",
  "rabbit://u:p%40%2F%3A@h/",
  "rabbit://u:p@[::1]:5673/",
  "rabbit://h//",
  "rabbit://h/a/b",
  "rabbit://h/%2Fx",
  "rabbit://h/v?ssl=true&heartbeat_timeout_threshold=5",
  "rabbit://h/v?kombu_failover_strategy=a&kombu_failover_strategy=b",
];

/** One name for what both sides call differently. */
const sameNames: Readonly<Record<string, string>> = {
  "unsupported-version": "UnsupportedVersion",
  "version-cap": "RPCVersionCapError",
};

interface Comparable {
  readonly queues: readonly unknown[];
  readonly exchanges: readonly unknown[];
  readonly bindings: readonly unknown[];
  readonly consumers: readonly unknown[];
}

/** What a broker has, without what is made by chance. */
function comparable({ queues, exchanges, bindings, consumers }: BrokerState): Comparable {
  const rows = (list: readonly unknown[]): readonly unknown[] =>
    list
      .map((row) => JSON.parse(JSON.stringify(row).replaceAll(/[0-9a-f]{32}/g, "ID")))
      .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  return {
    queues: rows(queues),
    exchanges: rows(exchanges.filter(({ name }) => !/^(amq\.|$)/.test(String(name)))),
    bindings: rows(bindings),
    consumers: rows(consumers),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
