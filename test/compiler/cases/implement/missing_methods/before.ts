// A licence text.
import type { RequestContext } from "@rpcgen/runtime";
import { type DeskManager, OrderNotFound } from "./generated/desk/index.js";
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
}

export const after = 1;
