// Who takes part, in the order of the tables. `raw` is what all others are measured by.
import { fileURLToPath } from "node:url";

const peer = fileURLToPath(new URL("peer.mjs", import.meta.url));

export const contestants = [
  node("raw", "amqplib by hand, direct reply-to", ["call", "cast", "fanout"]),
  node("raw-oslo", "amqplib by hand, oslo's wire", ["call", "cast", "fanout"]),
  node("rpcgen", "rpcgen", ["call", "cast", "fanout"]),
];

/** `operations` are those that it has with the same guarantees as the others. */
function node(name, title, operations) {
  const program = (role, url, server) => ({ command: process.execPath, args: [peer, name, role, url, server] });
  return { name, title, operations, program };
}
