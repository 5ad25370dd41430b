import type { RequestContext } from "@rpcgen/runtime";
import type { DeskManager, GetOrderRequest, Order, PlaceOrderArgs } from "./generated/desk/index.js";

export class Desk implements DeskManager {
  async getOrder(_context: RequestContext, _args: GetOrderRequest): Promise<Order | null> {
    throw new Error("NotImplemented: get_order");
  }

  async listOrders(_context: RequestContext): Promise<Order[]> {
    return [];
  }

  /** Places an order. */
  async placeOrder(_context: RequestContext, _args: PlaceOrderArgs): Promise<number> {
    throw new Error("NotImplemented: place_order");
  }

  async ping(_context: RequestContext): Promise<void> {
    throw new Error("NotImplemented: ping");
  }

  /** Runs every hour. */
  async closeOldOrders(_context: RequestContext): Promise<void> {
    throw new Error("NotImplemented: close_old_orders");
  }
}
