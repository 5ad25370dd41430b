import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describePrivately } from "../support/broker.js";
import { FaultTable, type Kind } from "../support/fault-table.js";
import { type RabbitMQ, startRabbitMQ } from "../support/rabbitmq.js";
import { Traffic, type TrafficOptions, watchWarnings } from "../support/traffic.js";

/** RPCGEN_CHAOS=heavy, which bench/chaos.mjs sets, does everything as often as it takes to believe it. */
const heavy = process.env["RPCGEN_CHAOS"] === "heavy";
const [kills, closings, deletions, restarts] = heavy ? [20, 30, 30, 5] : [3, 5, 5, 1];
const all: readonly Kind[] = ["call", "idempotent", "cast", "kept"];

describePrivately("a broker that fails under load", () => {
  const table = new FaultTable();
  const open: Traffic[] = [];
  let rabbitmq: RabbitMQ;

  const warnings = watchWarnings();
  beforeAll(async () => {
    rabbitmq = await startRabbitMQ();
  });
  afterEach(async () => {
    for (const traffic of open.splice(0)) await traffic.close();
    expect(warnings.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    table.print();
    await rabbitmq?.stop();
  });

  /** Two servers and a client under load, each on connections of its own. */
  async function traffic(options: Partial<TrafficOptions> = {}): Promise<Traffic> {
    const made = new Traffic({ clientURL: rabbitmq.url, kinds: all, rate: 50, ...options });
    open.push(made);
    await made.serve("host1");
    await made.serve("host2");
    return made;
  }
  const durable = { durableQueues: true };

  /**
   * Calls are answered again, which takes both sides' connections, and those that waited are through. A broker that lives
   * for the moment in which casts are taken has a test of its own.
   */
  async function recovered(load: Traffic): Promise<void> {
    await load.answered(50, "idempotent");
    await load.ended("idempotent");
  }

  test.each([
    ["durable queues", durable],
    ["queues as oslo makes them", { durableQueues: false }],
  ])(
    `killed ${kills} times, %s: nothing hangs, every idempotent call succeeds, no cast is lost that a durable queue has`,
    async (what, transport) => {
      const load = await traffic({ transport });
      load.start();
      for (let kill = 0; kill < kills; kill++) {
        await recovered(load);
        await rabbitmq.kill();
        await rabbitmq.start();
      }
      await recovered(load);
      const rows = table.add(await load.finish(`killed and restarted, ${kills} times, ${what}`));
      for (const { kind, sent, answered, hung, failed, lost } of rows) {
        expect(hung).toBe(0);
        // What comes back before a server has declared its queues is sent again.
        expect(failed).not.toHaveProperty("undeliverable");
        if (kind === "idempotent") expect(answered).toBe(sent);
        if ((kind === "cast" || kind === "kept") && transport.durableQueues) expect(lost).toBe(0);
      }
      await load.works();
    },
    900_000,
  );

  const hasty = heavy ? kills : 2;
  test(`killed ${hasty} times, each time as soon as anything was taken: every idempotent call succeeds that outlives it, no confirmed cast is lost`, async () => {
    // Longer than all the kills of a slow machine take, since what has no broker until its deadline cannot succeed.
    const load = await traffic({ transport: durable, timeout: heavy ? 300_000 : 60_000, rate: 20 });
    load.start();
    for (let kill = 0; kill < hasty; kill++) {
      await load.answered(50);
      await rabbitmq.kill();
      await rabbitmq.start();
    }
    await load.answered(50, "idempotent");
    const rows = table.add(await load.finish(`killed as soon as anything was taken, ${hasty} times, durable queues`));
    for (const { kind, sent, answered, hung, lost } of rows) {
      expect(hung).toBe(0);
      if (kind === "idempotent") expect(answered).toBe(sent);
      if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
    }
    await load.works();
  }, 900_000);

  test(`stopped and started ${restarts} times: nothing hangs, every idempotent call succeeds, no confirmed cast is lost`, async () => {
    const load = await traffic({ transport: durable });
    load.start();
    for (let restart = 0; restart < restarts; restart++) {
      await recovered(load);
      await rabbitmq.restart();
    }
    await recovered(load);
    const rows = table.add(await load.finish(`restarted, ${restarts} times, durable queues`));
    for (const { hung } of rows) expect(hung).toBe(0);
    for (const { kind, sent, answered, lost } of rows) {
      if (kind === "idempotent") expect(answered).toBe(sent);
      if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
    }
    await load.works();
  }, 300_000);

  test(`all connections closed ${closings} times: every idempotent call succeeds, no confirmed cast is lost`, async () => {
    const load = await traffic({ rate: 200 });
    load.start();
    for (let closing = 0; closing < closings; closing++) {
      await load.answered(300);
      await rabbitmq.ctl("close_all_connections", "maintenance");
    }
    await load.answered(300);
    const rows = table.add(await load.finish(`close_all_connections, ${closings} times`));
    for (const { hung } of rows) expect(hung).toBe(0);
    for (const { kind, sent, answered, lost } of rows) {
      if (kind === "idempotent") expect(answered).toBe(sent);
      if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
    }
    await load.works();
  }, 300_000);

  test(`the reply queue deleted ${deletions} times: every idempotent call succeeds, no cast fails`, async () => {
    const load = await traffic({ rate: 200 });
    load.start();
    for (let deletion = 0; deletion < deletions; deletion++) {
      await load.answered(300);
      const queues = (await rabbitmq.ctl("list_queues", "name", "consumers", "--no-table-headers")).split("\n");
      const live = queues.map((row) => row.split("\t")).filter(([, consumers]) => consumers === "1");
      const replyQueue = live.map(([name = ""]) => name).find((name) => name.startsWith("reply_"));
      await rabbitmq.ctl("delete_queue", replyQueue ?? "none");
    }
    await load.answered(300);
    const rows = table.add(await load.finish(`reply queue deleted, ${deletions} times`));
    for (const { hung } of rows) expect(hung).toBe(0);
    for (const { kind, sent, answered, lost } of rows) {
      if (kind !== "call") expect(answered).toBe(sent);
      if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
    }
    await load.works();
  }, 300_000);

  test("short of memory: everything waits within its deadline and goes on, and what is too late was not sent", async () => {
    const load = await traffic({ rate: 50, timeout: 4_000 });
    load.start();
    await load.answered(100);
    await rabbitmq.ctl("set_vm_memory_high_watermark", "0.00001");
    await load.failed(100);
    await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
    await load.answered(400);
    const rows = table.add(await load.finish("memory alarm for longer than the deadline"));
    for (const { kind, hung, twice, lost, failed } of rows) {
      expect([hung, twice]).toEqual([0, 0]);
      expect(Object.keys(failed)).toEqual(["timeout"]);
      // The reply of a call waits too, and can be too late.
      if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
    }
    await load.works();
  }, 60_000);

  test("servers restarted one after the other with 1,000 calls in flight lose no reply", async () => {
    const load = await traffic({ kinds: ["call", "cast"], work: 30, server: { concurrency: 64 } });
    load.burst("call", 1_000);
    load.start();
    for (const name of ["host1", "host2", "host1", "host2"]) {
      await load.answered(100);
      await load.restart(name);
    }
    await load.answered(600);
    const rows = table.add(await load.finish("two servers restarted twice each, 1,000 calls in flight"));
    for (const { sent, answered, hung, twice, lost } of rows) {
      expect([answered, hung, twice, lost]).toEqual([sent, 0, 0, 0]);
    }
  }, 60_000);
});
