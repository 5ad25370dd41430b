import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { maskUrl, parseTransportURL } from "../../src/runtime/amqp/transport-url.js";
import { type RabbitMQ, rabbitMQInstalled, startRabbitMQ } from "./rabbitmq.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where {@link file://./broker.ts} asks for the shared broker. */
    brokerDesk: string;
    /** Whether there is a broker that tests may inspect and disturb. */
    privateBroker: boolean;
  }
}

/**
 * One broker for the whole run, started when the first test file asks for it: most runs of a few files need none. Test
 * files run in other processes, so they ask over HTTP. RPCGEN_TEST_AMQP_URL names a broker to use instead; tests that
 * inspect or disturb their broker still take a private one, and are skipped where RabbitMQ is not installed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<RabbitMQ> | undefined;
  const given = process.env["RPCGEN_TEST_AMQP_URL"] ?? "";
  if (given !== "") await requireAnswer(given);

  async function answer(request: IncomingMessage): Promise<string> {
    if (request.url === "/url" && given !== "") return given;
    started ??= installAndStart();
    const rabbitmq = await started;
    if (request.url !== "/rabbitmqctl") return rabbitmq.url;
    // The peer is our own broker.ts, which sends an array of strings.
    return rabbitmq.ctl(...(JSON.parse(await text(request)) as string[]));
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(body),
      (error: unknown) => fail(response, error),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  project.provide("brokerDesk", `http://127.0.0.1:${port}`);
  project.provide("privateBroker", given === "" || rabbitMQInstalled());

  return async () => {
    server.close();
    server.closeAllConnections();
    await (await started?.catch(() => undefined))?.stop();
  };
}

/** Without this every test would wait for the broker until its own time is over. */
async function requireAnswer(url: string): Promise<void> {
  const attempts = parseTransportURL(url).hosts.map(async ({ hostname, port }) => {
    const socket = connect({ host: hostname, port, timeout: 5_000 });
    socket.once("timeout", () => socket.destroy(new Error("no answer within 5 s")));
    await once(socket, "connect");
    socket.destroy();
  });
  await Promise.any(attempts).catch((error: AggregateError) => {
    throw new Error(
      `no broker answers at RPCGEN_TEST_AMQP_URL (${maskUrl(url)}): ${error.errors.map(String).join(", ")}`,
    );
  });
}

async function installAndStart(): Promise<RabbitMQ> {
  const script = fileURLToPath(new URL("../../scripts/setup-tests.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return startRabbitMQ();
}

function fail(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.end(error instanceof Error ? error.message : String(error));
}
