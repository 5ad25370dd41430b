import type { Constraints, Field, NamedType, Service, Type } from "../model.js";
import { rawSample } from "./raw-sample.js";
import { limit, scalarSample } from "./scalar-samples.js";

/**
 * Makes values that people read: examples of the definition where it has some, otherwise short and likely ones. The same
 * definition gives the same values.
 */
export class Examples {
  readonly #types: ReadonlyMap<string, NamedType>;

  constructor(service: Service) {
    this.#types = new Map(service.types.map((type) => [type.name, type]));
  }

  /** A value of a parameter's, field's or result's type. */
  of(field: Pick<Field, "name" | "type"> & Partial<Field>, inside: readonly string[] = []): unknown {
    // An example of a secret would teach people to write theirs into definitions.
    const example = field.sensitive === true ? undefined : field.examples?.[0];
    if (example !== undefined) return example;
    return this.#value({ type: field.type, constraints: field.constraints ?? {}, name: field.name, inside });
  }

  /** The value of a named type. */
  ofNamed(name: string): unknown {
    return this.#named(name, { type: { kind: "ref", name }, constraints: {}, name, inside: [] });
  }

  /** The value with something at the end of a path, such as `instance.host`: fields that it does not have yet. */
  withPath(type: Type, value: unknown, keys: readonly string[]): unknown {
    const [key, ...rest] = keys;
    if (key === undefined) return value;
    const inner = this.#partAt(type, key);
    if (inner === undefined) return value;
    const isRecord = typeof value === "object" && value !== null;
    const present: unknown = isRecord && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    const part = this.withPath(inner.type, present ?? this.of(inner), rest);
    if (part === present) return value;
    if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? part : item));
    return { ...(isRecord ? value : {}), [key]: part };
  }

  #partAt(type: Type, key: string): (Pick<Field, "name" | "type"> & Partial<Field>) | undefined {
    switch (type.kind) {
      case "nullable":
        return this.#partAt(type.type, key);
      case "list":
        return { name: key, type: type.items };
      case "map":
        return { name: key, type: type.values };
      case "scalar":
        // Whoever reads something inside of it takes it for an object.
        return type.scalar === "any" && !/^\d+$/.test(key) ? { name: key, type } : undefined;
      case "ref": {
        const named = this.#types.get(type.name);
        if (named?.kind === "alias") return this.#partAt(named.type, key);
        return named?.kind === "object" ? named.fields.find(({ name }) => name === key) : undefined;
      }
      default:
        return undefined;
    }
  }

  #value(wanted: Wanted): unknown {
    const { type, constraints, name, inside } = wanted;
    const choices = constraints["enum"];
    if (Array.isArray(choices) && choices.length > 0) return choices[0];
    switch (type.kind) {
      case "nullable":
        return this.#value({ ...wanted, type: type.type });
      case "scalar":
        return likelyScalar(type.scalar, constraints, name) ?? scalarSample(type.scalar, constraints, name, 0);
      case "list":
        return this.#list(type.items, wanted);
      case "map": {
        const length = Math.max(1, limit(constraints, "minProperties") ?? 1);
        if (this.#isInside(type.values, inside)) return {};
        const keys = Array.from({ length }, (_, index) => (index === 0 ? "key" : `key-${index + 1}`));
        const value = (key: string) => this.#value({ type: type.values, constraints: {}, name: key, inside });
        return Object.fromEntries(
          keys.map((key) => [key, key === "key" && isText(type.values) ? "value" : value(key)]),
        );
      }
      case "ref":
        return this.#named(type.name, wanted);
      case "schema":
        return rawSample(type.schema, name, 0);
    }
  }

  #list(items: Type, { constraints, name, inside }: Wanted): unknown {
    const least = limit(constraints, "minItems") ?? 0;
    if (limit(constraints, "maxItems") === 0 || (least === 0 && this.#isInside(items, inside))) return [];
    const one = singular(name);
    // Items that must differ have names that differ.
    const names = Array.from({ length: Math.max(1, least) }, (_, index) => (index === 0 ? one : `${one}-${index + 1}`));
    return names.map((each) => this.#value({ type: items, constraints: {}, name: each, inside }));
  }

  #named(typeName: string, wanted: Wanted): unknown {
    const named = this.#types.get(typeName);
    if (named === undefined) return wanted.name;
    const [example] = named.examples;
    if (example !== undefined) return example;
    const inside = [...wanted.inside, typeName];
    switch (named.kind) {
      case "alias":
        if (wanted.inside.includes(typeName)) return null;
        return this.#value({
          ...wanted,
          type: named.type,
          constraints: { ...named.constraints, ...wanted.constraints },
          inside,
        });
      case "enum":
        return named.values[0]?.value ?? null;
      case "union": {
        const chosen = named.variants.find(({ type }) => !wanted.inside.includes(type)) ?? named.variants[0];
        if (chosen === undefined) return null;
        const value = this.#named(chosen.type, { ...wanted, inside });
        return { [named.tag]: chosen.value, ...(typeof value === "object" ? value : {}), [named.tag]: chosen.value };
      }
      case "object":
        return Object.fromEntries(
          named.fields.flatMap((field) => {
            const value = this.#field(field, named.fields.length, inside);
            return value === undefined ? [] : [[field.name, value]];
          }),
        );
    }
  }

  /** What must be there is; what may be is where that keeps the whole readable. */
  #field(field: Field, count: number, inside: readonly string[]): unknown {
    const isTooDeep = inside.length > 2 || this.#isInside(field.type, inside);
    if (field.optional && (isTooDeep || count > 8 || field.deprecated !== undefined)) return undefined;
    if (field.type.kind === "nullable" && isTooDeep) return null;
    if (field.default !== undefined && field.examples.length === 0) return field.default.value;
    // Nothing ends a type that has to contain itself but a value that is not one of its own.
    return inside.length > 12 ? null : this.of(field, inside);
  }

  /** Whether the type is, or leads straight to, one in which the value is already. */
  #isInside(type: Type, inside: readonly string[]): boolean {
    switch (type.kind) {
      case "nullable":
        return this.#isInside(type.type, inside);
      case "list":
        return this.#isInside(type.items, inside);
      case "map":
        return this.#isInside(type.values, inside);
      case "ref": {
        if (inside.includes(type.name)) return true;
        const named = this.#types.get(type.name);
        return named?.kind === "alias" && this.#isInside(named.type, [...inside, type.name]);
      }
      default:
        return false;
    }
  }
}

interface Wanted {
  readonly type: Type;
  readonly constraints: Constraints;
  /** Whose value it is. */
  readonly name: string;
  /** The named types around the value, outermost first. */
  readonly inside: readonly string[];
}

/** A value that a reader expects behind such a name. Nothing where the definition limits the value. */
function likelyScalar(scalar: string, constraints: Constraints, name: string): unknown {
  if (scalar === "boolean") return true;
  // The second item of a list has to differ from the first.
  if (Object.keys(constraints).length > 0 || /-\d+$/.test(name)) return undefined;
  switch (scalar) {
    case "string":
      return likelyTexts.find(([names]) => names.test(name))?.[1];
    case "integer":
      return 1;
    case "number":
      return 1.5;
    case "bigint":
      return 18446744073709551616n;
    case "datetime":
      return "2026-01-31T12:00:00.000000";
    case "date":
      return "2026-01-31";
    case "uuid":
      return "7f3c2a9e-5d41-4b8a-9c06-1e2d3f4a5b6c";
    case "any":
      return likelyTexts.find(([names]) => names.test(name))?.[1] ?? name;
    default:
      return undefined;
  }
}

const likelyTexts: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(host|hostname)$/i, "host1"],
  [/(^|_)node$/i, "node1"],
  [/(^|_)queue$/i, "queue1"],
  [/(^|_)(uuid|id)$/i, "7f3c2a9e"],
  [/(^|_)(ip|address|ip_v4)$/i, "192.0.2.10"],
  [/(^|_)email$/i, "ada@example.org"],
  [/(^|_)(url|uri)$/i, "https://example.org/"],
  [/(^|_)path$/i, "/var/lib/example"],
  [/(^|_)(name|display_name)$/i, "example"],
  [/(^|_)(password|secret|token)$/i, "secret"],
];

function isText(type: Type): boolean {
  return type.kind === "scalar" && type.scalar === "string";
}

function singular(name: string): string {
  return name.length > 3 && /[^s]s$/.test(name) ? name.slice(0, -1) : name;
}
