// What is measured on the broker: how many operations are open at once, and of what size. `base` is the contestant that
// the others are compared with.

export const cases = [
  rpc(200, 1),
  rpc(200, 32),
  rpc(200, 256),
  rpc(10_000, 1),
  rpc(10_000, 32),
  rpc(10_000, 256),
  {
    name: "cast-200-256",
    title: "Casts with confirms, 200 B, 256 in flight",
    operation: "cast",
    bytes: 200,
    inFlight: 256,
    servers: 1,
    base: "raw",
  },
  {
    name: "fanout-200-32",
    title: "Fanout to 8 servers, with confirms, 200 B, 32 in flight",
    operation: "fanout",
    bytes: 200,
    inFlight: 32,
    servers: 8,
    base: "raw",
  },
  {
    name: "workers-200-32",
    title: "RPC, 200 B, 32 in flight, a method that takes 1 ms of CPU",
    operation: "work",
    bytes: 200,
    inFlight: 32,
    servers: 1,
    base: "rpcgen-1-process",
  },
];

function rpc(bytes, inFlight) {
  const size = bytes < 1000 ? `${bytes} B` : `${bytes / 1000} kB`;
  return {
    name: `rpc-${bytes}-${inFlight}`,
    title: `RPC, ${size}, ${inFlight} in flight`,
    operation: "call",
    bytes,
    inFlight,
    servers: 1,
    base: "raw",
  };
}
