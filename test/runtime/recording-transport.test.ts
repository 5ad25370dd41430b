import { RemoteError, RPCClient, type ServiceDescriptor, TransportError } from "@rpcgen/runtime";
import { RecordingTransport } from "@rpcgen/runtime/testing";
import { describe, expect, test } from "vitest";

const service = {
  name: "desk",
  topic: "orders",
  exchange: "shop",
  namespace: "desk",
  versions: ["1.0", "1.1"],
  methods: {
    count_orders: { kind: "call", member: "countOrders", params: { state: {} }, timeout: 5000, heartbeat: 3000 },
    close: { kind: "cast", member: "close", server: ["desk"], params: { desk: { local: true } }, priority: 4 },
    sync: { kind: "fanout", member: "sync" },
  },
} as const satisfies ServiceDescriptor;

describe("a recording transport", () => {
  test("tells what a client has published, read back from the bytes", async () => {
    const transport = new RecordingTransport();
    const client = new RPCClient(transport, service);
    await client.call("count_orders", { user_id: "u1" }, { state: "open" });
    await client.cast("close", {}, { desk: "north" });
    await client.fanout("sync", {});
    const [call, cast, fanout] = transport.requests;
    expect(call).toMatchObject({
      kind: "call",
      target: { topic: "orders", exchange: "shop" },
      method: "count_orders",
      namespace: "desk",
      version: "1.0",
      args: { state: "open" },
      context: { user_id: "u1" },
      heartbeat: 3000,
      mandatory: true,
    });
    expect(call?.expiration).toBeGreaterThan(4000);
    expect(cast).toMatchObject({ kind: "cast", target: { server: "north" }, priority: 4, mandatory: true });
    expect(cast?.expiration).toBeUndefined();
    expect(cast?.heartbeat).toBeUndefined();
    expect(fanout).toMatchObject({ kind: "fanout", target: { topic: "orders", fanout: true }, mandatory: false });
  });

  test("answers calls with null, or with what its function gives", async () => {
    const silent = new RPCClient(new RecordingTransport(), service);
    expect(await silent.call("count_orders", {}, { state: "open" })).toBeNull();
    const transport = new RecordingTransport(async ({ args }) => ({ count: 7, state: args["state"] }));
    const answered = new RPCClient(transport, service);
    expect(await answered.call("count_orders", {}, { state: "open" })).toEqual({ count: 7, state: "open" });
  });

  test("fails a call as its function fails", async () => {
    const transport = new RecordingTransport(() => {
      throw new RangeError("too many");
    });
    const client = new RPCClient(transport, service);
    const failure = await client.call("count_orders", {}, { state: "open" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RemoteError);
    expect(failure).toMatchObject({ className: "RangeError", remoteMessage: "too many" });
  });

  test("fails a call whose answer has no form on the wire", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const client = new RPCClient(new RecordingTransport(() => circle), service);
    await expect(client.call("count_orders", {}, { state: "open" })).rejects.toThrow(RemoteError);
  });

  test("forgets its requests on demand, and takes none after it was closed", async () => {
    const transport = new RecordingTransport();
    const client = new RPCClient(transport, service);
    await client.fanout("sync", {});
    transport.clear();
    expect(transport.requests).toEqual([]);
    await transport.close();
    await expect(client.fanout("sync", {})).rejects.toThrow(TransportError);
    expect(transport.requests).toEqual([]);
  });
});
