import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, it } from "vitest";
import { printValidators } from "../../src/compiler/emit/printed-validators.js";
import { rawValidators } from "../../src/compiler/emit/raw-validators.js";
import type { JsonSchema } from "../../src/compiler/emit/schema.js";
import { formats } from "../../src/compiler/formats.js";
import type { LoadedValidator } from "./support/load-validators.js";

const text = { maxLength: fc.nat(3), minLength: fc.nat(3), pattern: fc.constantFrom("^a", "^\\p{Lu}", 'b"') };
const limits = { minimum: fc.nat(3), maximum: fc.nat(5), exclusiveMinimum: fc.nat(2), exclusiveMaximum: fc.nat(6) };
const sizes = { minItems: fc.nat(2), maxItems: fc.nat(2), uniqueItems: fc.boolean() };
const values = { enum: fc.constantFrom(["a", "b"], [1, 2, null], [[1], { a: "a" }]) };
const format = { format: fc.constantFrom("uuid", "date", "ipv4") };
const others = { minProperties: fc.nat(2), maxProperties: fc.nat(2) };

/** Schemas of the words that definitions have in common with JSON Schema, and a type `Named` to refer to. */
const schemas: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema }>((tie) => {
  const some = (type: string | undefined, words: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
    fc.record(words, { requiredKeys: [] }).map((rest) => (type === undefined ? rest : { type, ...rest }));
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      some("string", { ...text, ...format, ...values }),
      some("number", { ...limits, multipleOf: fc.constantFrom(2, 0.5), ...values }),
      some("boolean", values),
      some("null", {}),
      some(undefined, { ...text, ...limits, ...values, ...sizes, ...others, ...format }),
      fc.record({ $ref: fc.constant("Named"), ...text, ...values }, { requiredKeys: ["$ref"] }),
      fc
        .tuple(tie("schema"), some("array", { ...sizes, ...values }))
        .map(([items, list]) => ({ ...list, items, ...comparable(list, items) })),
      fc
        .tuple(tie("schema"), some("object", { ...others, ...values }))
        .map(([additionalProperties, map]) => ({ ...map, additionalProperties })),
    ),
  };
}).schema;

/** Of scalars, schema.ts has a faster word for lists without repetition, for which ajv names other positions. */
function comparable(list: JsonSchema, items: JsonSchema): JsonSchema {
  const isScalar = items["type"] !== undefined && items["type"] !== "array" && items["type"] !== "object";
  return isScalar && list["uniqueItems"] === true ? { uniqueItems: false } : {};
}

const data: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      "a",
      "b",
      "",
      "abcd",
      "😀",
      "2024-02-29",
      "127.0.0.1",
      null,
      true,
      0,
      1,
      2.5,
      4,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
      1n,
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b/", "c~"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** A type that is itself and nothing else is refused long before. */
const namedSchemas = schemas.filter(({ $ref }) => $ref === undefined);

it("find the mistakes that ajv finds, in its order and words", () => {
  let mistakes = 0;
  fc.assert(
    fc.property(schemas, namedSchemas, fc.array(data, { minLength: 5, maxLength: 10 }), (schema, named, all) => {
      const ours = printed(schema, named);
      const theirs = new Ajv({ allErrors: true, strict: false, formats, inlineRefs: false, logger: false })
        .addSchema(named, "Named")
        .compile({ ...schema });
      for (const value of all) {
        expect(ours(value)).toBe(theirs(value));
        const expected = (theirs.errors ?? []).map(({ schemaPath: _, ...error }) => error);
        expect(ours.errors ?? []).toEqual(expected);
        mistakes += expected.length;
      }
    }),
    { numRuns: 300 },
  );
  expect(mistakes).toBeGreaterThan(1000);
});

it("call ajv's functions for raw schemas, which may have the names that ours have", () => {
  const raw = { type: "object", properties: { next: { $ref: "#" }, name: { type: "string", minLength: 2 } } };
  const check = printed({ type: "array", items: { $ref: "schema-0" }, minItems: 1 }, {}, raw);

  expect(check([{ next: { name: "ab" } }])).toBe(true);
  expect(check([{ next: { name: "a" } }])).toBe(false);
  expect(check.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([
    "/0/next/name must NOT have fewer than 2 characters",
  ]);
});

it.each<[string, JsonSchema]>([
  ["values", { enum: ["+", '"+', 'schemaPath:"x",', ",", "\u2028", "</script>", "`$`", "\\"] }],
  ["a value", { const: "+" }],
  ["names", { properties: { '"+': { type: "integer" }, "+": { type: "string" } }, required: ["+", '"+'] }],
  [
    "names of ajv's own",
    {
      properties: { "schemaPath:": {}, ",": { type: "integer" } },
      required: ["schemaPath:", ","],
      additionalProperties: false,
    },
  ],
  ["patterns", { pattern: '"+"|^\\/$', patternProperties: { '"\\+': { $ref: "#/definitions/+" } } }],
  ["dependencies", { dependencies: { "+": ['"+'], '"+': ["schemaPath:"] }, additionalProperties: false }],
])("keep texts of raw schemas as they are, also where they look like code: %s", (_, words) => {
  const raw = { ...words, definitions: { "+": { enum: ["+"] } } };
  const ours = printed({ $ref: "schema-0" }, {}, raw);
  const theirs = new Ajv({ allErrors: true, strict: false, formats }).compile(raw);
  const texts = ["+", '"+', 'schemaPath:"x",', ",", "\u2028", "</script>", "`$`", "\\", "/", ""];
  const records = texts.flatMap((text) => [{ [text]: text }, { [text]: 1, "+": "+" }, { '"+': 2, [text]: "" }]);

  for (const value of [...texts, ...records, {}, 1]) {
    expect(ours(value)).toBe(theirs(value));
    expect(ours.errors ?? []).toEqual((theirs.errors ?? []).map(({ schemaPath, ...error }) => error));
  }
});

it("keep names as they are, also where they look like code", () => {
  const properties = { '"+': { type: "array", items: { type: "string" } }, '+"': { type: "string" } };
  const check = printed({ fields: { properties, required: ['"+'], closed: true } }, {});

  expect(check({ '"+': ["a"] })).toBe(true);
  expect(check({ '"+': [1], '+"': 1, '"': 1 })).toBe(false);
  expect(check.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([
    " must NOT have additional properties",
    '/"+/0 must be string',
    '/+" must be string',
  ]);
});

it("stop listing mistakes after a thousand, and take no longer for each than for the first", () => {
  const named = { fields: { properties: { next: { $ref: "Named" } }, required: [], closed: false } };
  const raw = { type: "array", items: { $ref: "#/definitions/text" }, definitions: { text: { type: "string" } } };
  const wrong = Array.from({ length: 200_000 }, () => ({ next: 0 }));
  const ours = printed({ type: "array", items: { $ref: "Named" } }, named);
  const theirs = printed({ $ref: "schema-0" }, {}, raw);

  expect(ours(wrong)).toBe(false);
  expect(ours.errors).toHaveLength(1000);
  expect(ours.errors?.[999]).toMatchObject({ instancePath: "/999/next", message: "must be object" });
  expect(theirs(wrong)).toBe(false);
  expect(theirs.errors?.at(-1)).toMatchObject({ instancePath: "/199999", message: "must be string" });
  expect(ours([{ next: {} }])).toBe(true);
  expect(ours.errors).toBe(null);
});

it.each<[string, JsonSchema]>([
  ["a type", { type: "array", uniqueItems: true }],
  ["a raw schema", { $ref: "schema-0" }],
])("find the same record in a list of %s without comparing each with each", (_, schema) => {
  const check = printed(schema, {}, { type: "array", items: { type: "object" }, uniqueItems: true });
  const items = Array.from({ length: 200_000 }, (_, index) => ({ index, text: `${index}` }));

  expect(check(items)).toBe(true);
  expect(check([...items, { text: "7", index: 7 }])).toBe(false);
  expect(check.errors?.[0]?.message).toBe("must NOT have duplicate items (items ## 7 and 200000 are identical)");
});

it("tell what is the same as ajv does, also where it is written in another way", () => {
  const twins = [
    [0, -0],
    [[Number.NaN], [Number.NaN]],
    [
      { a: 1, b: [] },
      { b: [], a: 1 },
    ],
  ];
  const others = [
    ["1", 1],
    [1n, 1],
    [null, "null"],
    [[1, 2], ["1,2"]],
    [{ a: 1 }, { a: "1" }],
    [{}, []],
    [["a", "b"], ['a","b']],
  ];
  const check = printed({ type: "array", uniqueItems: true }, {});
  const theirs = new Ajv().compile({ type: "array", uniqueItems: true });
  const zero = printed({ enum: [0, { a: 0 }] }, {});

  for (const items of twins) expect([check(items), theirs(items)], String(items)).toEqual([false, false]);
  for (const items of others) expect([check(items), theirs(items)], String(items)).toEqual([true, true]);
  expect([zero(-0), zero({ a: -0 }), zero({ a: 1 })]).toEqual([true, true, false]);
});

function printed(schema: JsonSchema, named: JsonSchema, raw: JsonSchema = {}): LoadedValidator {
  const shared = new Map([
    ["Named", named],
    ["schema-0", raw],
  ]);
  const { code, names } = printValidators({ shared, methods: new Map([["take", schema]]) }, rawValidators);
  // What is made from text has no type; the generated file has the same table.
  return new Function(`"use strict";\n${code}\nreturn ${names.get("take")};`)() as LoadedValidator;
}
