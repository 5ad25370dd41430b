import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describePrivately } from "../support/broker.js";
import { type FaultRow, FaultTable, type Kind } from "../support/fault-table.js";
import { startProxy, type TCPProxy } from "../support/proxy.js";
import { type RabbitMQ, startRabbitMQ } from "../support/rabbitmq.js";
import { Traffic, type TrafficOptions, watchWarnings } from "../support/traffic.js";

const heavy = process.env["RPCGEN_CHAOS"] === "heavy";
const rounds = heavy ? 20 : 3;
const all: readonly Kind[] = ["call", "idempotent", "cast", "kept"];

/** What TCP does to those on either side; the client's and the servers' connections each go through a proxy of their own. */
describePrivately("a network that fails under load", () => {
  const table = new FaultTable();
  const open: Traffic[] = [];
  const warnings = watchWarnings();
  let rabbitmq: RabbitMQ;
  let toClient: TCPProxy;
  let toServers: TCPProxy;

  beforeAll(async () => {
    rabbitmq = await startRabbitMQ();
    toClient = await startProxy(rabbitmq.port, { record: false });
    toServers = await startProxy(rabbitmq.port, { record: false });
  });
  afterEach(async () => {
    toClient.restore();
    toServers.restore();
    for (const traffic of open.splice(0)) await traffic.close();
    expect(warnings.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    table.print();
    await toClient?.close();
    await toServers?.close();
    await rabbitmq?.stop();
  });

  async function traffic(options: Partial<TrafficOptions> = {}): Promise<Traffic> {
    const at = (proxy: TCPProxy): string => `rabbit://guest:guest@127.0.0.1:${proxy.port}/`;
    const made = new Traffic({
      clientURL: at(toClient),
      serverURL: at(toServers),
      transport: { heartbeat: 1 },
      kinds: all,
      ...options,
    });
    open.push(made);
    await made.serve("host1");
    await made.serve("host2");
    return made;
  }

  /** What holds whatever the network does: the queues and the broker live on. */
  function expectNothingLost(rows: readonly FaultRow[]): void {
    for (const { kind, sent, answered, hung, lost } of rows) {
      expect(hung).toBe(0);
      if (kind === "idempotent") expect(answered).toBe(sent);
      if (kind === "kept") expect(lost).toBe(0);
    }
  }

  test.each([
    ["client's", () => [toClient]],
    ["servers'", () => [toServers]],
    ["client's and servers'", () => [toClient, toServers]],
  ])(
    `the %s connections cut ${rounds} times (RST): every idempotent call succeeds`,
    async (whose, proxies) => {
      const load = await traffic();
      load.start();
      for (let round = 0; round < rounds; round++) {
        await load.answered(200);
        for (const proxy of proxies()) proxy.cutOnce();
      }
      await load.answered(200);
      const rows = table.add(await load.finish(`${whose} connections cut, ${rounds} times`));
      expectNothingLost(rows);
      await load.works();
    },
    120_000,
  );

  test("the servers' connections cut with 5,000 calls in flight: no reply is lost", async () => {
    const load = await traffic({ kinds: ["idempotent"] });
    load.burst("idempotent", 5_000);
    await load.answered(200);
    toServers.cutOnce();
    const rows = table.add(await load.finish("servers' connections cut, 5,000 calls in flight"));
    expectNothingLost(rows);
    await load.works();
  }, 60_000);

  test("200 ms of latency each way: everything succeeds, once", async () => {
    const load = await traffic({ transport: { heartbeat: 5 } });
    toClient.delay(200);
    toServers.delay(200);
    load.start();
    await load.answered(800);
    const rows = table.add(await load.finish("latency of 200 ms each way"));
    for (const { sent, answered, hung, twice, lost } of rows) {
      expect([answered, hung, twice, lost]).toEqual([sent, 0, 0, 0]);
    }
  }, 60_000);

  test("a black hole of the client's connections for longer than two heartbeats: every idempotent call succeeds", async () => {
    const load = await traffic();
    load.start();
    await load.answered(200);
    toClient.freeze();
    // By then the client has given its connections up; what it makes anew disappears as well.
    await load.lost("client", 2);
    toClient.restore();
    await load.answered(400);
    const rows = table.add(await load.finish("black hole before the client"));
    expectNothingLost(rows);
    await load.works();
  }, 60_000);

  test("a black hole of the servers' connections for longer than two heartbeats: every idempotent call succeeds", async () => {
    const load = await traffic();
    load.start();
    await load.answered(200);
    toServers.freeze();
    await load.lost("servers", 4);
    toServers.restore();
    await load.answered(400);
    const rows = table.add(await load.finish("black hole before the servers"));
    expectNothingLost(rows);
    await load.works();
  }, 60_000);

  test("half-open: the broker has given the connections up and nobody was told: every idempotent call succeeds", async () => {
    const load = await traffic();
    load.start();
    await load.answered(200);
    toClient.abandon();
    toServers.abandon();
    await load.lost("client", 2);
    await load.lost("servers", 4);
    await load.answered(400);
    const rows = table.add(await load.finish("half-open connections"));
    expectNothingLost(rows);
    await load.works();
  }, 60_000);

  test("no way to the broker for longer than the deadline: everything ends at its deadline", async () => {
    const load = await traffic({ timeout: 2_000, kinds: ["call", "cast"] });
    load.start();
    await load.answered(100);
    toClient.cut();
    await load.failed(100);
    toClient.restore();
    await load.answered(100);
    const rows = table.add(await load.finish("no way to the broker for longer than the deadline"));
    for (const { kind, hung, lost } of rows) {
      expect(hung).toBe(0);
      if (kind === "cast") expect(lost).toBe(0);
    }
    await load.works();
  }, 60_000);
});
