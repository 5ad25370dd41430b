/** A program as a user of the case "everything" writes it: what must compile, and what must not. */
export function orderDeskProgram(importExtension: string): string {
  return `import type { RequestContext, Transport } from "@rpcgen/runtime";
import {
  createOrderDeskDispatcher,
  type GetOrderRequest,
  type ListOrdersRequest,
  type MoveOrderRequest,
  type Order,
  OrderDeskAPI,
  type OrderDeskConverters,
  type OrderDeskManager,
  OrderNotFound,
  OrderStateValues,
  type Payment,
  type PlaceOrderRequest,
} from "./order_desk/index${importExtension}";

const order: Order = {
  id: 7n,
  uuid: "5e2c9a5e-5d3b-4b0c-9a3e-8f2d6f0f3c11",
  state: "on the way",
  lines: [{ article: "4006381333931" }],
  payment: { kind: "card", number: "1", price: { amount: 1n, currency: "EUR" } },
  placed_at: "2024-05-01T12:00:00.000000",
  due: null,
  weight: 1.5,
  extra: { anything: true },
  "customer-name": "Ada",
};

// @ts-expect-error an optional field may be absent, not undefined
export const withUndefined: Order = { ...order, parent: undefined };
// @ts-expect-error the tag decides which fields there are
export const wrongPayment: Payment = { kind: "transfer", number: "1", price: { amount: 1n, currency: "EUR" } };
// @ts-expect-error not one of the enum's values
export const wrongState: Order["state"] = "lost";

const converters: OrderDeskConverters = {
  money_to_cents: {
    encode: (money) => Number(money.amount),
    decode: (cents) => ({ amount: BigInt(cents), currency: "EUR" }),
  },
  desk_to_host: { encode: (desk) => desk.toUpperCase() },
};

class Desk implements OrderDeskManager {
  async getOrder(_context: RequestContext, { order_id, detailed }: GetOrderRequest): Promise<Order | null> {
    const isDetailed: boolean = detailed;
    if (!isDetailed) throw new OrderNotFound({ order_id, desk: "north" });
    return { ...order, id: order_id };
  }
  async listOrders(_context: RequestContext, { state, limit }: ListOrdersRequest): Promise<Record<string, Order[]>> {
    return { [state ?? "any"]: [order].slice(0, limit) };
  }
  async pingDesk(): Promise<void> {}
  async placeOrder(context: RequestContext, request: PlaceOrderRequest): Promise<bigint> {
    context.signal.throwIfAborted();
    const rush: boolean | undefined = request.rush;
    // @ts-expect-error the desk only routes, and does not reach the manager
    request.desk;
    return rush === true ? request.order.id : 1n;
  }
  async moveOrder(_context: RequestContext, { target }: MoveOrderRequest): Promise<Order> {
    return { ...order, extra: target };
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

export const dispatcher = createOrderDeskDispatcher(new Desk(), { converters });
// @ts-expect-error the definition names converters, so they must be given
export const withoutConverters = createOrderDeskDispatcher(new Desk());

export async function use(transport: Transport): Promise<bigint | undefined> {
  const api = new OrderDeskAPI(transport, { converters, versionCap: "spring" });
  const context = { user: "ada" };
  const found: Order | null = await api.getOrder(context, { order_id: 7n });
  await api.listOrders(context);
  await api.pingDesk(context, { timeout: 100 });
  const moved: Order = await api.moveOrder(context, { order, target: "south", wait: true });
  const sent: void = await api.moveOrder(context, { order, target: "south" });
  // @ts-expect-error a cast has no result
  const noOrder: Order = await api.moveOrder(context, { order, target: "south", wait: false });
  // @ts-expect-error an argument is missing
  await api.getOrder(context, {});
  // @ts-expect-error bigint, not number
  await api.getOrder(context, { order_id: 7 });
  // @ts-expect-error a constant is not the caller's
  await api.placeOrder(context, { order, rush: true, price: { amount: 1n, currency: "EUR" }, source: "me" });
  const maySend: boolean = api.canSend.archiveOrders();
  try {
    return await api.placeOrder(context, { order, rush: maySend, price: { amount: 1n, currency: "EUR" } });
  } catch (error) {
    if (error instanceof OrderNotFound) return error.fields.candidates?.[0];
    throw error;
  } finally {
    console.log(found, moved, sent, noOrder, OrderStateValues.length);
  }
}
`;
}
