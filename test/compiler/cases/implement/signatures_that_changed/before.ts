import type { RequestContext } from "@rpcgen/runtime";
import type {
  DeskManager,
  GetOrderArgs,
  ListOrdersArgs, // was enough once
  Order,
  PingArgs,
  PlaceOrderArgs,
} from "./generated/desk/index.js";

export class Desk implements DeskManager {
  // The arguments had no default then, and nothing came back.
  async getOrder(context: RequestContext, { id, /* all */ detailed }: GetOrderArgs): Promise<void> {
    throw new Error(`${context.request_id} ${id} ${detailed}`);
  }

  placeOrder = async (_: RequestContext, { order }: PlaceOrderArgs): Promise<number> => order.id;

  async listOrders(_context: RequestContext, args: ListOrdersArgs): Promise< Order[ ] > {
    return args.state === "open" ? [] : [];
  }

  async ping(_context: RequestContext, _args: PingArgs): Promise<void> {}

  public async closeOldOrders(_: RequestContext) {}
}
