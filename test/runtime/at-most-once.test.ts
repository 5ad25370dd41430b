import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  type Context,
  createDispatcher,
  createTransport,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
} from "@rpcgen/runtime";
import { expect, test } from "vitest";
import { brokerURL, uniqueName } from "../support/broker.js";

test("a cast that ends its server at once is not delivered again", async () => {
  const url = await brokerURL();
  const topic = uniqueName("fuse");
  const program = fileURLToPath(new URL("fixtures/dying.mjs", import.meta.url));
  const dying = spawn(process.execPath, [program, url, topic], { stdio: ["ignore", "pipe", "inherit"] });
  await once(dying.stdout, "data");
  const service = {
    name: "fuse",
    topic,
    versions: ["1.0"],
    methods: { blow: { member: "blow", kind: "cast", returnsNothing: true } },
  } satisfies ServiceDescriptor;
  const transport = createTransport(url);
  const client = new RPCClient(transport, service);
  await client.cast("blow", { request_id: "first" });
  const [, signal] = await once(dying, "exit");
  expect(signal).toBe("SIGKILL");
  // The queue is the topic's, and the next server has what the dead one had not acknowledged.
  const seen: unknown[] = [];
  const methods = {
    blow: async (context: Context) => {
      seen.push(context["request_id"]);
    },
  };
  const server = new RPCServer(transport, { topic, server: "host1" }, [
    createDispatcher(service, {}, { manager: {}, methods }),
  ]);
  await server.start();
  await client.cast("blow", { request_id: "second" });
  await expect.poll(() => seen).toContain("second");
  expect(seen).toEqual(["second"]);
  await server.stop(1_000);
  await transport.close();
});
