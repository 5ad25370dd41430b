import type {
  ErrorType,
  Field,
  Method,
  NamedType,
  Param,
  Rules,
  Scalar,
  Service,
  Type,
} from "../../../src/compiler/model.js";

/** Pieces of Models with everything that a test does not care about filled in. */

export const range = { path: "schemas/compute.yaml", start: 0, end: 0 };

export const scalar = (name: Scalar): Type => ({ kind: "scalar", scalar: name });
export const list = (items: Type): Type => ({ kind: "list", items });
export const map = (values: Type): Type => ({ kind: "map", values });
export const nullable = (type: Type): Type => ({ kind: "nullable", type });
export const ref = (name: string): Type => ({ kind: "ref", name });

const named = { examples: [], extensions: {}, source: "schemas/compute.yaml", range };

export function field(name: string, type: Type, rest: Partial<Field> = {}): Field {
  return {
    name,
    type,
    constraints: {},
    optional: false,
    sensitive: false,
    examples: [],
    extensions: {},
    range,
    ...rest,
  };
}

export function param(name: string, type: Type, rest: Partial<Param> = {}): Param {
  return {
    ...field(name, type),
    interval: { since: "5.0" },
    whenOlder: "reject",
    local: false,
    was: [],
    ...rest,
  };
}

export function object(name: string, fields: readonly Field[], rest: Partial<NamedType> = {}): NamedType {
  // Why the cast: a partial of the union is no object type to the compiler.
  return { kind: "object", name, fields, ...named, ...rest } as NamedType;
}

export function enumType(name: string, values: readonly string[]): NamedType {
  return { kind: "enum", name, values: values.map((value) => ({ value })), ...named };
}

export function union(name: string, tag: string, variants: Readonly<Record<string, string>>): NamedType {
  const entries = Object.entries(variants).map(([value, type]) => ({ value, type }));
  return { kind: "union", name, tag, variants: entries, ...named };
}

export function alias(name: string, type: Type, constraints: Readonly<Record<string, unknown>> = {}): NamedType {
  return { kind: "alias", name, type, constraints, ...named };
}

export function error(name: string, wire: string, message: string, fields: readonly Field[] = []): ErrorType {
  return { name, wire, message, fields, interval: { since: "5.0" }, ...named };
}

export function always<T>(value: T): Rules<T> {
  return [{ interval: { since: "5.0" }, value, range }];
}

export function method(name: string, rest: Partial<Method> = {}): Method {
  const member = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    name,
    member,
    typeName: member.slice(0, 1).toUpperCase() + member.slice(1),
    interval: { since: "5.0" },
    was: [],
    kind: always("call"),
    server: [],
    topic: [],
    params: [],
    returns: { type: scalar("none"), constraints: {} },
    errors: [],
    label: [],
    idempotent: false,
    delivery: "at-most-once",
    examples: [],
    extensions: {},
    range,
    ...rest,
  };
}

export function service(rest: Partial<Service>): Service {
  return {
    name: "compute",
    typeName: "Compute",
    topic: "compute",
    versions: [{ version: "5.0", description: "First.", range }],
    releases: [],
    timeouts: [],
    errors: [],
    types: [],
    methods: [],
    periodic: [],
    extensions: {},
    source: "schemas/compute.yaml",
    range,
    ...rest,
  };
}

/** The definition of the language's reference. */
export const compute: Service = service({
  description: "Runs instances on one host.",
  exchange: "nova",
  versions: ["5.0", "5.12", "5.13", "6.0", "6.1", "6.5"].map((version) => ({ version, description: "", range })),
  releases: [
    { name: "wallaby", version: "6.0", range },
    { name: "zed", version: "6.1", range },
  ],
  timeouts: [{ name: "long", timeout: 1_800_000, heartbeat: 60_000, range }],
  errors: [
    error("InstanceNotFound", "nova.exception.InstanceNotFound", "Instance {instance_id} could not be found.", [
      field("instance_id", scalar("uuid")),
    ]),
  ],
  types: [
    object(
      "Instance",
      [
        field("uuid", scalar("uuid")),
        field("host", nullable(scalar("string")), { description: "Host that runs it; null until scheduled." }),
        field("vm_state", ref("VmState")),
      ],
      { description: "A virtual machine." },
    ),
    enumType("VmState", ["building", "active", "paused", "stopped", "error"]),
    object("Flavor", [field("memory_mb", scalar("integer"), { constraints: { minimum: 1 } })]),
  ],
  methods: [
    method("get_console_output", {
      description: "Returns the last lines of the console.",
      server: ["instance.host"],
      params: [
        param("instance", ref("Instance")),
        param("tail_length", nullable(scalar("integer")), {
          constraints: { minimum: 0 },
          optional: true,
          default: { value: null },
        }),
      ],
      returns: { type: scalar("string"), constraints: {} },
      timeout: { profile: "long" },
      errors: ["InstanceNotFound"],
      idempotent: true,
    }),
    method("rebuild_instance", {
      description: "Rebuilds an instance, on this host or another.",
      kind: always("cast"),
      server: ["host", "instance.host"],
      topic: [
        { interval: { since: "6.5" }, value: "compute-alt", range },
        { interval: { since: "5.0" }, value: "compute", range },
      ],
      params: [
        param("instance", ref("Instance")),
        param("host", nullable(scalar("string")), { optional: true, local: true }),
        param("accel_uuids", list(scalar("uuid")), { interval: { since: "5.12" }, whenOlder: "drop" }),
        param("reimage_boot_volume", scalar("boolean"), {
          interval: { since: "6.1" },
          optional: true,
          default: { value: false },
        }),
      ],
    }),
    method("resize_instance", {
      kind: always("cast"),
      server: ["instance.host"],
      params: [
        param("instance", ref("Instance")),
        param("flavor", ref("Flavor"), { was: [{ before: "6.0", name: "instance_type", range }] }),
      ],
    }),
    method("list_instances", { returns: { type: list(ref("Instance")), constraints: {} } }),
  ],
  periodic: [{ name: "sync_power_states", member: "syncPowerStates", spacing: 600_000, runImmediately: false, range }],
});
