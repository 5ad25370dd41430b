import { type RabbitMQ, type RabbitMQOptions, startRabbitMQ } from "./rabbitmq.js";

/** Three RabbitMQ nodes on this machine that are one cluster. */
export interface Cluster {
  readonly nodes: readonly RabbitMQ[];
  /** `rabbit://guest:guest@127.0.0.1:PORT,...` with every node. */
  readonly url: string;
  /** The node on which the leader of a quorum queue lives. */
  leaderOf(queue: string): Promise<RabbitMQ>;
  stop(): Promise<void>;
}

/** Starts the nodes, the second and third into the cluster of the first, and waits until all are one. */
export async function startCluster(options: RabbitMQOptions = {}): Promise<Cluster> {
  const nodes: RabbitMQ[] = [];
  const stop = async (): Promise<void> => {
    // The first one last: it has the epmd of all.
    for (const node of nodes.splice(0).reverse()) await node.stop();
  };
  try {
    const first = await startRabbitMQ(options);
    nodes.push(first);
    const join = [
      "cluster_formation.peer_discovery_backend = classic_config",
      `cluster_formation.classic_config.nodes.1 = ${first.node}`,
    ];
    const config = [...(options.config ?? []), ...join];
    // Not at the same time: two nodes that join at one moment wait for each other's lock.
    for (let i = 0; i < 2; i++) nodes.push(await startRabbitMQ({ ...options, config, club: first.club }));
    // A node takes connections a little before the others count it, and a quorum queue that is declared in between has
    // too few members to survive the loss of one.
    for (const node of nodes) {
      await node.ctl("await_startup");
      const running = await node.ctl("eval", "length(rabbit_nodes:all_running()).");
      if (running.trim() !== "3") throw new Error(`${node.node} sees ${running.trim()} nodes in the cluster`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const all = [...nodes];
  return {
    nodes: all,
    url: `rabbit://${all.map(({ port }) => `guest:guest@127.0.0.1:${port}`).join(",")}/`,
    async leaderOf(queue) {
      const answers = await Promise.allSettled(all.map((node) => leader(node, queue)));
      for (const answer of answers) {
        const found = answer.status === "fulfilled" ? all.find(({ node }) => answer.value.includes(node)) : undefined;
        if (found !== undefined) return found;
      }
      throw new Error(
        `no node knows the leader of ${queue}: ${answers.map((each) => JSON.stringify(each)).join(", ")}`,
      );
    },
    stop,
  };
}

function leader(node: RabbitMQ, queue: string): Promise<string> {
  return node.ctl(
    "eval",
    `{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"${queue}">>)), {_, Node} = amqqueue:get_pid(Q), Node.`,
  );
}
