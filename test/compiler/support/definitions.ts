import fc from "fast-check";

/** A definition as plain data; YAML reads its JSON. Edits in tests change it. */
export interface Definition {
  rpcapi: 1;
  service: string;
  versions: Record<string, string>;
  errors: Record<string, { message: string; since?: string }>;
  types: Record<string, TypeDefinition>;
  methods: Record<string, MethodDefinition>;
}

export interface TypeDefinition {
  fields?: Record<string, ValueDefinition>;
  enum?: string[];
  one_of?: Record<string, string>;
}

export interface ValueDefinition {
  type: string;
  [key: string]: unknown;
}

export interface MethodDefinition {
  kind: unknown;
  params: Record<string, ValueDefinition>;
  returns?: ValueDefinition;
  errors?: string[];
  [key: string]: unknown;
}

/**
 * A random definition that is right. Types whose names start with `In` are in arguments alone, with `Out` in results
 * alone; the objects of each side refer to each other, so that some are recursive.
 */
export const definitions: fc.Arbitrary<Definition> = fc
  .record({
    versions: fc.constantFrom(["1.0"], ["1.0", "1.1"], ["1.0", "1.3", "2.0"], ["2.0", "2.1", "2.2"]),
    inFields: fc.array(plainTypes(), { minLength: 1, maxLength: 3 }),
    outFields: fc.array(plainTypes(), { minLength: 1, maxLength: 3 }),
    methods: fc.array(methodShapes(), { minLength: 1, maxLength: 4 }),
  })
  .map(({ versions, inFields, outFields, methods }) => ({
    rpcapi: 1 as const,
    service: "demo",
    versions: Object.fromEntries(versions.map((version) => [version, `Version ${version}.`])),
    errors: { Gone: { message: "Gone." }, Busy: { message: "Busy." } },
    types: {
      ...sideTypes("In", inFields),
      ...sideTypes("Out", outFields),
    },
    methods: Object.fromEntries(methods.map((shape, index) => [`do_${index}`, methodOf(shape, versions)])),
  }));

/** The text that the compiler reads. */
export function textOf(definition: Definition): string {
  return JSON.stringify(definition, undefined, 1);
}

function plainTypes(): fc.Arbitrary<string> {
  const scalars = fc.constantFrom("string", "integer", "boolean", "uuid", "number", "any");
  const wrapped = fc.tuple(scalars, fc.constantFrom("list<_>", "map<_>", "_?", "_"));
  return wrapped.map(([scalar, form]) => (scalar === "any" && form === "_?" ? "any" : form.replace("_", scalar)));
}

function sideTypes(side: "In" | "Out", fields: readonly string[]): Record<string, TypeDefinition> {
  return {
    [`${side}Item`]: {
      fields: {
        ...Object.fromEntries(fields.map((type, index) => [`f${index}`, { type }])),
        state: { type: `${side}State` },
        next: { type: `${side}Item?` },
        payment: { type: `${side}Payment`, optional: true },
      },
    },
    [`${side}State`]: { enum: ["active", "stopped", "error"] },
    [`${side}Card`]: { fields: { number: { type: "string", maxLength: 20 } } },
    [`${side}Cash`]: { fields: { amount: { type: "integer", minimum: 0 } } },
    [`${side}Payment`]: { one_of: { card: `${side}Card`, cash: `${side}Cash` } },
  };
}

interface MethodShape {
  readonly kind: "call" | "cast";
  readonly params: readonly { readonly type: string; readonly mark: "required" | "optional" | "younger" }[];
  readonly returns: string;
  readonly errors: string[];
}

function methodShapes(): fc.Arbitrary<MethodShape> {
  return fc.record({
    kind: fc.constantFrom("call" as const, "cast" as const),
    params: fc.array(
      fc.record({
        type: fc.oneof(plainTypes(), fc.constantFrom("InItem", "list<InItem>", "InState", "map<InPayment>")),
        mark: fc.constantFrom("required" as const, "optional" as const, "younger" as const),
      }),
      { maxLength: 3 },
    ),
    returns: fc.oneof(plainTypes(), fc.constantFrom("OutItem", "list<OutItem?>", "OutState")),
    errors: fc.subarray(["Gone", "Busy"]),
  });
}

function methodOf({ kind, params, returns, errors }: MethodShape, versions: readonly string[]): MethodDefinition {
  const newest = versions.at(-1);
  const isYoung = versions.length > 1;
  const marks = {
    required: {},
    optional: { optional: true },
    younger: isYoung ? { since: newest, when_older: "drop" } : { optional: true },
  };
  return {
    kind,
    // What every definition has, so that every edit finds something to change.
    params: {
      item: { type: "InItem" },
      name: { type: "string", minLength: 1, maxLength: 100 },
      count: { type: "integer", default: 1 },
      ...Object.fromEntries(params.map(({ type, mark }, index) => [`p${index}`, { type, ...marks[mark] }])),
    },
    ...(kind === "call" ? { returns: { type: returns }, errors } : {}),
  };
}
