import { isDeepStrictEqual } from "node:util";
import { DeclaredError, type MethodDescriptor, VersionCapError } from "@rpcgen/runtime";
import { type RecordedRequest, RecordingTransport } from "@rpcgen/runtime/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type AnyAPI, type Generated, generated, type NovaConverters, serverPathsOf } from "./clients.js";
import { pythonDefault, type Sent, type Vector, vectors } from "./vectors.js";

// Replays what nova's own Python classes were asked, and compares what the generated clients make of it.

/** A place where the two differ, and why. Every other vector must be equal. */
interface Difference {
  readonly reason: string;
  readonly vectors: number;
  has(vector: Vector): boolean;
  /** What the generated client does there. */
  outcome(vector: Vector): Outcome;
}

const differences: readonly Difference[] = [
  {
    reason: "a missing host is the runtime's InvalidTargetError; the Python class has only its most general error",
    vectors: 21,
    has: ({ error }) => error === "NovaException: No compute host specified",
    outcome: () => ({ error: { name: "InvalidTargetError" } }),
  },
  {
    reason: "the Python class makes the form of 1.7 at cap 1.7, but labels it 1.8, which its own cap then refuses",
    vectors: 2,
    has: ({ method, cap }) => method === "build_instances" && cap === "1.7",
    outcome: () => ({
      sent: {
        kind: "cast",
        method: "build_instances",
        topic: "conductor",
        exchange: "nova",
        namespace: "compute_task",
        version: "1.7",
        server: undefined,
        args: {
          instances: "$instances",
          image: "$primitive(image)",
          filter_properties: "$filter_properties",
          admin_password: "$admin_password",
          injected_files: "$injected_files",
          requested_networks: "$requested_networks.as_tuples()",
          security_groups: "$security_groups",
        },
        timeout: undefined,
        heartbeat: undefined,
      },
    }),
  },
  {
    reason: "the Python method sends nothing: it tells what the cap allows, as canSend does for every method",
    vectors: 42,
    has: ({ method }) => method === "supports_numa_live_migration",
    outcome: ({ cap }) => ({ allowed: !["5.0", "5.1", "5.2"].includes(cap ?? "") }),
  },
];

describe("nova's RPC clients, generated from their definitions", () => {
  const transport = new RecordingTransport();
  const apis = new Map<string, AnyAPI>();

  beforeAll(async () => {
    // The first call of a transport waits for the reply queue, which shows in its expiration; the others do not.
    await generated.BaseAPI.client(transport, { converters }).call("ping", { arg: null });
  });

  it.each([
    ["of callers who give every argument", false],
    ["of callers who leave out what has a default", true],
  ] as const)(
    "send what nova's own classes send, at every cap, save for where those are wrong: %s",
    async (_, leavesOut) => {
      const counts = { equal: 0, otherMethod: 0, different: differences.map(() => 0), wrong: [] as unknown[] };
      for (const vector of vectors) {
        const listed = differences.findIndex((difference) => difference.has(vector));
        const got = await replay(vector, apis, transport, leavesOut);
        const want = differences[listed]?.outcome(vector) ?? expected(vector);
        if (!isSame(got, want)) counts.wrong.push({ vector, got, want });
        else if (listed === -1) counts[vector.method in otherMethods ? "otherMethod" : "equal"] += 1;
        else counts.different[listed] = (counts.different[listed] ?? 0) + 1;
      }
      const different = differences.map(({ vectors: count }) => count);
      expect(counts).toEqual({ equal: 3963, otherMethod: 4, different, wrong: [] });
    },
  );

  it("take part in a difference only where nova's classes do something else", () => {
    const needless = differences.filter(({ has, outcome }) =>
      vectors.filter(has).some((vector) => isSame(outcome(vector), expected(vector))),
    );
    expect(needless).toEqual([]);
  });

  it.each(["ConductorAPI", "SchedulerAPI", "ComputeTaskAPI"] as const)(
    "take the release names that nova's %s has forgotten since ocata or never had",
    async (cls) => {
      const make = (versionCap: string): unknown => generated[cls].client(transport, { converters, versionCap });
      for (const release of ["train", "zed", "gazpacho"]) make(release);
      expect(() => make("folsom")).toThrow(/has no release "folsom"/);
    },
  );
});

/** What a call comes to. */
type Outcome = { readonly sent: Request } | { readonly error: Refusal } | { readonly allowed: boolean };

interface Request {
  readonly kind: string;
  readonly method: string;
  readonly topic: string;
  readonly exchange: string | undefined;
  readonly namespace: string | undefined;
  readonly version: string | undefined;
  readonly server: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

interface Refusal {
  readonly name: string;
  readonly fields?: object;
  readonly version?: string;
  readonly cap?: string;
}

// ------------------------------------------------------------------------------------------ what the Python class did

/** Where the one that is wanted names no fields, those of the other are its own affair. */
function isSame(got: Outcome, want: Outcome): boolean {
  if (!("error" in got) || !("error" in want) || want.error.fields !== undefined) return isDeepStrictEqual(got, want);
  const { fields: _, ...refusal } = got.error;
  return isDeepStrictEqual(refusal, want.error);
}

function expected({ sent: [sent], error }: Vector): Outcome {
  if (sent !== undefined) return { sent: requestOf(sent) };
  return { error: refusalOf(error ?? "") };
}

/** CONF.long_rpc_timeout and CONF.rpc_response_timeout at their defaults, and a value that a caller gives. */
const durations = new Map<string | null | undefined, number>([
  ["CONF.long_rpc_timeout", 1_800_000],
  ["CONF.rpc_response_timeout", 60_000],
  ["$timeout", 4321],
]);

function requestOf({ kind, wire_method, topic, namespace, version, server, fanout, opts, args }: Sent): Request {
  const isCall = kind === "call";
  return {
    kind: fanout ? "fanout" : kind,
    method: wire_method,
    topic,
    exchange: "nova",
    namespace: namespace ?? undefined,
    version,
    server: server ?? undefined,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, once(value)])),
    // A cast waits for nothing, whatever it was told.
    timeout: isCall ? (durations.get(opts["timeout"]) ?? 60_000) : undefined,
    heartbeat: isCall ? durations.get(opts["call_monitor_timeout"]) : undefined,
  };
}

/** Python makes plain data of plain data in one place, which changes nothing. */
function once(value: unknown): unknown {
  return value === "$primitive(primitive(instance))" ? "$primitive(instance)" : value;
}

function refusalOf(text: string): Refusal {
  const [, version, cap] = /^CapError: RPCVersionCapError (\S+) > cap (\S+)$/.exec(text) ?? [];
  if (version !== undefined && cap !== undefined) return { name: "VersionCapError", version, cap };
  const [, name = text, rest = ""] = /^(\w+): (.*)$/.exec(text) ?? [];
  // Where Python gives a text and no fields, the text is nova's; ours has its own.
  return rest.startsWith("{") ? { name, fields: JSON.parse(rest.replaceAll("'", '"')) } : { name };
}

// -------------------------------------------------------------------------------------- what the generated client does

/** Marks what a conversion has made, as the vectors do. */
const converters: NovaConverters & Record<string, unknown> = {
  to_primitive: marking((value) => (value === "$filter_properties" ? value : `$primitive(${value.slice(1)})`)),
  block_devices_as_maps: marking((value) => `$primitive(${value.slice(1)})`),
  networks_as_tuples: marking((value) => `${value}.as_tuples()`),
  legacy_request_spec: marking((value) => `${value}.to_legacy_request_spec_dict()`),
  legacy_filter_properties: marking((value) => `${value}.to_legacy_filter_properties_dict()`),
};

function marking(mark: (value: string) => string): { encode: (value: unknown) => never } {
  // The marks stand for values of every type.
  return { encode: (value) => mark(String(value)) as never };
}

/** @param leavesOut the caller gives nothing for Python's defaults, and the definition sends them */
async function replay(
  vector: Vector,
  apis: Map<string, AnyAPI>,
  transport: RecordingTransport,
  leavesOut: boolean,
): Promise<Outcome> {
  const { service, client }: Generated = generated[vector.cls];
  const key = `${vector.cls} ${vector.cap}`;
  const options = { converters, topic: vector.cls === "BaseAPI" ? "TOPIC" : service.topic };
  const api =
    apis.get(key) ?? client(transport, { ...options, ...(vector.cap === null ? {} : { versionCap: vector.cap }) });
  apis.set(key, api);
  if (vector.method === "supports_numa_live_migration") {
    return { allowed: api.canSend["dropMoveClaimAtDestination"]?.() ?? false };
  }
  const name = otherMethods[vector.method] ?? vector.method;
  const method = service.methods[name];
  if (method === undefined) throw new Error(`there is no method ${name}`);
  transport.clear();
  try {
    const given = vector.method === "ping" && vector.variant.fill === "set";
    await api.call(
      method.member,
      argsOf(vector, method, leavesOut),
      given ? { timeout: durations.get("$timeout") } : {},
    );
  } catch (error) {
    if (error instanceof VersionCapError) {
      return { error: { name: error.name, version: error.version, cap: error.cap } };
    }
    if (error instanceof DeclaredError) return { error: { name: error.name, fields: error.fields } };
    if (error instanceof Error) return { error: { name: error.name } };
    throw error;
  }
  const [request] = transport.requests;
  if (request === undefined || transport.requests.length > 1)
    throw new Error(`${name} sent ${transport.requests.length} requests`);
  return { sent: recorded(request) };
}

function recorded({ kind, method, target, namespace, version, args, expiration, heartbeat }: RecordedRequest): Request {
  return {
    kind,
    method,
    topic: target.topic,
    exchange: target.exchange,
    namespace,
    version,
    server: target.server,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, markOf(value)])),
    timeout: expiration,
    heartbeat,
  };
}

/**
 * A shorthand of the Python client for another of its methods: it looks the versions up in Python's registry of objects.
 * Ours has no such registry, so its caller gives the versions to the method itself.
 */
const otherMethods: Readonly<Record<string, string>> = { object_class_action: "object_class_action_versions" };
const looksUp: Readonly<Record<string, unknown>> = {
  object_versions: "<oslo_versionedobjects.base.obj_tree_get_versions()>",
};

/** Parameters to which our definition gives another name than Python's client: there, two names are one on the wire. */
const pythonNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  host_maintenance_mode: { compute_host: "host", host: "host_param" },
  rebuild_instance: { scheduled_node: "node" },
};

function argsOf(vector: Vector, method: MethodDescriptor, leavesOut: boolean): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [param, { optional, from, ...rest }] of Object.entries(method.params ?? {})) {
    if (from !== undefined || "const" in rest) continue;
    const python = pythonNames[vector.method]?.[param] ?? param;
    if (python in vector.variant) args[param] = vector.variant[python];
    else if (vector.method in otherMethods && python in looksUp) args[param] = looksUp[python];
    else if (vector.variant.fill === "set" || optional !== true) args[param] = valueFor(param, `$${python}`, method);
    else {
      const given = leavesOut ? undefined : pythonDefault(vector, param);
      if (given !== undefined) args[param] = given.value;
    }
  }
  return args;
}

/**
 * The value `"$name"`. Where a path to a server leads into it, it is an object that has the value there: one in an
 * envelope, which goes out as it is.
 */
function valueFor(param: string, mark: string, method: MethodDescriptor): unknown {
  const path = serverPathsOf(method)
    .map((each) => each.split("."))
    .find(([first, ...more]) => first === param && more.length > 0);
  if (path === undefined) return mark;
  const [, ...keys] = path;
  if (keys[0] === "0") return [envelope(`${mark}[0]`, keys[1] ?? "")];
  return envelope(mark, keys[0] ?? "");
}

function envelope(mark: string, field: string): object {
  return { mark, "nova_object.data": { [field]: `${mark}.${field}` } };
}

function markOf(value: unknown): unknown {
  if (Array.isArray(value)) return String(markOf(value[0])).replace(/\[0\]$/, "");
  return typeof value === "object" && value !== null && "mark" in value ? value.mark : value;
}
