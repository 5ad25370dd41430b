// A licence text.
import type { RequestContext } from "@rpcgen/runtime";
import {
    type DeskManager,
    type ListOrdersRequest,
    type Order,
    OrderNotFound,
    type PlaceOrderArgs,
} from "./generated/desk/index.js";
import type { GetOrderRequest } from "./generated/desk/types.js"; // what comes in

const   table = new Map<number, {id:number, state: "open"|"done"}>()   // kept   as it is

/** Everything here belongs to the user. */
export class ShopDesk implements DeskManager {
    #count = 0   // no semicolon

    /* not a doc comment */ async getOrder(_context: RequestContext, { id }: GetOrderRequest)
    {
        this.#count++;
        const order = table.get(id);   if (!order) throw new OrderNotFound({ id });
        return order;
    }

    /** A helper of ours. */
    protected helper(): number { return this.#count; } // last

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

export const after = 1;
