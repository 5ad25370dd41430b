import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { descriptorOf } from "../../src/compiler/emit/descriptor.js";
import { emit } from "../../src/compiler/emit/emit.js";
import { defaultConfig } from "../../src/compiler/index.js";
import type { Field, NamedType, Param, Scalar, Service, Type } from "../../src/compiler/model.js";
import { createCodec } from "../../src/runtime/codec.js";
import type { Codec, TypeCodec } from "../../src/runtime/descriptor.js";
import { parseJSON, stringifyJSON } from "../../src/runtime/wire/json.js";
import { loadEncoders, type Printer } from "./support/load-encoders.js";
import * as models from "./support/models.js";

const { scalar, list, map, nullable, ref } = models;

function filesOf(service: Service): ReturnType<typeof emit>["value"] {
  return emit({ services: [service] }, defaultConfig).value;
}

/** A service with one method that takes `value`. */
function taking(type: Type, types: readonly NamedType[] = [], rest: Partial<Param> = {}): Service {
  const take = models.method("take", { params: [models.param("value", type, rest)] });
  return models.service({ types, methods: [take] });
}

/** The encoder of `value` in what is generated of a service, its bare printing function, and the general way. */
function waysOf(service: Service): { encoder: Printer | undefined; bare: Printer | undefined; general: Printer } {
  const files = filesOf(service);
  const of = (bare: boolean) => loadEncoders(files, "compute", { bare })?.["take"]?.params?.["value"];
  const { codecs, methods } = descriptorOf(service) as {
    // What the compiler makes is the runtime's descriptor as plain data.
    readonly codecs?: Readonly<Record<string, TypeCodec>>;
    readonly methods: Readonly<
      Record<string, { readonly params: Readonly<Record<string, { readonly codec?: Codec }>> }>
    >;
  };
  const form = methods["take"]?.params["value"]?.codec;
  const codec = createCodec(codecs);
  return { encoder: of(false), bare: of(true), general: (value) => escaped(stringifyJSON(codec.encode(value, form))) };
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What a peer reads of a printed value, or the words of the error. */
function read(print: Printer, value: unknown): unknown {
  try {
    return { value: parseJSON(JSON.parse(`"${print(value)}"`)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : error };
  }
}

// ------------------------------------------------------------------------------------------ random types and values

/** Draws one value of an arbitrary. */
type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

const scalars: readonly Scalar[] = [
  "string",
  "boolean",
  "integer",
  "number",
  "bigint",
  "datetime",
  "uuid",
  "bytes",
  "any",
];
const fieldNames = [
  "id",
  "name",
  "na-me",
  "class",
  "x:y",
  'quo"te',
  "größe",
  "\\",
  "length",
  "default",
  `$\{x}`,
  "`",
  "1",
];

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Number.NEGATIVE_INFINITY, 1e21, 5e-324),
);
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Symbol("s"),
    () => 1,
    new Date(0),
    new String("boxed"),
    new (class Row {
      id = 1;
      get name(): string {
        return "from a class";
      }
    })(),
    { toJSON: () => undefined },
    { toJSON: () => ({ id: "own form" }) },
    Object.create({ id: "inherited" }),
    Object.assign(Object.create(null), { id: "x" }),
    JSON.parse('{"__proto__": "data"}'),
    ring(),
  ),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withSparseArray: true,
    withNullPrototype: true,
    withBoxedValues: true,
  }),
);

function ring(): object {
  const self: Record<string, unknown> = { id: "x" };
  self["parent"] = self;
  return self;
}

/** Some named types, which may refer to each other in circles. */
function drawTypes(draw: Draw): readonly NamedType[] {
  const names = ["A", "B", "C", "D"];
  const state = models.enumType("State", ["on", "off", 'quo"te']);
  const objects = names.map((name) => {
    const own = draw(fc.uniqueArray(fc.constantFrom(...fieldNames), { minLength: 1, maxLength: 6 }));
    const fields = own.map((each): Field => {
      const type = drawType(draw, ["State", "U", "L", ...names], 2);
      // What holds itself ends somewhere.
      const mayEnd = !mentions(type) || type.kind === "list" || type.kind === "map";
      return models.field(each, mayEnd ? type : nullable(type), { optional: draw(fc.boolean()) });
    });
    const sealed = draw(fc.integer({ max: 3, min: 0 })) === 0;
    const object = { name: `Own${name}`, namespace: "test", version: "1.2", prefix: "test_object" };
    return models.object(name, fields, sealed ? { object } : {});
  });
  const named = { ...models.object("U", []) };
  const variants = names.slice(0, 2).map((type) => ({ value: type.toLowerCase(), type }));
  const union: NamedType = {
    ...named,
    kind: "union",
    name: "U",
    tag: draw(fc.constantFrom("kind", "what is it")),
    variants,
  };
  return [...objects, state, union, models.alias("L", list(drawType(draw, ["State", ...names], 1)))];
}

function drawType(draw: Draw, names: readonly string[], depth: number): Type {
  const choice = draw(fc.integer({ min: 0, max: depth > 0 ? 6 : 3 }));
  if (choice <= 1) return scalar(draw(fc.constantFrom(...scalars)));
  if (choice <= 3) return ref(draw(fc.constantFrom(...names)));
  const inner = drawType(draw, names, depth - 1);
  return choice === 4 ? list(inner) : choice === 5 ? map(inner) : nullable(inner);
}

function mentions(type: Type): boolean {
  return type.kind === "ref" ? type.name !== "State" : type.kind === "nullable" && mentions(type.type);
}

/** A value of a type; with `oddness`, one in so many parts of it is something else. */
function drawValue(draw: Draw, type: Type, types: readonly NamedType[], oddness: number, depth = 4): unknown {
  const inner = (each: Type): unknown => drawValue(draw, each, types, oddness, depth - 1);
  if (oddness > 0 && draw(fc.integer({ min: 1, max: oddness })) === 1) return draw(odd);
  switch (type.kind) {
    case "scalar":
      return draw(scalarValues(type.scalar));
    case "nullable":
      return depth <= 0 || draw(fc.boolean()) ? null : inner(type.type);
    case "list":
      return Array.from({ length: depth <= 0 ? 0 : draw(fc.integer({ min: 0, max: 3 })) }, () => inner(type.items));
    case "map": {
      const keys = depth <= 0 ? [] : draw(fc.array(text, { maxLength: 3 }));
      return Object.fromEntries(keys.map((key) => [key, inner(type.values)]));
    }
    case "ref":
      return drawNamed(draw, type.name, types, inner, oddness);
    case "schema":
      return draw(odd);
  }
}

function drawNamed(
  draw: Draw,
  name: string,
  types: readonly NamedType[],
  inner: (type: Type) => unknown,
  oddness: number,
): unknown {
  const type = types.find((each) => each.name === name);
  switch (type?.kind) {
    case "enum":
      return draw(fc.constantFrom(...type.values.map(({ value }) => value)));
    case "alias":
      return inner(type.type);
    case "union": {
      const { value, type: variant } = draw(fc.constantFrom(...type.variants));
      const object = inner(ref(variant));
      return typeof object === "object" && object !== null ? { ...object, [type.tag]: value } : object;
    }
    case "object": {
      const present = type.fields.filter(({ optional }) => !optional || draw(fc.boolean()));
      const entries = present.map((field) => [field.name, inner(field.type)] as const);
      const more = oddness > 0 && draw(fc.integer({ min: 1, max: oddness })) === 1;
      return Object.fromEntries(more ? [...entries, ["more", draw(odd)]] : entries);
    }
    default:
      throw new Error(`there is no type ${name}`);
  }
}

function scalarValues(name: Scalar): fc.Arbitrary<unknown> {
  switch (name) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer();
    case "number":
      return number;
    case "bigint":
      return fc.bigInt();
    case "any":
      return fc.oneof(text, number, fc.constant(null), fc.dictionary(fc.string(), text));
    default:
      return text;
  }
}

/** Draws from a seed, which a failure names. */
function drawFrom(seed: number): Draw {
  let drawn = seed * 1_000_003;
  return (arbitrary) => {
    drawn += 1;
    const [value] = fc.sample(arbitrary, { seed: drawn, numRuns: 1 });
    // One was asked for.
    return value as typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;
  };
}

/** Services with one argument of a random type, and how to draw its values. */
function* randomServices(count: number): Generator<{
  readonly seed: number;
  readonly service: Service;
  readonly value: (oddness: number) => unknown;
}> {
  for (let seed = 1; seed <= count; seed += 1) {
    const draw = drawFrom(seed);
    const types = drawTypes(draw);
    const type = drawType(
      draw,
      types.map(({ name }) => name),
      2,
    );
    yield { seed, service: taking(type, types), value: (oddness) => drawValue(draw, type, types, oddness) };
  }
}

describe("a generated encoder", () => {
  it("prints what the general way prints, for any value of any types, and fails with its words", () => {
    let printed = 0;
    for (const { seed, service, value } of randomServices(80)) {
      const { encoder, bare, general } = waysOf(service);
      if (encoder === undefined || bare === undefined) continue;
      for (const oddness of [30, 30, 10, 10, 3]) {
        const each = value(oddness);
        expect(read(encoder, each), `seed ${seed}`).toEqual(read(general, each));
      }
      for (let count = 0; count < 5; count += 1) {
        const each = value(0);
        // It throws where it wants the general way.
        expect(read(bare, each), `seed ${seed}`).toEqual(read(general, each));
        printed += 1;
      }
    }
    expect(printed).toBeGreaterThan(200);
  });
});

describe("an encoder of a versioned object", () => {
  const instance = models.object("Instance", [models.field("host", scalar("string"))], {
    object: { name: "Instance", namespace: "nova", version: "2.3", prefix: "nova_object" },
  });
  const instances = models.alias("Instances", list(ref("Instance")));

  it("gives it the envelope in which it came, with its version and changes", () => {
    const { bare, general } = waysOf(taking(ref("Instance"), [instance]));
    const codec = createCodec({ Instance: { object: { ...objectOf(instance) }, fields: {} } });
    const envelope = {
      "nova_object.name": "Instance",
      "nova_object.namespace": "nova",
      "nova_object.version": "2.1",
      "nova_object.data": { host: "h" },
      "nova_object.changes": ["host"],
    };
    const arrived = codec.decode(structuredClone(envelope), { ref: "Instance" });

    expect(read(bare ?? general, arrived)).toEqual({ value: envelope });
    expect(bare).toBeDefined();
  });

  it("leaves one that is in its envelope as it is", () => {
    const { encoder, general } = waysOf(taking(ref("Instances"), [instance, instances]));
    const sealed = { "nova_object.name": "Instance", "nova_object.data": { host: "h" } };

    expect(read(encoder ?? general, [sealed])).toEqual({ value: [sealed] });
    expect(encoder).toBeDefined();
  });

  function objectOf(type: NamedType): { name: string; namespace: string; version: string; prefix: string } {
    if (type.kind !== "object" || type.object === undefined) throw new Error(`${type.name} has no object`);
    return type.object;
  }
});

describe("there is an encoder", () => {
  const loose = models.object("Loose", [models.field("id", scalar("uuid")), models.field("what", scalar("any"))]);
  const known = models.object(
    "Known",
    ["a", "b", "c", "d", "e"]
      .map((name) => models.field(name, scalar("string")))
      .concat(loose.kind === "object" ? loose.fields.slice(1) : []),
  );
  const tree = models.object("Tree", [models.field("children", list(ref("Tree")))]);
  const circle = models.alias("Circle", list(ref("Circle")));
  const empty = models.object("Empty", []);
  const types = [loose, known, tree, circle, empty, models.enumType("State", ["on", "off"])];
  const isThere = (type: Type, rest: Partial<Param> = {}): boolean =>
    waysOf(taking(type, types, rest)).encoder !== undefined;

  it.each<[string, Type]>([
    ["a text", scalar("datetime")],
    ["a number that may be null", nullable(scalar("integer"))],
    ["an enum", ref("State")],
    ["texts", list(scalar("string"))],
    ["numbers", list(scalar("number"))],
    ["bigints by name", map(scalar("bigint"))],
    ["records by name", map(ref("Known"))],
    ["a record of which little is unknown", ref("Known")],
    ["a type that contains itself", ref("Tree")],
  ])("of %s", (_what, type) => {
    expect(isThere(type)).toBe(true);
  });

  it.each<[string, Type]>([
    ["anything", scalar("any")],
    ["a raw schema", { kind: "schema", schema: { type: "string" } }],
    ["a list of anything", list(scalar("any"))],
    ["a list of numbers some of which are null", list(nullable(scalar("number")))],
    ["a list of booleans", list(scalar("boolean"))],
    ["texts by name", map(scalar("string"))],
    ["a list of itself", ref("Circle")],
    ["an object without fields", ref("Empty")],
    ["a record of which much is unknown", ref("Loose")],
  ])("but not of %s", (_what, type) => {
    expect(isThere(type)).toBe(false);
  });

  it.each<[string, Partial<Param>]>([
    ["is not sent", { local: true }],
    ["is converted", { convert: { name: "utcnow" } }],
    ["ended before the newest version", { interval: { since: "5.0", until: "5.1" } }],
  ])("but not of an argument that %s", (_what, rest) => {
    const service = { ...taking(scalar("string"), [], rest) };
    const second = { version: "5.1", description: "Second.", range: models.range };

    expect(waysOf({ ...service, versions: [...service.versions, second] }).encoder).toBeUndefined();
  });

  it("of an argument that was converted for older versions, or had another name", () => {
    expect(isThere(scalar("string"), { convert: { name: "money", before: "5.0" } })).toBe(true);
    expect(isThere(scalar("string"), { was: [{ before: "5.0", name: "old", range: models.range }] })).toBe(true);
  });

  it("but not of a record with a field that every object has by itself", () => {
    for (const name of ["toJSON", "constructor", "__proto__"]) {
      const odd = models.object("Odd", [models.field(name, scalar("string")), models.field("id", scalar("string"))]);
      expect(waysOf(taking(ref("Odd"), [odd])).encoder, name).toBeUndefined();
    }
  });

  it("of a result", () => {
    const give = models.method("give", { returns: { type: list(ref("Known")), constraints: {} } });
    const files = filesOf(models.service({ types, methods: [give] }));

    expect(loadEncoders(files, "compute")?.["give"]?.result?.([])).toBe("[]");
  });
});

it("a service of which nothing is known has no file of encoders, and none is passed", () => {
  const files = filesOf(taking(scalar("any")));

  expect(files.map(({ path }) => path)).not.toContain("compute/encoders.ts");
  expect(files.map(({ text: code }) => code).join()).not.toContain("encoders");
});
