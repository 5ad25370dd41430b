import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTransport, type Transport } from "@rpcgen/runtime";
import { connect } from "amqplib";
import { BaseAPI } from "../../generated/nova/base/index.js";
import { newVirtualHost } from "./broker.js";
import { startOpenStack } from "./openstack.js";
import { ProgramFolder } from "./program-folder.js";

/** The real nova-conductor and nova-compute on a virtual host of their own, with a driver that only pretends. */
export interface Nova {
  readonly url: string;
  /** A transport of ours on the same virtual host. */
  readonly transport: Transport;
  /** The SQLite file of the cell's database. */
  readonly database: string;
  stop(): Promise<void>;
}

/** The one host, and the hypervisor's name of it. */
export const novaHost = "host1";

/** Starts both services and waits until they answer. */
export async function startNova(): Promise<Nova> {
  const [{ url }, openStack, folder] = await Promise.all([
    newVirtualHost(),
    startOpenStack(),
    ProgramFolder.make("nova"),
  ]);
  await Promise.all(["state", "locks"].map((name) => mkdir(join(folder.path, name))));
  const database = join(folder.path, "nova.sqlite");
  const configFile = join(folder.path, "nova.conf");
  writeFileSync(configFile, configuration(folder.path, database, url, openStack.url));
  await declareQueues(url);
  const script = fileURLToPath(new URL("../interop/nova_services.py", import.meta.url));
  // Debian's own Python: its nova is not seen by another one that may come first in the path.
  const services = folder.start("services", "/usr/bin/python3", [script, configFile], process.env);
  const transport = createTransport(url);
  const nova: Nova = {
    url,
    transport,
    database,
    async stop() {
      await transport.close();
      await folder.end("services", services, "SIGKILL");
      await openStack.stop();
      await folder.remove();
    },
  };
  const ended = once(services, "exit").then(() => {
    throw new Error(`nova did not start. It printed:\n${folder.output("services").slice(-4_000)}`);
  });
  try {
    await Promise.race([answersOf(transport), ended]);
  } catch (error) {
    await nova.stop();
    throw error;
  }
  ended.catch(() => {});
  return nova;
}

function configuration(folder: string, database: string, url: string, openStackURL: string): string {
  const sections: Record<string, Record<string, string>> = {
    DEFAULT: {
      transport_url: url,
      state_path: join(folder, "state"),
      compute_driver: "fake.FakeDriver",
      host: novaHost,
      my_ip: "127.0.0.1",
      // What the periodic tasks do would come between the tests.
      periodic_enable: "false",
    },
    // A cell's own conductor needs no database of the API.
    // While the database is locked, nova waits for it instead of failing.
    database: { connection: `sqlite:///${database}?timeout=30` },
    conductor: { workers: "1" },
    oslo_concurrency: { lock_path: join(folder, "locks") },
    oslo_messaging_notifications: { driver: "messagingv2" },
    placement: { auth_type: "none", endpoint_override: openStackURL },
    neutron: { auth_type: "none", endpoint_override: openStackURL },
  };
  return Object.entries(sections)
    .flatMap(([section, options]) => [`[${section}]`, ...Object.entries(options).map((option) => option.join(" = "))])
    .join("\n");
}

/**
 * Makes the queues of the services before they do, as they do. A request then waits there for them, also that of
 * nova-compute, which asks the conductor again only after ten seconds.
 */
async function declareQueues(url: string): Promise<void> {
  const model = await connect(url.replace(/^rabbit:/, "amqp:"));
  const channel = await model.createChannel();
  await channel.assertExchange("nova", "topic", { durable: false });
  for (const queue of ["conductor", `compute.${novaHost}`]) {
    await channel.assertQueue(queue, { durable: false });
    await channel.bindQueue(queue, "nova", queue);
  }
  await model.close();
}

async function answersOf(transport: Transport): Promise<void> {
  await new BaseAPI(transport, { topic: "conductor" }).ping({}, { arg: "up" });
  await new BaseAPI(transport, { topic: "compute" }).ping({}, { arg: "up" }, { server: novaHost });
}
