import type { RequestContext } from "@rpcgen/runtime";
import type { DeskManager, GetOrderRequest, ListOrdersRequest, Order, PlaceOrderArgs } from "./generated/desk/index.js";

abstract class Base {
  async ping(_context: RequestContext): Promise<void> {}
  abstract closeOldOrders(_context: RequestContext): Promise<void>;
}

export class Desk extends Base implements DeskManager {
  async closeOldOrders(): Promise<void> {}

  /**
   * Looks an order up.
   *
   * @throws {OrderNotFound} No order {id}.
   */
  async getOrder(_context: RequestContext, _args: GetOrderRequest): Promise<Order | null> {
    throw new Error("NotImplemented: get_order");
  }

  /** Places an order. */
  async placeOrder(_context: RequestContext, _args: PlaceOrderArgs): Promise<number> {
    throw new Error("NotImplemented: place_order");
  }

  async listOrders(_context: RequestContext, _args: ListOrdersRequest): Promise<Order[]> {
    throw new Error("NotImplemented: list_orders");
  }
}
