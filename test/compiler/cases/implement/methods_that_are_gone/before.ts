import type { RequestContext } from "@rpcgen/runtime";
import type { DeskManager, GetOrderRequest, ListOrdersRequest, Order, PlaceOrderArgs } from "./generated/desk/index.js";

export class Desk implements DeskManager {
  async initHost(_host: string): Promise<void> {}
  async getOrder(_context: RequestContext, _args: GetOrderRequest): Promise<Order | null> {
    return null;
  }
  async placeOrder(context: RequestContext, { order }: PlaceOrderArgs): Promise<number> {
    await this.#store(context);
    return order.id;
  }
  async listOrders(_context: RequestContext, _args: ListOrdersRequest): Promise<Order[]> {
    return [];
  }
  async ping(_context: RequestContext): Promise<void> {}
  async closeOldOrders(_context: RequestContext): Promise<void> {}
  /** Was in version 0.9. */
  async dropOrder(_context: RequestContext, _args: { id: number }): Promise<void> {}
  async #store(_context: RequestContext): Promise<void> {}
  private async check(_context: RequestContext): Promise<void> {}
  static async make(_context: RequestContext): Promise<Desk> {
    const desk = new Desk();
    await desk.check(_context);
    return desk;
  }
}
