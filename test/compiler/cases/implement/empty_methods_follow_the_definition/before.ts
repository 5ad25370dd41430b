import type { RequestContext } from "@rpcgen/runtime";
import type { DeskManager } from "./generated/desk/index.js";

export class Desk implements DeskManager {
  async getOrder(_context: RequestContext): Promise<void> {
    throw new Error("NotImplemented: get_order");
  }

  async listOrders(_context: RequestContext): Promise<never[]> {
    return [];
  }
}
