import * as rpc from '@rpcgen/runtime'
import * as desk from './generated/desk'

export default class implements desk.DeskManager {
	// tabs, single quotes, no semicolons, CRLF
	async ping(context: rpc.RequestContext) {}

	/**
	 * Looks an order up.
	 *
	 * @throws {OrderNotFound} No order {id}.
	 */
	async getOrder(_context: rpc.RequestContext, _args: desk.GetOrderRequest): Promise<desk.Order | null> {
		throw new Error('NotImplemented: get_order')
	}

	/** Places an order. */
	async placeOrder(_context: rpc.RequestContext, _args: desk.PlaceOrderArgs): Promise<number> {
		throw new Error('NotImplemented: place_order')
	}

	async listOrders(_context: rpc.RequestContext, _args: desk.ListOrdersRequest): Promise<desk.Order[]> {
		throw new Error('NotImplemented: list_orders')
	}

	/** Runs every hour. */
	async closeOldOrders(_context: rpc.RequestContext): Promise<void> {
		throw new Error('NotImplemented: close_old_orders')
	}
}
