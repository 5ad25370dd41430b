import * as rpc from '@rpcgen/runtime'
import * as desk from './generated/desk'

export default class implements desk.DeskManager {
	// tabs, single quotes, no semicolons, CRLF
	async ping(context: rpc.RequestContext) {}
}
