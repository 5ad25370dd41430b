import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describePrivately } from "../support/broker.js";
import { type Cluster, startCluster } from "../support/cluster.js";
import { FaultTable, type Kind } from "../support/fault-table.js";
import { Traffic, type TrafficOptions, watchWarnings } from "../support/traffic.js";

const heavy = process.env["RPCGEN_CHAOS"] === "heavy";
const rounds = heavy ? 6 : 1;
const all: readonly Kind[] = ["call", "idempotent", "cast", "kept"];

describePrivately("a cluster of three nodes under load", () => {
  const table = new FaultTable();
  const open: Traffic[] = [];
  const warnings = watchWarnings();
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterEach(async () => {
    for (const traffic of open.splice(0)) await traffic.close();
    expect(warnings.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    table.print();
    await cluster?.stop();
  });

  async function traffic(options: Partial<TrafficOptions>): Promise<Traffic> {
    const made = new Traffic({ clientURL: cluster.url, kinds: all, rate: 30, ...options });
    open.push(made);
    await made.serve("host1");
    await made.serve("host2");
    return made;
  }

  test.each([
    ["quorum queues", { quorumQueues: true }],
    ["quorum queues, also for replies and fanouts", { quorumQueues: true, transientQuorumQueues: true }],
  ])(
    `%s lose their leader ${rounds} times: nothing hangs, every idempotent call succeeds, no confirmed cast is lost`,
    async (what, transport) => {
      const load = await traffic({ transport });
      load.start();
      for (let round = 0; round < rounds; round++) {
        await load.answered(150);
        const leader = await cluster.leaderOf(load.topic);
        await leader.kill();
        await load.answered(150);
        await leader.start();
      }
      await load.answered(150);
      const rows = table.add(await load.finish(`${what}: leader killed, ${rounds} times`));
      for (const { kind, sent, answered, hung, lost } of rows) {
        expect(hung).toBe(0);
        if (kind === "idempotent") expect(answered).toBe(sent);
        if (kind === "cast" || kind === "kept") expect(lost).toBe(0);
      }
      await load.works();
    },
    240_000,
  );
});
