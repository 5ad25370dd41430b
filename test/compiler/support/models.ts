import type { Field, Method, NamedType, Param, Rules, Scalar, Service, Type } from "../../../src/compiler/model.js";

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
  return { kind: "object", name, fields, was: [], ...named, ...rest } as NamedType;
}

export function enumType(name: string, values: readonly string[]): NamedType {
  return { kind: "enum", name, values: values.map((value) => ({ value })), ...named };
}

export function alias(name: string, type: Type, constraints: Readonly<Record<string, unknown>> = {}): NamedType {
  return { kind: "alias", name, type, constraints, ...named };
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
