import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Context,
  createTransport,
  type DeclaredError,
  type LogFields,
  type Logger,
  type MethodDescriptor,
  type ParamDescriptor,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
} from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as compute from "../../generated/nova/compute/index.js";
import * as computeTask from "../../generated/nova/compute_task/index.js";
import * as scheduler from "../../generated/nova/scheduler/index.js";
import { type Generated, generated, type NovaConverters } from "../nova/clients.js";
import { describePrivately, newVirtualHost } from "../support/broker.js";
import { novaHost } from "../support/nova.js";
import { PythonPeer } from "../support/python-peer.js";

type APIName = keyof typeof generated;

interface Level {
  readonly api: APIName;
  /** Nova's option: a release or a version. */
  readonly level?: string;
  /** What it sends then at most. */
  readonly version: string;
}

/** Without an upgrade level nova sends its own newest version, here that of zed. */
const newest = [
  { api: "ComputeAPI", version: "6.1" },
  { api: "ComputeTaskAPI", version: "1.24" },
  { api: "ConductorAPI", version: "3.0" },
  { api: "SchedulerAPI", version: "4.5" },
  { api: "BaseAPI", version: "1.1" },
] as const satisfies readonly Level[];
const older: readonly Required<Level>[] = [
  { api: "ComputeAPI", level: "wallaby", version: "6.0" },
  { api: "ComputeAPI", level: "5.13", version: "5.13" },
  { api: "ComputeAPI", level: "5.0", version: "5.0" },
  { api: "ConductorAPI", level: "liberty", version: "3.0" },
  { api: "SchedulerAPI", level: "pike", version: "4.4" },
  { api: "SchedulerAPI", level: "mitaka", version: "4.3" },
  { api: "SchedulerAPI", level: "kilo", version: "4.2" },
];

/** What nova's classes have and the definitions do not. */
const notDefined: Readonly<Record<APIName, readonly string[]>> = {
  ComputeAPI: [
    // Sends nothing.
    "get_client",
    "supports_numa_live_migration",
    // Newer versions of nova have removed it with Hyper-V.
    "get_rdp_console",
  ],
  ComputeTaskAPI: [],
  // Sends object_class_action_versions.
  ConductorAPI: ["object_class_action"],
  SchedulerAPI: [],
  BaseAPI: [],
};

/** Newer than zed; a nova that does not know a class has a RemoteError. */
const newerErrors: readonly string[] = ["UnsupportedRPCVersion"];

/** Where a parameter has another name in the call than on the wire. */
const givenAs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rebuild_instance: { scheduled_node: "node" },
  host_maintenance_mode: { host: "host_param" },
};

/** What servers of ours return, each for one type of result; elsewhere null. */
const results: Readonly<Record<string, unknown>> = {
  get_console_output: "l\u00efne",
  get_vnc_console: {
    host: novaHost,
    port: 5900,
    token: "t",
    access_url: "http://h/?token=t",
    internal_access_path: null,
  },
  get_instance_diagnostics: { state: "running", num_cpus: 2, uptime: null },
  validate_console_port: true,
  reserve_block_device_name: { device_name: "/dev/vdb", volume_id: "v", boot_index: null },
  set_host_enabled: "enabled",
  select_destinations: [[{ service_host: novaHost, nodename: novaHost, limits: { vcpu: 1, memory_mb: 512 } }]],
  ping: { service: "conductor", arg: [1, 1.5, null] },
  object_action: [{ obj_what_changed: [] }, null],
};

/** Stands for what a service before the request specs makes of a map: that is its own affair. */
const convertedFrom = (wire: Readonly<Record<string, unknown>>) => ({ keys: Object.keys(wire).length > 0 });
const converters: NovaConverters = {
  legacy_request_spec: { encode: () => ({}), decode: (wire) => convertedFrom(wire) as never },
  legacy_filter_properties: { encode: () => ({}), decode: () => ({}) as never },
  networks_as_tuples: { encode: () => [], decode: () => ({}) as never },
  block_devices_as_maps: { encode: () => [], decode: () => ({}) as never },
};

describePrivately("nova's own clients (zed) call generated servers", () => {
  const managers = new Map<APIName, ToldManager>();
  const refused = new Refusals();
  const servers: RPCServer[] = [];
  let transport: Transport;
  let python: PythonPeer;

  beforeAll(async () => {
    const { url } = await newVirtualHost();
    const started = PythonPeer.start(url, "nova_calls.py");
    transport = createTransport(url, { logger: refused });
    const endpoints = (apis: readonly APIName[]) =>
      apis.map((api) => {
        const { service, dispatcher }: Generated = generated[api];
        const manager = new ToldManager(service);
        managers.set(api, manager);
        return dispatcher(manager.members, { converters });
      });
    for (const [topic, apis] of [
      ["compute", ["ComputeAPI"]],
      ["conductor", ["ConductorAPI", "ComputeTaskAPI", "BaseAPI"]],
      ["scheduler", ["SchedulerAPI"]],
    ] as const) {
      const target = { topic, server: novaHost, exchange: "nova" };
      servers.push(new RPCServer(transport, target, endpoints(apis), { logger: refused }));
    }
    await Promise.all(servers.map((server) => server.start()));
    python = await started;
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop(0)));
    await transport?.close();
    await python?.stop();
  });

  const managerOf = (api: APIName): ToldManager => {
    const manager = managers.get(api);
    if (manager === undefined) throw new Error(`${api} is not served`);
    return manager;
  };

  test.each(newest.map(({ api }) => api))("%s has the methods of the definition", async (api) => {
    const { result } = await python.run("methods", { api });
    expect(result).toEqual([...methodsOf(api).map(([name]) => name), ...notDefined[api]].sort());
  });

  test("a method that we do not have is NoSuchMethod", async () => {
    const { error } = await python.run("call", { api: "ComputeAPI", method: "get_rdp_console" });
    expect(error).toMatchObject({ class: "RemoteError", exc_type: "NoSuchMethod" });
  });

  test("the manager gets the context that nova's client was given", async () => {
    const received = managerOf("ComputeAPI").next(null);
    await python.run("call", { api: "ComputeAPI", method: "start_instance" });
    expect((await received).context).toMatchObject({
      user_id: "user1",
      project_id: "project1",
      is_admin: true,
      roles: ["admin"],
      read_deleted: "no",
      request_id: expect.stringMatching(/^req-/),
    });
  });

  describe.each(newest.map((level) => [level.api, level] as const))("%s, at its newest version", (api, level) => {
    test.each(methodsOf(api))("%s arrives with all its arguments", async (name) => {
      await arrives(level, name);
    });

    test.each(methodsOf(api))("%s arrives with nova's own defaults", async (name) => {
      // By default it is told neither where the file is nor where the instance is.
      const more = name === "check_instance_shared_storage" ? { arguments: { host: novaHost } } : {};
      await arrives(level, name, { defaults: true, ...more });
    });
  });

  const olderLevels = older.map((level) => [level.api, level.level, level] as const);
  describe.each(olderLevels)("%s, at the upgrade level %s", (_, __, level) => {
    test.each(methodsOf(level.api))("%s arrives in the form of that version", async (name, method) => {
      const { service }: Generated = generated[level.api];
      if (isServed(service, method.since, level.version)) {
        await arrives(level, name, { arguments: pick(olderArguments, method) });
        return;
      }
      const { error } = await python.run("call", { api: level.api, method: name, level: level.level });
      // As a client of ours refuses it: with the error of the definition, otherwise for the version cap.
      expect(error?.class).toBe(method.tooOld?.error ?? "RPCVersionCapError");
    });
  });

  /** Lets nova call a method, and compares what it was given with what the manager gets, and the result. */
  async function arrives({ api, level, version }: Level, name: string, more: object = {}): Promise<void> {
    const { service }: Generated = generated[api];
    const received = managerOf(api).next(results[name] ?? null);
    const refusal = refused.next();
    const sent = python.run("call", { api, method: name, level, ...more });
    const failed = async (): Promise<Received | Error> => {
      const { error } = await sent;
      return error === undefined ? received : new Error(error.message);
    };
    const first = await Promise.race([received, failed(), refusal]);
    if (first instanceof Error) throw first;
    // What nova_calls.py answers.
    const { given, returned } = (await sent).result as { given: Record<string, unknown>; returned: unknown };
    expect(first.args).toEqual(argumentsFor(service, name, given, version));
    expect(first.member).toBe(service.methods[name]?.member);
    if (name in results) expect({ returned: opened(returned) }).toMatchObject({ returned: results[name] });
  }

  describe("errors of a definition are caught as nova's own", () => {
    const sources = [
      ["ComputeAPI", "compute", "get_host_uptime", compute],
      ["ComputeTaskAPI", "compute_task", "migrate_server", computeTask],
      ["SchedulerAPI", "scheduler", "select_destinations", scheduler],
    ] as const;
    const errors = sources.flatMap(([api, file, method, classes]) =>
      errorsOf(file).map(({ name, fields }) => [name, api, method, fields, classes[name as never]] as const),
    );

    test.each(errors)("%s, of %s", async (name, api, method, fields, errorClass) => {
      // The module has a class for each error of its definition.
      const error = new (errorClass as unknown as new (values: object) => DeclaredError)(fields);
      managerOf(api).fail(error);
      const command = { api, method, arguments: method === "migrate_server" ? { do_cast: false } : {} };
      if (name === "NotImplementedError") {
        const answer = await python.run("call", command);
        expect(answer.error).toMatchObject({ class: "NotImplementedError", module: "builtins" });
        return;
      }
      if (newerErrors.includes(name)) {
        const answer = await python.run("call", command);
        expect(answer.error).toMatchObject({ class: "RemoteError", exc_type: name, value: error.message });
        return;
      }
      const { result } = await python.run("catch", { ...command, error: name });
      // Behind the text comes the server's stack trace, of which we send nothing.
      expect(result).toEqual({ message: `${error.message}\n`, kwargs: expect.objectContaining(fields) });
    });
  });
});

interface Received {
  readonly member: string;
  readonly context: Context;
  readonly args: unknown;
}

/** Has every method of a service; each does what it is told before, and tells of it. */
class ToldManager {
  readonly members: Readonly<Record<string, (context: Context, args: unknown) => Promise<unknown>>>;
  #run: (received: Received) => unknown = () => null;

  constructor(service: ServiceDescriptor) {
    const members = Object.values(service.methods).map(({ member }) => member);
    this.members = Object.fromEntries(
      members.map((member) => [
        member,
        async (context: Context, args: unknown = {}) => this.#run({ member, context, args }),
      ]),
    );
  }

  /** The next call, which returns a value. */
  next(result: unknown): Promise<Received> {
    return new Promise((resolve) => {
      this.#run = ({ args, ...more }) => {
        resolve({ ...more, args: opened(args) });
        return result;
      };
    });
  }

  /** The next call throws an error. */
  fail(error: Error): void {
    this.#run = () => {
      throw error;
    };
  }
}

/** A logger that a test asks for the next request that was refused: nobody else hears of a cast. */
class Refusals implements Logger {
  #told: (refusal: Error) => void = () => {};
  debug = (): void => {};
  info = (): void => {};
  warn = (fields: LogFields, message: string): void => this.#tell(fields, message);
  error = (fields: LogFields, message: string): void => this.#tell(fields, message);

  next(): Promise<Error> {
    return new Promise((resolve) => {
      this.#told = resolve;
    });
  }

  #tell(fields: LogFields, message: string): void {
    const { error, err } = fields;
    this.#told(new Error(`${message}: ${error ?? err}`));
  }
}

/** Nova refuses these at older levels, before it sends anything; without them it sends the older form. */
const olderArguments = {
  accel_uuids: null,
  reimage_boot_volume: false,
  return_objects: false,
  return_alternates: false,
};

function pick(from: Readonly<Record<string, unknown>>, { params = {} }: MethodDescriptor): object {
  return Object.fromEntries(Object.entries(from).filter(([param]) => param in params));
}

/** The methods which Debian's nova has, too. */
function methodsOf(api: APIName): readonly (readonly [string, MethodDescriptor])[] {
  const { service }: Generated = generated[api];
  const version = newest.find((level) => level.api === api)?.version ?? "";
  return Object.entries(service.methods).filter(([, { since }]) => isServed(service, since, version));
}

/** What the manager of a method must get, of what nova's client was given. */
function argumentsFor(
  service: ServiceDescriptor,
  name: string,
  given: Readonly<Record<string, unknown>>,
  version: string,
): Record<string, unknown> {
  const { params = {}, kind } = service.methods[name] ?? { params: {}, kind: "call" };
  const values = Object.entries<ParamDescriptor>(params).flatMap(([param, descriptor]): [string, unknown][] => {
    const chooses = typeof kind === "object" && "by" in kind && kind.by === param;
    if (descriptor.local === true || chooses || descriptor.until !== undefined) return [];
    const source = givenAs[name]?.[param] ?? param;
    const former = descriptor.was?.find(({ before }) => !isServed(service, before, version));
    if (former?.convert !== undefined) return [[param, convertedFrom({ some: "keys" })]];
    if (isServed(service, descriptor.since, version) && source in given) return [[param, opened(given[source])]];
    return "default" in descriptor ? [[param, descriptor.default]] : [];
  });
  return Object.fromEntries(values);
}

function isServed({ versions }: ServiceDescriptor, since: string | undefined, version: string): boolean {
  return since === undefined || versions.indexOf(since) <= versions.indexOf(version);
}

/** A value with its versioned objects taken out of their envelopes, at any depth. */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  const record = "nova_object.data" in value ? value["nova_object.data"] : value;
  return Object.fromEntries(Object.entries(record as object).map(([key, item]) => [key, opened(item)]));
}

/** The errors which a definition of nova's declares, with a value for each field. */
function errorsOf(file: string): readonly { readonly name: string; readonly fields: Record<string, string> }[] {
  const read = (path: string) =>
    parse(readFileSync(fileURLToPath(new URL(`../../schemas/nova/${path}`, import.meta.url)), "utf8")).errors ?? {};
  const declared: Record<string, { fields?: object }> = { ...read(`${file}.yaml`), ...read("common.yaml") };
  return Object.entries(declared).map(([name, { fields = {} }]) => ({
    name,
    fields: Object.fromEntries(Object.keys(fields).map((field) => [field, `the ${field}`])),
  }));
}
