import type { NamedType, Type } from "../compiler/model.js";
import type { TypeLookup } from "../compiler/types.js";
import { shapeAt } from "./shapes.js";

/** A value as a client at a cap sends it: objects in it are without what servers of that version did not know. */
export function knownAt(value: unknown, type: Type, cap: string, lookup: TypeLookup): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (type.kind) {
    case "nullable":
      return knownAt(value, type.type, cap, lookup);
    case "list":
      return Array.isArray(value) ? value.map((item) => knownAt(item, type.items, cap, lookup)) : value;
    case "map":
      return mapped(value, (item) => knownAt(item, type.values, cap, lookup));
    case "ref": {
      const named = lookup(type.name);
      return named === undefined ? value : namedAt(value, named, cap, lookup);
    }
    default:
      return value;
  }
}

function namedAt(value: object, named: NamedType, cap: string, lookup: TypeLookup): unknown {
  switch (named.kind) {
    case "alias":
      return knownAt(value, named.type, cap, lookup);
    case "union": {
      const tag: unknown = Reflect.get(value, named.tag);
      const variant = named.variants.find((one) => one.value === tag);
      return variant === undefined ? value : knownAt(value, { kind: "ref", name: variant.type }, cap, lookup);
    }
    case "object": {
      const gone = named.was[shapeAt(named.was, cap)]?.without ?? [];
      const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !gone.includes(name)));
      return mapped(kept, (item, name) => {
        const field = named.fields.find((one) => one.name === name);
        return field === undefined ? item : knownAt(item, field.type, cap, lookup);
      });
    }
    case "enum":
      return value;
  }
}

function mapped(value: object, change: (item: unknown, name: string) => unknown): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
}
