import type { Constraints, Field, NamedType, Service, Type } from "../compiler/model.js";
import { rawSample } from "../compiler/samples/raw-sample.js";
import { limit, scalarSample } from "../compiler/samples/scalar-samples.js";
import type { TypeLookup } from "../compiler/types.js";

/**
 * Makes values of declared types. Examples of the definition come first; what is made up says whose value it is, so that
 * two arguments which change places are noticed.
 */
export class Sampler {
  readonly #types: ReadonlyMap<string, NamedType>;

  /** The types as the definition has them. */
  readonly lookup: TypeLookup;

  constructor(service: Service) {
    const types = new Map(service.types.map((type) => [type.name, type]));
    this.lookup = (name) => types.get(name);
    this.#types = new Map(service.types.map((type) => [type.name, withoutLater(type)]));
  }

  /**
   * A value of a parameter's or field's type.
   *
   * @param variant another number gives another value, where the type has several
   */
  of(field: Pick<Field, "name" | "type"> & Partial<Field>, variant = 0, inside: readonly string[] = []): unknown {
    const example = field.examples?.[variant];
    if (example !== undefined) return example;
    return this.#value({ type: field.type, constraints: field.constraints ?? {}, name: field.name, variant, inside });
  }

  /**
   * The value with something at the end of a path, such as `volume.host`: fields that may be absent, keys of maps and
   * items of lists that the value does not have yet.
   */
  withPath(type: Type, value: unknown, keys: readonly string[]): unknown {
    const [key, ...rest] = keys;
    if (key === undefined) return value;
    const inner = this.#partAt(type, key);
    if (inner === undefined) return value;
    const isRecord = typeof value === "object" && value !== null;
    const present: unknown = isRecord ? Reflect.get(value, key) : undefined;
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
    const { type, constraints, name, variant, inside } = wanted;
    const choices = constraints["enum"];
    if (Array.isArray(choices) && choices.length > 0) return choices[variant % choices.length];
    switch (type.kind) {
      case "nullable":
        return this.#value({ ...wanted, type: type.type });
      case "scalar":
        return scalarSample(type.scalar, constraints, name, variant);
      case "list": {
        const length = Math.min(limit(constraints, "maxItems") ?? 1, Math.max(1, limit(constraints, "minItems") ?? 1));
        if (this.#isInside(type.items, inside)) return [];
        return Array.from({ length }, (_, index) =>
          this.#value({ type: type.items, constraints: {}, name, variant: variant + index, inside }),
        );
      }
      case "map": {
        const length = Math.max(1, limit(constraints, "minProperties") ?? 1);
        if (this.#isInside(type.values, inside)) return {};
        const keys = Array.from({ length }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
        return Object.fromEntries(
          keys.map((key) => [key, this.#value({ type: type.values, constraints: {}, name: key, variant, inside })]),
        );
      }
      case "ref":
        return this.#named(type.name, wanted);
      case "schema":
        return rawSample(type.schema, name, variant);
    }
  }

  #named(typeName: string, wanted: Wanted): unknown {
    const named = this.#types.get(typeName);
    if (named === undefined) return wanted.name;
    const example = named.examples[wanted.variant];
    if (example !== undefined) return example;
    const { name, variant } = wanted;
    const inside = [...wanted.inside, typeName];
    switch (named.kind) {
      case "alias":
        return this.#value({
          ...wanted,
          type: named.type,
          constraints: { ...named.constraints, ...wanted.constraints },
          inside,
        });
      case "enum":
        return named.values[variant % named.values.length]?.value;
      case "union": {
        const chosen = named.variants[variant % named.variants.length];
        if (chosen === undefined) return null;
        const value = this.#named(chosen.type, { ...wanted, inside });
        return { ...(typeof value === "object" ? value : {}), [named.tag]: chosen.value };
      }
      case "object":
        return Object.fromEntries(
          named.fields.flatMap((field) => {
            // Fields have no versions, so those that may be absent prove nothing and make each request larger.
            if (field.optional) return [];
            const isEmpty = field.type.kind === "nullable" && (inside.length > 1 || this.#isInside(field.type, inside));
            const value = isEmpty ? null : this.of(own(field, name), variant, inside);
            return [[field.name, value]];
          }),
        );
    }
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
  readonly variant: number;
  /** The named types around the value, outermost first. */
  readonly inside: readonly string[];
}

/** A field whose made-up value tells of which object it is. */
function own(field: Field, owner: string): Field {
  return { ...field, name: `${owner}.${field.name}` };
}

/** What older servers do not know of an object is left out for them, so that nobody is promised to see it. */
function withoutLater(type: NamedType): NamedType {
  if (type.kind !== "object") return type;
  const later = new Set(type.was.flatMap(({ without }) => without));
  return { ...type, fields: type.fields.filter(({ name }) => !later.has(name)) };
}
