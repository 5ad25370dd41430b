import type { Constraints, Field, NamedType, Scalar, Service, Type } from "../model.js";
import { requestOf } from "./shape.js";

/** JSON Schema with the keywords of keywords.ts. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schemas of a service: what ajv compiles to functions. */
export interface ServiceSchemas {
  /** By type name, and by a made-up name for each raw schema. */
  readonly shared: ReadonlyMap<string, JsonSchema>;
  /** By the method's wire name. Methods without arguments have one and the same schema. */
  readonly methods: ReadonlyMap<string, JsonSchema>;
}

/** The schemas of what the service's managers get: the newest shape, in the program's values, with defaults filled in. */
export function schemasOf(service: Service): ServiceSchemas {
  return new Schemas(service).all();
}

/** The schemas of a whole service, also of what its managers give back: what exporters describe. */
export interface EverySchema extends ServiceSchemas {
  /** By the method's wire name. */
  readonly results: ReadonlyMap<string, JsonSchema>;
  /** By the error's name. */
  readonly errors: ReadonlyMap<string, JsonSchema>;
}

/** The schemas of all types, arguments, results and errors. */
export function everySchemaOf(service: Service): EverySchema {
  return new Schemas(service).every();
}

/** The keyword `fields`: an object. */
export interface Fields {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** Takes nothing that `properties` does not name. */
  readonly closed: boolean;
}

/** The one schema of all methods without arguments. */
const noArguments: JsonSchema = { fields: { properties: {}, required: [], closed: true } satisfies Fields };

const scalars: Readonly<Record<Scalar, JsonSchema>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { safeInteger: true },
  number: { type: "number" },
  bigint: { bigint: true },
  datetime: { type: "string", format: "date-time" },
  date: { type: "string", format: "date" },
  uuid: { type: "string", format: "uuid" },
  bytes: { type: "string", format: "byte" },
  any: {},
  none: { type: "null" },
};

class Schemas {
  readonly #service: Service;
  readonly #types: ReadonlyMap<string, NamedType>;
  readonly #shared = new Map<string, JsonSchema>();
  /** Types that are mentioned and have no schema yet. */
  readonly #missing = new Set<string>();

  constructor(service: Service) {
    this.#service = service;
    this.#types = new Map(service.types.map((type) => [type.name, type]));
  }

  all(): ServiceSchemas {
    const methods = new Map<string, JsonSchema>();
    for (const method of this.#service.methods) {
      const request = requestOf(this.#service, method);
      const properties = request.map(({ param, optional }) => ({ ...param, optional }));
      methods.set(method.name, request.length === 0 ? noArguments : this.#object(properties, true));
    }
    // Adding one may find others: a set hands out what is added while it is walked.
    for (const name of this.#missing) {
      const type = this.#types.get(name);
      if (type !== undefined) {
        this.#shared.set(name, this.#named(type));
      }
    }
    return { shared: this.#shared, methods };
  }

  every(): EverySchema {
    const { methods, errors, types } = this.#service;
    for (const { name } of types) this.#missing.add(name);
    const results = methods.map(({ name, returns }) => [name, this.#type(returns.type, returns.constraints)] as const);
    const thrown = errors.map(({ name, fields }) => [name, this.#object(fields, false)] as const);
    return { ...this.all(), results: new Map(results), errors: new Map(thrown) };
  }

  #named(type: NamedType): JsonSchema {
    switch (type.kind) {
      case "object":
        return this.#object(type.fields, false);
      case "enum":
        return { enum: type.values.map(({ value }) => value) };
      case "union": {
        const variants = type.variants.map(({ value, type: name }) => [value, this.#ref(name)]);
        return { unionTag: type.tag, union: Object.fromEntries(variants) };
      }
      case "alias":
        return this.#type(type.type, type.constraints);
    }
  }

  #object(fields: readonly Pick<Field, "name" | "type" | "constraints" | "optional">[], closed: boolean): JsonSchema {
    const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
    const properties = fields.map(({ name, type, constraints }) => [name, this.#type(type, constraints)] as const);
    return { fields: { properties: Object.fromEntries(properties), required, closed } satisfies Fields };
  }

  #type(type: Type, constraints: Constraints = {}): JsonSchema {
    switch (type.kind) {
      case "scalar":
        return { ...scalars[type.scalar], ...this.#constraints(type, constraints) };
      case "list":
        return { type: "array", items: this.#type(type.items), ...this.#listConstraints(type.items, constraints) };
      case "map":
        return {
          type: "object",
          additionalProperties: this.#type(type.values),
          ...this.#constraints(type, constraints),
        };
      case "nullable":
        return { orNull: this.#type(type.type, constraints) };
      case "ref":
        return { ...this.#ref(type.name), ...this.#constraints(type, constraints) };
      case "schema":
        return { ...this.#raw(type.schema), ...this.#constraints(type, constraints) };
    }
  }

  #ref(name: string): JsonSchema {
    this.#missing.add(name);
    return { $ref: name };
  }

  /** A document of its own, so that its `$ref: "#/…"` start at its own root. */
  #raw(schema: JsonSchema): JsonSchema {
    // No type has a name with a dash.
    const name = `schema-${this.#shared.size}`;
    const { $id: _, ...rest } = schema;
    this.#shared.set(name, asNumbers(rest));
    return { $ref: name };
  }

  /** JSON Schema's limits are for numbers; ours have words of their own. */
  #constraints(type: Type, constraints: Constraints): JsonSchema {
    if (!this.#isBigint(type)) {
      return asNumbers(constraints);
    }
    const values = constraints["enum"];
    const limits = Object.entries(constraints).filter(([word]) => word !== "enum");
    return {
      ...(limits.length === 0 ? {} : { bigintLimits: limits.map(([word, limit]) => [word, digitsOf(limit)]) }),
      ...(Array.isArray(values) ? { bigintEnum: values.map(digitsOf) } : {}),
    };
  }

  /** ajv compares each item with each other where it does not know that they are scalars: seconds for a long list. */
  #listConstraints(items: Type, constraints: Constraints): JsonSchema {
    const { uniqueItems, ...rest } = constraints;
    const base = this.#baseOf(items);
    const isScalar = base?.kind === "scalar" && base.scalar !== "any";
    return uniqueItems === true && isScalar ? { ...asNumbers(rest), uniqueScalars: true } : asNumbers(constraints);
  }

  #isBigint(type: Type): boolean {
    const base = this.#baseOf(type);
    return base?.kind === "scalar" && base.scalar === "bigint";
  }

  /** What is left of a type without its names and without null. */
  #baseOf(type: Type): Type | undefined {
    const seen = new Set<string>();
    let at: Type | undefined = type;
    while (at?.kind === "nullable" || (at?.kind === "ref" && !seen.has(at.name))) {
      if (at.kind === "nullable") {
        at = at.type;
        continue;
      }
      seen.add(at.name);
      const named = this.#types.get(at.name);
      at = named?.kind === "alias" ? named.type : named?.kind === "enum" ? enumBase : undefined;
    }
    return at;
  }
}

const enumBase: Type = { kind: "scalar", scalar: "string" };

/** A number's text; a whole number's digits, also where JavaScript would write 1e+21. */
function digitsOf(value: unknown): string {
  return String(typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value);
}

/** The YAML reader makes a bigint of a large number; ajv prints its schemas as JSON, which has none. */
function asNumbers(value: JsonSchema): JsonSchema {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? Number(item) : item));
  // The copy has the same keys.
  return JSON.parse(text) as JsonSchema;
}
