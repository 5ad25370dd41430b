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

function printed(schema: JsonSchema, named: JsonSchema, raw: JsonSchema = {}): LoadedValidator {
  const shared = new Map([
    ["Named", named],
    ["schema-0", raw],
  ]);
  const { code, names } = printValidators({ shared, methods: new Map([["take", schema]]) }, rawValidators);
  // What is made from text has no type; the generated file has the same table.
  return new Function(`"use strict";\n${code}\nreturn ${names.get("take")};`)() as LoadedValidator;
}
