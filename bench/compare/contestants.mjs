// Who takes part, in the order of the tables. `raw` is what all others are measured by.
import { fileURLToPath } from "node:url";

const peer = fileURLToPath(new URL("peer.mjs", import.meta.url));

export const contestants = [
  node("raw", "amqplib by hand, direct reply-to", ["call", "cast", "fanout"]),
  node("raw-oslo", "amqplib by hand, oslo's wire", ["call", "cast", "fanout"]),
  node("least", "least that oslo's wire costs", ["call", "cast"]),
  node("rabbitmq-client", "rabbitmq-client 5", ["call", "cast"]),
  // These two publish without confirms, and so have only calls to compare.
  node("nest", "NestJS 11 microservices", ["call"]),
  node("moleculer", "Moleculer 0.14", ["call"]),
  python("python", "Python oslo.messaging", ["call", "cast"]),
  node("rpcgen", "rpcgen", ["call", "cast", "fanout"]),
  node("rpcgen-1-process", "rpcgen, 1 process", ["work"], "rpcgen-workers", "1"),
  node("rpcgen-2-workers", "rpcgen, 2 workers", ["work"], "rpcgen-workers", "2"),
];

/** `operations` are those that it has with the same guarantees as the others, and that it takes part in. */
function node(name, title, operations, module = name, ...more) {
  const program = (role, url, server, profile) => ({
    command: process.execPath,
    args: [...profiling(profile, `${name}-${server}`), peer, module, role, url, server, ...more],
  });
  return { name, title, operations, program };
}

/** Arguments for Node.js that leave a profile in a folder, where one is named. */
function profiling(folder, name) {
  if (folder === undefined) return [];
  return ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
}

/** Debian's own Python: its oslo.messaging is not seen by another one that may come first in the path. */
function python(name, title, operations) {
  const script = fileURLToPath(new URL("contestants/python.py", import.meta.url));
  const program = (role, url, server) => ({
    command: "/usr/bin/python3",
    args: [script, role, url.replace(/^amqp:/, "rabbit:"), server],
  });
  return { name, title, operations, program };
}
