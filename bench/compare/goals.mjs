import { median, ratios } from "./statistics.mjs";

/**
 * What rpcgen wants to reach, with what it has reached in this run: `{ title, goal, aim, figure, reached }`. A figure is
 * undefined when its case was not run.
 */
export function checkGoals({ samples, startUp = [], generators = [] }) {
  const of = (name, contestant) => samples.filter((sample) => sample.case === name && sample.contestant === contestant);
  const against = (name, other, measure) => median(ratios(of(name, "rpcgen"), of(name, other), measure));
  const above = (name) => 1000 * startUp.find((each) => each.name === name)?.above;
  const generated = (services) => generators.find((each) => each.services === services);
  const perService = (services) => generated(services)?.cold.seconds / services;
  const goals = [
    atLeast("RPC, 200 B, 32 in flight, against raw amqplib", 1.4, against("rpc-200-32", "raw"), 2),
    atLeast("RPC, 200 B, 256 in flight, against raw amqplib", 1.4, against("rpc-200-256", "raw"), 1.7),
    atLeast("RPC, 10 kB, 32 in flight, against raw amqplib", 1.25, against("rpc-10000-32", "raw")),
    atLeast("RPC, 200 B, 1 in flight, against raw amqplib", 0.95, against("rpc-200-1", "raw")),
    atLeast("RPC, 200 B, 32 in flight, against NestJS", 1.4, against("rpc-200-32", "nest")),
    atLeast("RPC, 200 B, 32 in flight, against rabbitmq-client", 2, against("rpc-200-32", "rabbitmq-client")),
    atLeast("RPC, 200 B, 32 in flight, against Python oslo.messaging", 12, against("rpc-200-32", "python")),
    atMost(
      "CPU of client and server for a call, 200 B, 32 in flight, of raw amqplib's",
      0.75,
      against("rpc-200-32", "raw", cpu),
    ),
    atLeast("Casts with confirms, 256 in flight, against raw amqplib", 1.3, against("cast-200-256", "raw")),
    atMost("Import of @rpcgen/runtime, transport in memory, above Node.js alone", 25, above("memory"), "ms"),
    atMost("Import of @rpcgen/runtime with AMQP, above Node.js alone", 60, above("amqp"), "ms"),
    atMost("Generate 1 service x 50 methods, cold", 0.35, generated(1)?.cold.seconds, "s"),
    atMost("Generate 1 service x 50 methods, unchanged", 0.2, generated(1)?.unchanged.seconds, "s"),
    atMost("Generate 1 service x 50 methods, cold, of buf + protoc-gen-es", 0.5, generated(1)?.coldToBuf),
    atMost("Generate 1 service x 50 methods, unchanged, of buf + protoc-gen-es", 0.5, generated(1)?.unchangedToBuf),
    atMost("Generate 100 services x 50 methods", 5, generated(100)?.cold.seconds, "s"),
    atMost("Memory of that", 400, generated(100)?.cold.memory, "MiB"),
    atMost("Time for a service, of 400 against of 100", 1.25, perService(400) / perService(100)),
  ];
  return goals.filter(({ figure }) => Number.isFinite(figure));
}

function cpu({ clientCPU, serverCPU }) {
  return clientCPU + serverCPU;
}

function atLeast(title, goal, figure, aim) {
  return { title, goal: `at least ${goal}`, aim, figure, unit: "", reached: figure >= goal };
}

function atMost(title, goal, figure, unit = "") {
  return { title, goal: `at most ${goal}${unit && ` ${unit}`}`, figure, unit, reached: figure <= goal };
}
