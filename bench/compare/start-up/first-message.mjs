// From nothing to the first message that the broker has confirmed, and out again.
import { connect } from "../contestants/rpcgen.mjs";

const [url] = process.argv.slice(2);
const client = await connect(url);
await client.fanout({ id: 1, instances: [] });
await client.close();
