import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { type RabbitMQ, startRabbitMQ } from "./rabbitmq.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where {@link file://./broker.ts} asks for the shared broker. */
    brokerDesk: string;
  }
}

/**
 * One broker for the whole run, started when the first test file asks for it: most runs of a few files need none. Test
 * files run in other processes, so they ask over HTTP. RPCGEN_TEST_AMQP_URL names a broker to use instead, but for the
 * tests that need rabbitmqctl.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<RabbitMQ> | undefined;
  const given = process.env["RPCGEN_TEST_AMQP_URL"];

  async function answer(request: IncomingMessage): Promise<string> {
    if (request.url === "/url" && given !== undefined && given !== "") return given;
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

  return async () => {
    server.close();
    server.closeAllConnections();
    await (await started?.catch(() => undefined))?.stop();
  };
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
