import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { createTransport, RPCClient, Service, type ServiceOptions } from "@rpcgen/runtime";
import { PrometheusMetrics, startHealthServer } from "@rpcgen/runtime/health";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { brokerURL, describePrivately, privateBrokerURL, uniqueName } from "../support/broker.js";
import { startProxy } from "../support/proxy.js";
import { createLabDispatcher, labService } from "./fixtures/lab.js";
import { TestManager } from "./fixtures/manager.js";

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const serve = async (options: Pick<ServiceOptions, "transport"> & Partial<ServiceOptions>) => {
  const topic = uniqueName("health");
  const manager = new TestManager();
  const endpoints = [createLabDispatcher(manager)];
  const service = await Service.create({ binary: "lab-server", host: "host1", topic, endpoints, ...options });
  endings.push(() => service.stop({ timeout: 0 }));
  return { service, manager, topic };
};

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

const ask = async (port: number, path: string, method = "GET"): Promise<Answer> => {
  const outgoing = request({ host: "127.0.0.1", port, path, method, agent: false });
  outgoing.end();
  const [response] = await once(outgoing, "response");
  return { status: response.statusCode, type: response.headers["content-type"], body: await text(response) };
};
const jsonOf = async (port: number, path: string) => {
  const { status, body } = await ask(port, path);
  return { status, ...JSON.parse(body) };
};

const memory = `memory://${uniqueName("health")}`;

describe.each([
  ["memory", () => Promise.resolve(memory)],
  ["RabbitMQ", brokerURL],
])("the health of a service over %s", (_name, url) => {
  let address: string;
  beforeAll(async () => {
    address = await url();
  });

  test("is live until it has stopped, and ready while it runs", async () => {
    const { service } = await serve({ transport: address });
    const { port, close } = await startHealthServer(service, { port: 0 });
    endings.push(close);
    const both = async (): Promise<unknown[]> => [await jsonOf(port, "/live"), await jsonOf(port, "/ready")];
    expect(await both()).toEqual([
      { status: 200, live: true, state: "created" },
      { status: 503, ready: false, state: "created", reason: "the service is created" },
    ]);
    await service.start();
    expect(await both()).toEqual([
      { status: 200, live: true, state: "running" },
      { status: 200, ready: true, state: "running" },
    ]);
    await service.stop();
    expect(await both()).toEqual([
      { status: 503, live: false, state: "stopped" },
      { status: 503, ready: false, state: "stopped", reason: "the service is stopped" },
    ]);
  });

  test("tells how many requests run and wait, and what the transport has done", async () => {
    const { service, manager, topic } = await serve({ transport: address, concurrency: 1 });
    await service.start();
    const transport = createTransport(address);
    endings.push(() => transport.close());
    const client = new RPCClient(transport, { ...labService, topic });
    const calls = ["a", "b"].map((gate) => client.call("wait", {}, { for: gate }));
    await manager.until(() => manager.seen.length === 1);
    while (service.health().waiting < 1) await new Promise((resolve) => setImmediate(resolve));
    expect(service.health()).toMatchObject({ running: 1, waiting: 1, ready: true, transport: { delivered: 2 } });
    for (const gate of ["a", "b"]) manager.gate(gate).open();
    await Promise.all(calls);
    expect(service.health()).toMatchObject({ waiting: 0 });
  });

  test("is a page for Prometheus, with the outcomes of requests on both sides", async () => {
    const metrics = new PrometheusMetrics();
    const { service, topic } = await serve({ transport: address, metrics });
    await service.start();
    const { port, close } = await startHealthServer(service, { port: 0, metrics });
    endings.push(close);
    const transport = createTransport(address);
    endings.push(() => transport.close());
    const client = new RPCClient(transport, { ...labService, topic }, { metrics });
    await client.call("echo", {}, { value: 1 });
    await client.call("echo", {}, { value: 2 });
    await expect(client.call("find", {}, { sample_id: "s" })).rejects.toThrow();
    await transport.publish({ target: { topic } }, { body: Buffer.from("nonsense"), mandatory: true });
    // What comes after it on the same queue has been looked at later.
    await client.call("echo", {}, { value: 3 });

    const { status, type, body } = await ask(port, "/metrics");
    expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    const lines = body.split("\n");
    expect(lines).toContain("# TYPE rpcgen_client_requests_total counter");
    expect(lines).toContain('rpcgen_client_requests_total{service="lab",method="echo",outcome="ok"} 3');
    expect(lines).toContain('rpcgen_client_requests_total{service="lab",method="find",outcome="declared"} 1');
    expect(lines).toContain(
      'rpcgen_server_requests_total{service="lab",method="find",kind="call",outcome="declared"} 1',
    );
    expect(lines).toContain(`rpcgen_server_dropped_total{topic="${topic}",reason="malformed"} 1`);
    expect(lines).toContain(
      'rpcgen_server_duration_seconds_bucket{service="lab",method="echo",kind="call",outcome="ok",le="+Inf"} 3',
    );
    expect(lines).toContain("rpcgen_service_ready 1");
    expect(lines).toContain("rpcgen_transport_delivered_total 5");
    expect(lines).toContain('rpcgen_transport_up{role="consume"} 1');
    // Every line is a comment, or a name, labels and a number.
    const sample = /^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? [0-9.e+-]+$/;
    expect(lines.filter((line) => line !== "" && !line.startsWith("# ") && !sample.test(line))).toEqual([]);
    // Each metric is explained once.
    const helps = lines.filter((line) => line.startsWith("# HELP ")).map((line) => line.split(" ")[2]);
    expect(new Set(helps).size).toBe(helps.length);
  });

  test("is told to readers alone, under three names", async () => {
    const { service } = await serve({ transport: address });
    const { port, close } = await startHealthServer(service, { port: 0 });
    endings.push(close);
    expect((await ask(port, "/ready", "POST")).status).toBe(405);
    expect((await ask(port, "/")).status).toBe(404);
    expect((await ask(port, "/live?probe=1")).status).toBe(200);
    await expect(startHealthServer(service, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await close();
    await close();
  });
});

describePrivately("the health of a service whose broker is away", () => {
  test("is live and not ready, with the reason, until the connection is back; a listener hears of each change", async () => {
    const url = await privateBrokerURL();
    const proxy = await startProxy(Number(new URL(url).port));
    endings.push(() => proxy.close());
    const states: string[] = [];
    const metrics = new PrometheusMetrics();
    const transport = createTransport(
      `rabbit://guest:secret@127.0.0.1:${proxy.port},guest:guest@127.0.0.1:${proxy.port}/`,
      {
        reconnect: { initial: 50, max: 50 },
        metrics,
        onStateChange: ({ role, from, to, error }) => {
          states.push(`${role}: ${from} -> ${to}${error === undefined ? "" : ` (${error.message})`}`);
          throw new Error("a listener must not break the connection");
        },
      },
    );
    endings.push(() => transport.close());
    const { service } = await serve({ transport });
    await service.start();
    expect(service.health()).toMatchObject({ live: true, ready: true });
    proxy.cut();
    while (service.health().ready) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(service.health()).toMatchObject({
      live: true,
      reason: expect.stringMatching(/^the connection for requests is (idle|connecting|waiting)$/),
      transport: { connections: { consume: { lost: 1 } } },
    });
    proxy.restore();
    while (!service.health().ready) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(states).toContain("consume: idle -> connecting");
    expect(states).toContain("consume: connecting -> open");
    expect(states).toContainEqual(expect.stringMatching(/^consume: open -> idle \(the connection to .* was lost\)$/));
    expect(states.join()).not.toContain("secret");
    expect(metrics.text()).toContain('rpcgen_transport_state_changes_total{role="consume",state="open"} 2');
  });
});
