import type { RequestContext as Ctx } from "@rpcgen/runtime";
import type {
  DeskManager as Manager,
  GetOrderRequest,
  Order as Bestellung,
  PlaceOrderArgs as Place,
} from "./generated/desk/index.js";

class Desk implements Manager {
  async placeOrder(_: Ctx, { order }: Place): Promise<number> { return order.id; }
  async listOrders(_: Ctx): Promise<Bestellung[]> { return []; }

  /**
   * Looks an order up.
   *
   * @throws {OrderNotFound} No order {id}.
   */
  async getOrder(_context: Ctx, _args: GetOrderRequest): Promise<Bestellung | null> {
    throw new Error("NotImplemented: get_order");
  }

  async ping(_context: Ctx): Promise<void> {
    throw new Error("NotImplemented: ping");
  }

  /** Runs every hour. */
  async closeOldOrders(_context: Ctx): Promise<void> {
    throw new Error("NotImplemented: close_old_orders");
  }
}
export { Desk };
