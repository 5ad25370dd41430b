import type { RequestContext } from "@rpcgen/runtime";
import type {
  DeskManager,
  GetOrderRequest,
  ListOrdersRequest, // was enough once
  Order,
  PlaceOrderArgs,
} from "./generated/desk/index.js";

export class Desk implements DeskManager {
  // The arguments had no default then, and nothing came back.
  async getOrder(context: RequestContext, { id, /* all */ detailed }: GetOrderRequest): Promise<Order | null> {
    throw new Error(`${context.request_id} ${id} ${detailed}`);
  }

  placeOrder = async (_: RequestContext, { order }: PlaceOrderArgs): Promise<number> => order.id;

  async listOrders(_context: RequestContext, args: ListOrdersRequest): Promise< Order[ ] > {
    return args.state === "open" ? [] : [];
  }

  async ping(_context: RequestContext): Promise<void> {}

  public async closeOldOrders(_: RequestContext) {}
}
