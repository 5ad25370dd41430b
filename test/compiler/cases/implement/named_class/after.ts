import type { GetOrderRequest, ListOrdersRequest, Order, PlaceOrderArgs } from "./generated/desk/index.js";
import type { RequestContext } from "@rpcgen/runtime";

export class First {}
export class Second {
  // To be filled.
  readonly orders: Order[] = [];

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

  async ping(_context: RequestContext): Promise<void> {
    throw new Error("NotImplemented: ping");
  }

  /** Runs every hour. */
  async closeOldOrders(_context: RequestContext): Promise<void> {
    throw new Error("NotImplemented: close_old_orders");
  }
}
