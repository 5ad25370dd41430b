import {
  type Converter,
  createTransport,
  type MethodDescriptor,
  type ParamDescriptor,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
} from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uniqueName } from "../support/broker.js";
import { argumentsFor, argumentsHost, argumentsOf } from "./arguments.js";
import { type AnyAPI, type Generated, generated, type NovaConverters } from "./clients.js";

// What a generated client sends at any cap, the generated dispatcher of the same definition understands.

/** Keeps the value, so that decoding finds it again; from and to whatever type. */
const keeping: Converter<never, never> = {
  encode: (value) => ({ kept: value }) as never,
  decode: (wire: { readonly kept: never }) => wire.kept,
};
const converters: NovaConverters = {
  legacy_request_spec: keeping,
  legacy_filter_properties: keeping,
  networks_as_tuples: keeping,
  block_devices_as_maps: keeping,
};

describe.each(Object.entries<Generated>(generated))("%s", (_, { service, client, dispatcher }) => {
  const manager = new RecordingManager(service);
  const caps = new Map<string, AnyAPI>();
  let transport: Transport;
  let servers: readonly RPCServer[];

  beforeAll(async () => {
    transport = createTransport(`memory://${uniqueName("nova")}`);
    for (const versionCap of service.versions) caps.set(versionCap, client(transport, { versionCap, converters }));
    const endpoints = [dispatcher(manager.members, { validate: false, converters })];
    const { exchange = "" } = service;
    servers = topicsOf(service).map(
      (topic) => new RPCServer(transport, { topic, server: argumentsHost, exchange }, endpoints),
    );
    for (const server of servers) await server.start();
  });

  afterAll(async () => {
    for (const server of servers) await server.stop(0);
    await transport.close();
  });

  it.each(Object.entries(service.methods))("hands %s to its manager, whatever the client's cap", async (_, method) => {
    const sentAt: string[] = [];
    for (const [cap, api] of caps) {
      const args = argumentsFor(method, api);
      if (args === undefined) {
        await expect(api.call(method.member, argumentsOf(method))).rejects.toThrow(Error);
        continue;
      }
      const received = manager.next();
      await api.call(method.member, args);
      expect(await received, `at the cap ${cap}`).toEqual({
        member: method.member,
        args: seen(service, method, args, cap),
      });
      sentAt.push(cap);
    }
    expect(sentAt).toEqual(service.versions.slice(service.versions.indexOf(method.since ?? service.versions[0] ?? "")));
  });
});

interface Received {
  readonly member: string;
  readonly args: unknown;
}

/** Has every method of a service, and tells which one was called. */
class RecordingManager {
  readonly members: Readonly<Record<string, (context: unknown, args: unknown) => Promise<unknown>>>;
  #told: (received: Received) => void = () => {};

  constructor(service: ServiceDescriptor) {
    const members = Object.values(service.methods).map(({ member }) => member);
    this.members = Object.fromEntries(
      members.map((member) => [member, async (_: unknown, args: unknown = {}) => this.#told({ member, args })]),
    );
  }

  /** The next call. */
  next(): Promise<Received> {
    return new Promise((resolve) => {
      this.#told = resolve;
    });
  }
}

function topicsOf({ topic, methods }: ServiceDescriptor): readonly string[] {
  const rules = Object.values(methods).flatMap((method) =>
    typeof method.topic === "object" ? method.topic.map(({ value }) => value) : [method.topic ?? topic],
  );
  return [...new Set([topic, ...rules])];
}

/** The arguments as the manager must get them. */
function seen(
  service: ServiceDescriptor,
  { params = {}, kind }: MethodDescriptor,
  args: Readonly<Record<string, unknown>>,
  cap: string,
): Record<string, unknown> {
  const at = (version: string): number => service.versions.indexOf(version);
  const isSent = (param: ParamDescriptor): boolean => param.since === undefined || at(param.since) <= at(cap);
  const values = Object.entries(params).flatMap(([name, param]): [string, unknown][] => {
    const chooses = typeof kind === "object" && "by" in kind && kind.by === name;
    if (param.local === true || chooses || param.until !== undefined) return [];
    if (isSent(param) && name in args) return [[name, args[name]]];
    return "default" in param ? [[name, param.default]] : [];
  });
  return Object.fromEntries(values);
}
