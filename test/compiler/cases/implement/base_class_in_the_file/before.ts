import type { RequestContext } from "@rpcgen/runtime";
import type { DeskManager } from "./generated/desk/index.js";

abstract class Base {
  async ping(_context: RequestContext): Promise<void> {}
  abstract closeOldOrders(_context: RequestContext): Promise<void>;
}

export class Desk extends Base implements DeskManager {
  async closeOldOrders(): Promise<void> {}
}
