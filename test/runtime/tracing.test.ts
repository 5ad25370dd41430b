import { metrics as metricsAPI, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { createTransport, RPCClient, RPCServer, type ServiceDescriptor } from "@rpcgen/runtime";
import { clientTracing, observeTransport, otelMetrics, serverTracing } from "@rpcgen/runtime/otel";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { brokerURL, uniqueName } from "../support/broker.js";
import { createLabDispatcher, labService } from "./fixtures/lab.js";
import { TestManager } from "./fixtures/manager.js";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const memory = `memory://${uniqueName("tracing")}`;

beforeAll(() => provider.register());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  propagation.disable();
  metricsAPI.disable();
});

describe.each([
  ["memory", () => Promise.resolve(memory)],
  ["RabbitMQ", brokerURL],
])("OpenTelemetry over %s", (_name, url) => {
  const endings: (() => Promise<unknown>)[] = [];
  let address: string;
  beforeAll(async () => {
    address = await url();
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
    exporter.reset();
  });

  const lab = async (definition: Partial<ServiceDescriptor> = {}) => {
    const service: ServiceDescriptor = { ...labService, topic: uniqueName("traced"), ...definition };
    const manager = new TestManager();
    const transport = createTransport(address);
    endings.push(() => transport.close());
    const dispatcher = createLabDispatcher(manager);
    const find: typeof dispatcher.find = (request) => {
      const found = dispatcher.find(request);
      const method = service.methods[request.method];
      return found.kind === "handler" && method !== undefined
        ? { kind: "handler", handler: { ...found.handler, method } }
        : found;
    };
    const server = new RPCServer(transport, { topic: service.topic, server: "host1" }, [{ ...dispatcher, find }], {
      interceptors: [serverTracing()],
    });
    await server.start();
    endings.push(() => server.stop(0));
    const client = new RPCClient(transport, service, { interceptors: [clientTracing()] });
    return { client, manager, transport, service };
  };
  /** Finished spans by kind; the server's ends a little after the reply. */
  const spans = async (count: number): Promise<Record<string, ReadableSpan>> => {
    while (exporter.getFinishedSpans().length < count) await new Promise((resolve) => setImmediate(resolve));
    return Object.fromEntries(exporter.getFinishedSpans().map((span) => [SpanKind[span.kind], span]));
  };

  test("the span of a served call is the child of its caller's, and both say what was called", async () => {
    const { client, service } = await lab();
    const tracer = trace.getTracer("test");
    await tracer.startActiveSpan("outer", async (outer) => {
      await client.call("echo", { request_id: "req-1", auth_token: "hush" }, { value: "hush" });
      outer.end();
    });
    const { INTERNAL: outer, CLIENT: sent, SERVER: served } = await spans(3);
    expect(sent?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(served?.parentSpanContext?.spanId).toBe(sent?.spanContext().spanId);
    expect(served?.spanContext().traceId).toBe(outer?.spanContext().traceId);
    expect([sent?.name, served?.name]).toEqual([`send ${service.topic} echo`, `process ${service.topic} echo`]);
    expect(served?.attributes).toEqual({
      "messaging.system": "rabbitmq",
      "messaging.destination.name": service.topic,
      "messaging.operation.name": "echo",
      "messaging.operation.type": "process",
      "rpc.system": "rpcgen",
      "rpc.service": "lab",
      "rpc.method": "echo",
      "rpcgen.version": "2.0",
      "openstack.request_id": "req-1",
    });
    expect(JSON.stringify([sent?.attributes, served?.attributes])).not.toContain("hush");
  });

  test("a cast is a producer's and a consumer's span of one trace", async () => {
    const { client, manager } = await lab();
    await client.cast("note", {}, { text: "a" });
    await manager.until(() => manager.noted.length === 1);
    const { PRODUCER: sent, CONSUMER: served } = await spans(2);
    expect(served?.parentSpanContext?.spanId).toBe(sent?.spanContext().spanId);
  });

  test("a failure is on both spans, without the values that the definition calls sensitive", async () => {
    const methods = { fail: { member: "fail", kind: "call", params: { with: {} }, sensitive: ["with"] } } as const;
    const { client } = await lab({ methods });
    await expect(client.call("fail", {}, { with: "hunter2" })).rejects.toThrow();
    const { CLIENT: sent, SERVER: served } = await spans(2);
    expect(sent?.status).toMatchObject({ code: SpanStatusCode.ERROR });
    expect(served?.status).toEqual({ code: SpanStatusCode.ERROR, message: "***" });
    expect([sent?.attributes["error.type"], served?.attributes["error.type"]]).toEqual(["remote", "RangeError"]);
    expect(JSON.stringify([sent?.events, served?.events, sent?.status, served?.status])).not.toContain("hunter2");
  });

  test("headers that are no trace context begin a trace of their own", async () => {
    const { manager, transport, service } = await lab();
    const odd = new RPCClient(transport, service, {
      interceptors: [(request, next) => next({ ...request, headers: { traceparent: 5, tracestate: "\n" } })],
    });
    await odd.cast("note", {}, { text: "a" });
    await manager.until(() => manager.noted.length === 1);
    const { CONSUMER: served } = await spans(1);
    expect(served?.parentSpanContext).toBeUndefined();
  });

  test("counters, histograms and a transport's numbers are instruments of a meter", async () => {
    const collected = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: collected, exportIntervalMillis: 3_600_000 });
    const meters = new MeterProvider({ readers: [reader] });
    endings.push(() => meters.shutdown());
    const meter = meters.getMeter("test");
    const { transport, service } = await lab();
    observeTransport(transport, meter);
    const client = new RPCClient(transport, service, { metrics: otelMetrics(meter) });
    await client.call("echo", {}, { value: 1 });
    await client.call("echo", {}, { value: 2 });
    // A reply may be here before the broker has confirmed it to the server.
    await vi.waitFor(() => expect(transport.stats?.().confirmed).toBe(4));
    await reader.forceFlush();
    const all = collected.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    const points = (name: string) =>
      all
        .find(({ descriptor }) => descriptor.name === name)
        ?.dataPoints.map(({ attributes, value }) => ({ ...attributes, value }));
    expect(points("rpcgen.client.requests")).toEqual([{ service: "lab", method: "echo", outcome: "ok", value: 2 }]);
    expect(points("rpcgen.client.duration")).toMatchObject([{ method: "echo", value: { count: 2 } }]);
    expect(points("rpcgen.transport.messages")).toContainEqual(
      expect.objectContaining({ state: "confirmed", value: 4 }),
    );
    expect(points("rpcgen.transport.up")).toContainEqual(expect.objectContaining({ role: "publish", value: 1 }));
  });
});
