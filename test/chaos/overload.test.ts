import {
  createDispatcher,
  createTransport,
  RPCClient,
  RPCServer,
  type RPCServerOptions,
  type ServiceDescriptor,
  type Transport,
  type TransportOptions,
} from "@rpcgen/runtime";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { brokerURL, uniqueName } from "../support/broker.js";
import { memoryAfterGC } from "../support/memory.js";

const service = {
  name: "slow",
  topic: "slow",
  versions: ["1.0"],
  methods: {
    work: { member: "work", kind: "call", params: { data: {} } },
    note: { member: "note", kind: "cast", params: { data: {} }, returnsNothing: true },
  },
} as const satisfies ServiceDescriptor;

/** Eight at a time for 20 ms each: 400 in a second. */
const [concurrency, workTime] = [8, 20];
const inOneSecond = (concurrency * 1_000) / workTime;
const offered = 10 * inOneSecond;
const data = "x".repeat(10_000);
const mebibyte = 1024 * 1024;

/** What keeps memory bounded is named in each test: a limit, and what it counts. */
describe.each([
  ["memory", () => Promise.resolve(`memory://${uniqueName("overload")}`)],
  ["RabbitMQ", brokerURL],
])("memory stays bounded on %s", (name, url) => {
  let address: string;
  const endings: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    address = await url();
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  function connect(options: TransportOptions = {}): Transport {
    // What is left in the queue at the end goes with the last who uses it.
    const transport = createTransport(address, { autoDelete: true, controlExchange: "overload", ...options });
    endings.push(() => transport.close());
    return transport;
  }

  async function serve(options: RPCServerOptions = {}) {
    const topic = uniqueName("slow");
    let [running, most, ran] = [0, 0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, workTime));
      running--;
      ran++;
    };
    const dispatcher = createDispatcher({ ...service, topic }, {}, { manager: {}, methods: { work, note: work } });
    const server = new RPCServer(connect(), { topic, server: "host1" }, [dispatcher], { concurrency, ...options });
    await server.start();
    endings.push(() => server.stop(1_000));
    return { topic, server, most: () => most, ran: () => ran };
  }

  test("when a server is offered ten times the casts that it can do: prefetch bounds what it holds, the broker holds the rest", async () => {
    const { topic, server, most, ran } = await serve({ prefetch: 64 });
    // On memory the queue is in our own memory, so that it has a limit of its own.
    const maxBacklogBytes = 4 * mebibyte;
    const transport = connect({ maxBacklogBytes });
    const client = new RPCClient(transport, { ...service, topic });
    await client.cast("note", {}, { data });
    const before = memoryAfterGC();
    let [taken, refused, waiting, growth] = [0, 0, 0, 0];
    for (let batch = 0; batch < 10; batch++) {
      const casts = Array.from({ length: offered / 10 }, () => client.cast("note", {}, { data }));
      for (const { status, reason } of (await Promise.allSettled(casts)) as { status: string; reason?: unknown }[]) {
        if (status === "fulfilled") taken++;
        else {
          expect(reason).toMatchObject({ code: "backlog-full" });
          refused++;
        }
      }
      // Ten batches in the time in which two rounds of eight are done.
      await new Promise((resolve) => setTimeout(resolve, workTime / 5));
      waiting = Math.max(waiting, server.waiting);
      growth = Math.max(growth, memoryAfterGC() - before);
    }
    console.log(
      `${name}: ${offered} casts of ${data.length} bytes: ${taken} taken, ${refused} refused, ${ran()} ran meanwhile, ` +
        `${waiting} waited in the server at most, ${(growth / mebibyte).toFixed(1)} MiB more at most`,
    );
    expect(taken + refused).toBe(offered);
    expect(refused > 0).toBe(name === "memory");
    expect(most()).toBe(concurrency);
    expect(waiting).toBeLessThanOrEqual(64);
    expect(waiting).toBeGreaterThan(0);
    expect(growth).toBeLessThan(12 * mebibyte);
    expect((offered * data.length) / mebibyte).toBeGreaterThan(3 * 12);
  }, 20_000);

  test("when a client makes ten times the calls that are answered: maxPendingCalls bounds those that wait, and each of them is answered", async () => {
    const { topic, most } = await serve();
    const client = new RPCClient(connect({ maxPendingCalls: inOneSecond }), { ...service, topic });
    await client.call("work", {}, { data });
    const before = memoryAfterGC();
    // Their codes alone: thousands of errors with their stacks would be the most of what is measured.
    const outcomes = Array.from({ length: offered }, () =>
      client.call("work", {}, { data }, { timeout: 15_000 }).then(
        () => "answered",
        (error: { readonly code?: unknown }) => error.code,
      ),
    );
    await Promise.race(outcomes);
    const growth = memoryAfterGC() - before;
    const ended = await Promise.all(outcomes);
    console.log(
      `${name}: ${offered} calls of ${data.length} bytes: ${(growth / mebibyte).toFixed(1)} MiB more while they wait`,
    );
    expect(ended.filter((outcome) => outcome === "answered")).toHaveLength(inOneSecond);
    expect(ended.filter((outcome) => outcome === "too-many-pending-calls")).toHaveLength(offered - inOneSecond);
    expect(most()).toBe(concurrency);
    expect(growth).toBeLessThan(12 * mebibyte);
  }, 20_000);

  test("when a listener acknowledges nothing: prefetch bounds what it is given, each queue for itself", async () => {
    const target = { topic: uniqueName("slow"), server: "host1" };
    const held: { ack(): void }[] = [];
    const consuming = connect({ prefetch: 64 });
    await consuming.subscribe({ target }, (message) => void held.push(message));
    const publishing = connect();
    const body = Buffer.alloc(1_000);
    for (let batch = 0; batch < 10; batch++) {
      const { topic } = target;
      const to = [{ target: { topic } }, { target }, { target: { topic, fanout: true } }];
      await Promise.all(to.flatMap((each) => Array.from({ length: 64 }, () => publishing.publish(each, { body }))));
    }
    await expect.poll(() => held.length).toBe(3 * 64);
    for (const message of held.splice(0, 10)) message.ack();
    await expect.poll(() => held.length).toBe(3 * 64);
    expect(consuming.stats?.().delivered).toBe(3 * 64 + 10);
  });
});
