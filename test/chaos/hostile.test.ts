import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { deflateSync } from "node:zlib";
import {
  createDispatcher,
  createTransport,
  type Destination,
  RemoteError,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
} from "@rpcgen/runtime";
import { connect } from "amqplib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { brokerState, describePrivately, newVirtualHost, uniqueName } from "../support/broker.js";
import { Mutations } from "../support/mutations.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { type Properties, TappedTransport } from "../support/tapped-transport.js";

/** The methods of the recordings, so that what is nearly right reaches a manager. */
const service = {
  name: "target",
  topic: "target",
  versions: ["1.0", "1.2", "2.0", "2.3"],
  methods: {
    add: { member: "add", kind: "call", params: { a: { optional: true }, b: { optional: true } } },
    echo: { member: "echo", kind: "call", params: { value: { optional: true } } },
    note: { member: "note", kind: "cast", params: { msg: { optional: true } }, returnsNothing: true },
    null: { member: "null", kind: "call" },
    wait: { member: "wait", kind: "call" },
  },
} as const satisfies ServiceDescriptor;

const seed = 20_261_122;
const json = "application/json";

/** Everything that would end or wedge a program, and is nowhere else to be seen. */
const strays: unknown[] = [];
const stray = (error: unknown): void => {
  strays.push(error);
};
beforeAll(() => {
  process.on("unhandledRejection", stray);
  process.on("uncaughtException", stray);
});
afterAll(() => {
  process.off("unhandledRejection", stray);
  process.off("uncaughtException", stray);
});
afterEach(() => {
  expect(strays.splice(0)).toEqual([]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

describe("on memory", () => {
  let transport: TappedTransport;
  let server: RPCServer;
  let client: RPCClient;
  let executed = 0;
  let release: () => void = () => {};
  let waiting: Promise<unknown>;
  /** Where the waiting client listens, and for what. */
  let reply: { readonly queue: string; readonly messageId: string };
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const target: Destination = { target: { topic: "target" } };

  beforeEach(async () => {
    transport = new TappedTransport(createTransport(`memory://${uniqueName("hostile")}`));
    executed = 0;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const count = async (_context: unknown, args: { value?: unknown }): Promise<unknown> => {
      executed++;
      return args?.value ?? null;
    };
    const methods = {
      add: count,
      echo: count,
      note: count,
      null: count,
      wait: () => released.then(() => "released"),
    };
    server = new RPCServer(
      transport,
      { topic: "target", server: "host1" },
      [createDispatcher(service, {}, { manager: {}, methods })],
      { logger },
    );
    await server.start();
    client = new RPCClient(transport, service, { timeout: 60_000, logger });
    waiting = client.call("wait", {});
    waiting.catch(() => {});
    await expect.poll(() => transport.published.length).toBe(1);
    const { "oslo.message": text } = JSON.parse(String(transport.published[0]?.body));
    const { _reply_q: queue, _msg_id: messageId } = JSON.parse(text);
    reply = { queue, messageId };
  });
  afterEach(async () => {
    release();
    await server.stop(100);
    await transport.close();
  });

  /** The client and the server still do their work. */
  async function stillServes(): Promise<void> {
    expect(await client.call("echo", {}, { value: "still here" }, { timeout: 5_000 })).toBe("still here");
    release();
    expect(await waiting).toBe("released");
  }

  /** Injects, and resolves when everything has been settled. */
  async function injectAll(
    to: Destination,
    mutants: readonly { body: Buffer; properties: Properties }[],
  ): Promise<void> {
    const before = settled();
    for (const { body, properties } of mutants) await transport.inject(to, body, properties);
    while (settled() + transport.thrown.length < before + mutants.length)
      await new Promise((resolve) => setImmediate(resolve));
  }
  const settled = (): number => transport.acknowledged + transport.rejected + transport.requeued;

  test(`60,000 mutated requests (seed ${seed}) neither stop a server nor stay in it`, async () => {
    const mutations = new Mutations(seed, "client->server");
    const [batch, batches] = [1_000, 60];
    let undecodable = 0;
    let heap = 0;
    for (let i = 0; i < batches; i++) {
      const mutants = Array.from({ length: batch }, () => mutations.next());
      const rubbish = mutants.filter(isRubbish);
      undecodable += rubbish.length;
      await injectAll(target, mutants);
      for (const { body } of rubbish) expect(transport.rejectedBodies.has(body)).toBe(true);
      transport.rejectedBodies.clear();
      if (i === 10) heap = heapAfterGC();
    }
    const atWork = heapAfterGC() - heap;
    await stillServes();
    // Thousands of the replies are for queues that do not exist. The server keeps each for a minute, up to its limit.
    await server.stop(100);
    await new Promise((resolve) => setImmediate(resolve));
    const growth = heapAfterGC() - heap;
    console.log(
      `server: ${batch * batches} mutants, ${transport.rejected} rejected (${undecodable} of them by an independent ` +
        `reading), ${transport.acknowledged} acknowledged, ${executed} executed, heap ${mebibytes(atWork)} MiB more ` +
        `at work, ${mebibytes(growth)} MiB more after it`,
    );
    expect(transport.thrown).toEqual([]);
    expect(transport.requeued).toBe(0);
    expect(undecodable).toBeGreaterThan(10_000);
    expect(executed).toBeGreaterThan(1_500);
    expect(atWork).toBeLessThan(32 * 1024 * 1024);
    expect(growth).toBeLessThan(4 * 1024 * 1024);
  }, 120_000);

  test(`60,000 mutated replies (seed ${seed + 1}) neither stop a waiting client nor stay in it`, async () => {
    const mutations = new Mutations(seed + 1, "server->client");
    const [batch, batches] = [1_000, 60];
    let heap = 0;
    for (let i = 0; i < batches; i++) {
      await injectAll(
        { replyQueue: reply.queue },
        Array.from({ length: batch }, () => mutations.next()),
      );
      transport.rejectedBodies.clear();
      if (i === 10) heap = heapAfterGC();
    }
    const growth = heapAfterGC() - heap;
    console.log(
      `client: ${batch * batches} mutants, ${transport.rejected} rejected, ${transport.acknowledged} acknowledged, ` +
        `heap ${mebibytes(growth)} MiB more`,
    );
    expect(transport.thrown).toEqual([]);
    expect(transport.requeued).toBe(0);
    expect(growth).toBeLessThan(8 * 1024 * 1024);
    await stillServes();
  }, 120_000);

  const envelope = (payload: string): Buffer =>
    Buffer.from(JSON.stringify({ "oslo.version": "2.0", "oslo.message": payload }));
  const request = (more: string): Buffer => envelope(`{"method": "echo", "version": "1.2"${more}}`);
  const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

  /** Undecodable: rejected, not requeued, nothing executed. */
  test.each<[string, () => Buffer, Properties?]>([
    ["an empty body", () => Buffer.alloc(0)],
    [
      "invalid UTF-8",
      () => Buffer.concat([request("").subarray(0, 60), Buffer.from([0xc3, 0x28]), request("").subarray(60)]),
    ],
    ["a UTF-16 text", () => Buffer.from(request("").toString(), "utf16le")],
    ["no content type", () => request(""), { contentType: undefined }],
    ["another content type", () => request(""), { contentType: "text/plain" }],
    ["a content type with a charset", () => request(""), { contentType: "application/json; charset=utf-8" }],
    [
      "a real gzip stream's name over bytes that are none",
      () => request(""),
      { contentType: json, headers: { compression: "application/x-gzip" } },
    ],
    ["an unknown compression", () => request(""), { contentType: json, headers: { compression: "application/x-bz2" } }],
    [
      "a compression that is no text",
      () => request(""),
      { contentType: json, headers: { compression: { toString: 1 } } },
    ],
    [
      "a compression that is nested deeply",
      () => request(""),
      { contentType: json, headers: { compression: JSON.parse(deep(100_000)) } },
    ],
    [
      "a zlib bomb of 256 MiB in 256 kB",
      () => deflateSync(Buffer.alloc(1 << 28, " ")),
      { contentType: json, headers: { compression: "application/x-gzip" } },
    ],
    [
      "100,000 levels around a long integer",
      () => request(`, "args": {"value": ${deep(100_000).replace("[]", "[12345678901234567890]")}}`),
    ],
    ["an integer of 1,000,000 digits", () => request(`, "args": {"value": ${"9".repeat(1_000_000)}}`)],
    ["an envelope of another version", () => Buffer.from('{"oslo.version": "3.0", "oslo.message": "{}"}')],
    [
      "an envelope whose version is an object",
      () => Buffer.from('{"oslo.version": {"toString": 1}, "oslo.message": "{}"}'),
    ],
    ["a list", () => Buffer.from("[]")],
    ["a payload that is a list", () => envelope("[]")],
    ["a payload that is null", () => envelope("null")],
    ["a payload that is cut off", () => envelope('{"method": "ec')],
  ])(
    "rejects %s without a reply",
    async (_what, make, properties = { contentType: json }) => {
      const [rejected, published] = [transport.rejected, transport.published.length];
      const begun = performance.now();
      await injectAll(target, [{ body: make(), properties }]);
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(transport.rejected).toBe(rejected + 1);
      expect([transport.requeued, transport.thrown, executed]).toEqual([0, [], 0]);
      expect(transport.published).toHaveLength(published);
      await stillServes();
    },
    30_000,
  );

  /** Decodable and wrong: acknowledged, and a call is answered with a failure. */
  test.each<[string, () => string]>([
    ["arguments that are null", () => '"args": null'],
    ["arguments named __proto__", () => '"args": {"__proto__": {"polluted": true}}'],
    ["arguments named constructor", () => '"args": {"constructor": {"prototype": {"polluted": true}}}'],
    ["a value with 100,000 levels", () => `"args": {"value": ${deep(100_000)}}`],
    ["a namespace that is no text", () => '"namespace": {"toString": 1}'],
    ["a namespace with 100,000 levels", () => `"namespace": ${deep(100_000)}`],
    ["a version that is no text", () => '"version": {"toString": 1}'],
    ["a version of 1,000,000 digits", () => `"version": "1.${"1".repeat(1_000_000)}"`],
    ["a method that is no text", () => '"method": {"toString": 1}'],
    ["the method __proto__", () => '"method": "__proto__"'],
    ["the method constructor", () => '"method": "constructor"'],
    ["a method's name of 10 MB", () => `"method": "${"\\\\".repeat(10_000_000)}"`],
  ])(
    "answers %s with a failure",
    async (_what, more) => {
      const body = envelope(
        `{"method": "echo", "version": "1.2", "_msg_id": "m1", "_reply_q": "${reply.queue}", "_timeout": null, ${more()}}`,
      );
      const replies = transport.published.length;
      await injectAll(target, [{ body, properties: { contentType: json } }]);
      await expect.poll(() => transport.published.length, { timeout: 10_000 }).toBe(replies + 1);
      const answer = transport.published.at(-1)?.body ?? Buffer.alloc(0);
      expect(JSON.parse(JSON.parse(String(answer))["oslo.message"])).toMatchObject({
        result: null,
        ending: true,
        failure: expect.any(String),
      });
      expect([transport.requeued, transport.thrown]).toEqual([0, []]);
      await stillServes();
    },
    30_000,
  );

  test("serves a text of 10 MB", async () => {
    const value = "\u00e9\u{1F600}".repeat(2_500_000);
    expect(await client.call("echo", {}, { value })).toBe(value);
    await stillServes();
  }, 30_000);

  test("keeps context keys of the runtime's own names for data, whatever they hold", async () => {
    const context =
      '"_context_signal": {"aborted": true}, "_context_deadline": -1, "_context___proto__": {"polluted": true}';
    await injectAll(target, [{ body: request(`, ${context}`), properties: { contentType: json } }]);
    await expect.poll(() => executed).toBe(1);
    await stillServes();
  });

  test("a monitor's silence of any length makes no flood of heartbeats", async () => {
    for (const silence of ["1e300", "99999999999", '"1e9"', "-5", "12345678901234567890123", "{}"]) {
      const body = envelope(
        `{"method": "wait", "version": "1.2", "_msg_id": "m1", "_reply_q": "${reply.queue}", "_timeout": ${silence}}`,
      );
      const published = transport.published.length;
      await injectAll(target, [{ body, properties: { contentType: json } }]);
      for (let turn = 0; turn < 20; turn++) await client.call("echo", {}, { value: turn });
      const heartbeats = transport.published.slice(published).filter(({ body }) => body.includes("m1"));
      expect(heartbeats).toEqual([]);
    }
    await stillServes();
  });

  describe("a reply to the call that waits", () => {
    const answerWith = (keys: string): Promise<void> =>
      injectAll({ replyQueue: reply.queue }, [
        {
          body: envelope(`{"_msg_id": "${reply.messageId}", "_unique_id": "u", ${keys}}`),
          properties: { contentType: json },
        },
      ]);

    test.each<[string, () => string]>([
      ["an object", () => '{"class": "ValueError", "module": "builtins", "message": "m"}'],
      ["a list", () => '["ValueError"]'],
      ["true", () => "true"],
      ["no JSON", () => '"Traceback (most recent call last): ..."'],
      ["JSON that is no object", () => '"[1, 2]"'],
      ["null as text", () => '"null"'],
      ["an object without keys, as text", () => '"{}"'],
      [
        "names that are no texts",
        () => JSON.stringify('{"class": {"toString": 1}, "module": {"toString": 1}, "message": []}'),
      ],
      [
        "a trace that is no list of texts",
        () => JSON.stringify('{"class": "A", "module": "b", "tb": [{"toString": 1}, [[]], null]}'),
      ],
      ["a trace with 100,000 levels", () => JSON.stringify(`{"class": "A", "module": "b", "tb": [${deep(100_000)}]}`)],
      [
        "kwargs with __proto__",
        () => JSON.stringify('{"class": "A", "module": "b", "kwargs": {"__proto__": {"polluted": true}}}'),
      ],
      [
        "violations of any shape",
        () =>
          JSON.stringify(
            '{"class": "InvalidArguments", "module": "rpcgen", "kwargs": {"violations": [{"path": {"toString": 1}, "message": []}, 5]}}',
          ),
      ],
    ])("whose failure is %s fails it at once", async (_what, failure) => {
      const begun = performance.now();
      await answerWith(`"result": null, "ending": true, "failure": ${failure()}`);
      await expect(waiting).rejects.toMatchObject({
        name: expect.stringMatching(/^(RemoteError|InvalidArgumentsError)$/),
      });
      expect(performance.now() - begun).toBeLessThan(5_000);
      expect(transport.thrown).toEqual([]);
    });

    test("that has no failure and no result is null", async () => {
      await answerWith('"ending": true');
      expect(await waiting).toBeNull();
    });

    test("is the right one after heartbeats and replies for ids that nobody knows", async () => {
      for (const id of ["m9", "__proto__", "constructor", "", "x".repeat(1_000_000)]) {
        for (const ending of [false, true]) {
          const payload = JSON.stringify({ result: null, failure: null, ending, _msg_id: id, _unique_id: "u" });
          await injectAll({ replyQueue: reply.queue }, [
            { body: envelope(payload), properties: { contentType: json } },
          ]);
        }
      }
      await stillServes();
    });

    test("that is larger than what it should be is a RemoteError of that text", async () => {
      const failure = JSON.stringify({ class: "A", module: "b", message: "m".repeat(10_000_000) });
      await answerWith(`"result": null, "ending": true, "failure": ${JSON.stringify(failure)}`);
      await expect(waiting).rejects.toBeInstanceOf(RemoteError);
    });
  });

  test("callers whose reply queues are gone do not keep others waiting", async () => {
    const bodies = Array.from({ length: 2_000 }, (_, i) =>
      envelope(`{"method": "echo", "version": "1.2", "_msg_id": "m${i}", "_reply_q": "gone_${i}", "_timeout": null}`),
    );
    await injectAll(
      target,
      bodies.map((body) => ({ body, properties: { contentType: json } })),
    );
    await expect.poll(() => executed, { timeout: 5_000 }).toBe(2_000);
    await stillServes();
  }, 20_000);
});

describePrivately("on RabbitMQ", () => {
  let transport: Transport;
  let raw: Awaited<ReturnType<typeof connect>>;
  let virtualHost: string;

  beforeAll(async () => {
    const { name, url } = await newVirtualHost();
    virtualHost = name;
    transport = createTransport(url);
    raw = await connect(url.replace("rabbit://", "amqp://"));
  });
  afterAll(async () => {
    await raw?.close();
    await transport?.close();
  });

  test("4,000 mutants leave server and client at work and the queues empty", async () => {
    const logger = new RecordingLogger();
    let executed = 0;
    const count = async (): Promise<null> => {
      executed++;
      return null;
    };
    const echo = async (_context: unknown, { value }: { value?: unknown }): Promise<unknown> => value;
    const methods = { add: count, echo, note: count, null: count, wait: count };
    const server = new RPCServer(
      transport,
      { topic: "target", server: "host1" },
      [createDispatcher(service, {}, { manager: {}, methods })],
      { logger },
    );
    await server.start();
    const client = new RPCClient(transport, service, { logger });
    expect(await client.call("echo", {}, { value: 1 })).toBe(1);
    const channel = await raw.createConfirmChannel();
    for (const [direction, queue] of [
      ["client->server", "target"],
      ["server->client", await replyQueueOf(channel)],
    ] as const) {
      const mutations = new Mutations(seed + 2, direction);
      for (let i = 0; i < 2_000; i++) {
        const { body, properties } = mutations.next();
        const { contentType, headers } = properties;
        // A table can hold what amqplib can write; the strangest headers are for the test on memory.
        const compression = headers?.["compression"];
        const sent = typeof compression === "string" ? { compression } : {};
        channel.sendToQueue(queue, body, { headers: sent, ...(contentType === undefined ? {} : { contentType }) });
      }
      await channel.waitForConfirms();
    }
    const depth = async (): Promise<number> => (await channel.checkQueue("target")).messageCount;
    await expect.poll(depth, { timeout: 10_000 }).toBe(0);
    expect(await client.call("echo", {}, { value: 2 }, { timeout: 10_000 })).toBe(2);
    const rejected = logger.entries.filter(({ message }) => /not a request|not a reply/.test(message)).length;
    console.log(`RabbitMQ: 4,000 mutants, ${rejected} rejected, ${executed} executed`);
    expect(rejected).toBeGreaterThan(1_500);
    await server.stop(500);
  }, 60_000);

  /** The one queue of the virtual host that is a client's. */
  async function replyQueueOf(channel: { checkQueue(name: string): Promise<unknown> }): Promise<string> {
    const { queues } = await brokerState(virtualHost);
    const queue = queues.map((row) => String(row["name"])).find((each) => each.startsWith("reply_")) ?? "";
    await channel.checkQueue(queue);
    return queue;
  }
});

/** Whether a message is undecodable by a reading that shares nothing with the runtime's: only what is surely so. */
function isRubbish({ body, properties }: { body: Buffer; properties: Properties }): boolean {
  if (properties.contentType !== json) return true;
  if (Object.keys(properties.headers ?? {}).length > 0) return false;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return true;
  }
  const bracketed = text.trim();
  return !bracketed.startsWith("{") || !bracketed.endsWith("}");
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapAfterGC(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
