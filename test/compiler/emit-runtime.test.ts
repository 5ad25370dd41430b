import { createTransport, InvalidArgumentsError, type RequestContext, Service, VersionCapError } from "@rpcgen/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createOrderDeskDispatcher,
  type ListOrdersRequest,
  type Order,
  OrderDeskAPI,
  type OrderDeskConverters,
  type OrderDeskManager,
  OrderNotFound,
  type PlaceOrderRequest,
  TooOldForNotes,
} from "./cases/generate/everything/expected/order_desk/index.js";

const converters: OrderDeskConverters = {
  money_to_cents: {
    encode: ({ amount }) => Number(amount),
    decode: (cents) => ({ amount: BigInt(cents), currency: "EUR" }),
  },
  desk_to_host: { encode: (desk) => desk.toUpperCase(), decode: (host) => String(host).toLowerCase() },
};

const order: Order = {
  id: 2n ** 60n,
  uuid: "5e2c9a5e-5d3b-4b0c-9a3e-8f2d6f0f3c11",
  state: "on the way",
  lines: [{ article: "4006381333931", quantity: 2 }],
  payment: { kind: "card", number: "1", price: { amount: 2n ** 70n, currency: "EUR" } },
  placed_at: "2024-05-01T12:00:00.000000",
  due: null,
  weight: 1.5,
  extra: null,
  labels: { desk: "north" },
  "customer-name": "Ada",
};

/** Remembers what it was asked. */
class Desk implements OrderDeskManager {
  readonly seen: unknown[] = [];

  async getOrder(_: RequestContext, { order_id }: { order_id: bigint }): Promise<Order | null> {
    if (order_id === 404n) throw new OrderNotFound({ order_id, desk: "north", candidates: [1n] });
    return { ...order, id: order_id };
  }
  async listOrders(_: RequestContext, request: ListOrdersRequest): Promise<Record<string, Order[]>> {
    this.seen.push(request);
    return { all: [order] };
  }
  async pingDesk(): Promise<void> {}
  async placeOrder(_: RequestContext, request: PlaceOrderRequest): Promise<bigint> {
    this.seen.push(request);
    return request.order.id;
  }
  async moveOrder(_: RequestContext, request: { order: Order; target: string }): Promise<Order> {
    this.seen.push(request.target);
    return request.order;
  }
  async cancelOrder(): Promise<boolean> {
    return true;
  }
  async syncDesks(): Promise<void> {}
  async archiveOrders(): Promise<void> {}
  async importLegacy(): Promise<void> {}
  async closeOldOrders(): Promise<void> {}
  async reportLoad(): Promise<void> {}
}

describe("a program on the generated code of everything", () => {
  const transport = createTransport("memory://emit-runtime");
  let desk: Desk;
  let service: Service;
  let api: OrderDeskAPI;

  beforeEach(async () => {
    desk = new Desk();
    service = await Service.create({
      binary: "desk",
      host: "north",
      transport,
      endpoints: [createOrderDeskDispatcher(desk, { converters })],
    });
    await service.start();
    api = new OrderDeskAPI(transport, { converters });
  });

  afterEach(() => service.stop());

  it("gets results of their declared types back, bigints and versioned objects too", async () => {
    expect(await api.getOrder({}, { order_id: 2n ** 65n })).toEqual({ ...order, id: 2n ** 65n });
    expect(await api.pingDesk({})).toBeNull();
  });

  it("gets a declared error with its fields", async () => {
    const failure = await api.getOrder({}, { order_id: 404n }).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(OrderNotFound);
    expect(failure).toMatchObject({
      message: "Order 404 could not be found at north.",
      fields: { order_id: 404n, desk: "north", candidates: [1n] },
    });
  });

  it("hands the manager defaults, constants and values from other arguments", async () => {
    await api.listOrders({});
    await api.placeOrder({}, { order, rush: true, price: { amount: 5n, currency: "EUR" } });

    expect(desk.seen).toEqual([
      { state: null, limit: 100, filters: [], sort: "asc", ids: [1n, 9007199254740993n] },
      {
        order,
        rush: true,
        gift: false,
        order_uuid: order.uuid,
        source: "desk",
        placed_at: expect.stringMatching(/^\d{4}-/),
        price: { amount: 5n, currency: "EUR" },
      },
    ]);
  });

  it("reaches the newest manager from an old client, in the newest shape", async () => {
    const old = new OrderDeskAPI(transport, { converters, versionCap: "1.0" });
    const price = { amount: 5n, currency: "EUR" };

    expect(await old.placeOrder({}, { order, rush: true, legacy_code: "x", price })).toBe(order.id);
    expect(desk.seen[0]).toMatchObject({ price });
    expect(desk.seen[0]).not.toHaveProperty("rush");
    expect(desk.seen[0]).not.toHaveProperty("legacy_code");
    await expect(old.placeOrder({}, { order, rush: true, notes: "soon", price })).rejects.toThrow(TooOldForNotes);
    await expect(old.placeOrder({}, { order, rush: true, gift: true, price })).rejects.toThrow(VersionCapError);
    expect(old.canSend.archiveOrders()).toBe(false);
  });

  it("lets the caller choose between a call and a cast", async () => {
    expect(await api.moveOrder({}, { order, target: "south", wait: true })).toEqual(order);
    expect(await api.moveOrder({}, { order, target: "south", wait: false })).toBeUndefined();
    expect(desk.seen).toContain("south");
  });

  it("hears of every argument that does not fit, and never with its value", async () => {
    const wrong = { ...order, weight: -1, "customer-name": "x".repeat(81) };
    const failure = await api
      .placeOrder({}, { order: wrong, rush: true, price: { amount: -5n, currency: "euro" } })
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(InvalidArgumentsError);
    expect(failure).toMatchObject({
      violations: [
        { path: "order.weight", message: "must be > 0" },
        { path: "order.customer-name", message: "must NOT have more than 80 characters" },
        { path: "price.amount", message: "must be >= 0" },
        { path: "price.currency", message: 'must match pattern "^[A-Z]{3}$"' },
      ],
    });
    expect(String(failure)).not.toContain("euro");
  });
});
