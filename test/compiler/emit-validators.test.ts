import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { emit } from "../../src/compiler/emit/emit.js";
import { defaultConfig, type GeneratedFile } from "../../src/compiler/index.js";
import type { Constraints, NamedType, Type } from "../../src/compiler/model.js";
import { compileCase } from "./support/cases.js";
import { type LoadedValidator, loadValidators } from "./support/load-validators.js";
import * as models from "./support/models.js";

const { scalar, list, map, nullable, ref } = models;

/** The validator of one argument `value` of a type. */
async function validatorOf(
  type: Type,
  constraints: Constraints = {},
  types: readonly NamedType[] = [],
): Promise<(value: unknown) => string> {
  const param = models.param("value", type, { constraints });
  const service = models.service({ types, methods: [models.method("take", { params: [param] })] });
  const { value: files } = emit({ services: [service] }, defaultConfig);
  const { take } = await loadValidators(files, "compute");
  return (value) => problems(take, { value });
}

/** What a validator finds, as text; empty where the value fits. */
function problems(validator: LoadedValidator | undefined, args: unknown): string {
  if (validator === undefined) throw new Error("there is no such validator");
  const valid = validator(args);
  const texts = (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  expect(valid).toBe(texts.length === 0);
  return texts.join("; ");
}

describe("a scalar", () => {
  const cases: readonly [scalar: Parameters<typeof scalar>[0], right: readonly unknown[], wrong: readonly unknown[]][] =
    [
      ["string", ["", "a"], [1, null, undefined, {}, 1n]],
      ["boolean", [true, false], [0, "true", null]],
      ["integer", [0, -1, Number.MAX_SAFE_INTEGER], [1.5, Number.NaN, 2 ** 53, 2n ** 60n, "1", null]],
      ["number", [0, 1.5, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY], [1n, "1", null]],
      ["bigint", [0n, 2n ** 80n], [0, 1.5, "1", null]],
      [
        "datetime",
        ["2024-05-01T12:00:00.123456", "2024-05-01T12:00:00", "2024-05-01T12:00:00Z", "2024-05-01T12:00:00.5+02:00"],
        ["2024-05-01", "12:00", 0, new Date(0), "2024-05-01T12:00:00.123456\n"],
      ],
      ["date", ["2024-02-29"], ["2024-13-01", "2024-02-29T00:00:00", 20240229]],
      [
        "uuid",
        ["5e2c9a5e-5d3b-4b0c-9a3e-8f2d6f0f3c11", "5E2C9A5E5D3B4B0C9A3E8F2D6F0F3C11"],
        ["5e2c9a5e", "{5e2c9a5e-5d3b-4b0c-9a3e-8f2d6f0f3c11}", 7],
      ],
      ["bytes", ["", "aGVsbG8=", "aGVsbG9v"], ["aGVsbG8", "a b=", 1]],
      ["any", [null, 1n, {}, [Number.NaN]], []],
    ];

  it.each(cases)("%s takes what it should and nothing else", async (name, right, wrong) => {
    const check = await validatorOf(scalar(name));

    for (const value of right) expect(check(value), String(value)).toBe("");
    for (const value of wrong) expect(check(value), String(value)).not.toBe("");
  });

  it("takes bytes of many megabytes", async () => {
    const check = await validatorOf(scalar("bytes"));
    const text = "QUJD".repeat(3_000_000);

    expect(check(text)).toBe("");
    expect(check(`${text}QQ==`)).toBe("");
    expect(check(`${text}=`)).toBe('/value must match format "byte"');
  });

  it("says how to declare an integer that is too large", async () => {
    const check = await validatorOf(scalar("integer"));

    expect(check(2n ** 60n)).toBe("/value must be a safe integer; declare bigint for larger values");
    expect(check(2 ** 53)).toBe("/value must be a safe integer; declare bigint for larger values");
    expect(check("7")).toBe("/value must be an integer");
  });
});

describe("constraints", () => {
  it.each<[string, Type, Constraints, readonly unknown[], readonly unknown[]]>([
    ["minimum of an integer", scalar("integer"), { minimum: 1 }, [1], [0, "2"]],
    [
      "limits of a bigint",
      scalar("bigint"),
      { minimum: 1, maximum: 2n ** 70n },
      [1n, 2n ** 70n],
      [0n, 2n ** 70n + 1n, 5],
    ],
    [
      "exclusive limits of a bigint",
      scalar("bigint"),
      { exclusiveMinimum: 0, exclusiveMaximum: 3 },
      [1n, 2n],
      [0n, 3n],
    ],
    ["multiples of a bigint", scalar("bigint"), { multipleOf: 5 }, [-5n, 0n, 10n], [1n, 11n]],
    ["values of a bigint", scalar("bigint"), { enum: [1n, 2n ** 64n] }, [1n, 2n ** 64n], [2n, 1]],
    ["values of a text", scalar("string"), { enum: ["a", "b"] }, ["a", "b"], ["c", 1]],
    [
      "length of a text in characters",
      scalar("string"),
      { minLength: 2, maxLength: 2 },
      ["ab", "😀😀"],
      ["a", "😀", "abc"],
    ],
    ["pattern of a text", scalar("string"), { pattern: "^\\p{Lu}+$" }, ["ÄÖ"], ["ä", ""]],
    ["format of a text", scalar("string"), { format: "ipv4" }, ["127.0.0.1"], ["127.0.0.256", "::1"]],
    ["size of a list", list(scalar("any")), { minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], [1, 2, 3]]],
    ["different scalars in a list", list(scalar("integer")), { uniqueItems: true }, [[1, 2]], [[1, 1]]],
    [
      "different objects in a list",
      list(map(scalar("integer"))),
      { uniqueItems: true },
      [[{ a: 1 }, { a: 2 }]],
      [[{ a: 1 }, { a: 1 }]],
    ],
    ["size of a map", map(scalar("any")), { minProperties: 1 }, [{ a: 1 }], [{}]],
    ["null beside a constraint", nullable(scalar("integer")), { minimum: 1 }, [null, 1], [0]],
  ])("%s", async (_, type, constraints, right, wrong) => {
    const check = await validatorOf(type, constraints);

    for (const value of right) expect(check(value), String(value)).toBe("");
    for (const value of wrong) expect(check(value), String(value)).not.toBe("");
  });

  it("of a bigint may be fractions, or so large that they are written with an exponent", async () => {
    const above = await validatorOf(scalar("bigint"), { minimum: 1.5, maximum: 1e21 });
    const multiple = await validatorOf(scalar("bigint"), { multipleOf: 0.5 });
    const one = await validatorOf(scalar("bigint"), { enum: [1.5, 1e21] });

    expect([above(2n), above(10n ** 21n), one(10n ** 21n)]).toEqual(["", "", ""]);
    expect(above(1n)).toBe("/value must be >= 1.5");
    expect(above(10n ** 21n + 1n)).toBe("/value must be <= 1000000000000000000000");
    expect(multiple(1n)).toBe("/value must be a multiple of 0.5");
    expect(one(1n)).toBe("/value must be one of 1.5, 1000000000000000000000");
  });

  it("of a bigint reach through aliases", async () => {
    const check = await validatorOf(ref("Id"), { maximum: 9 }, [models.alias("Id", scalar("bigint"), { minimum: 1 })]);

    expect(check(9n)).toBe("");
    expect(check(0n)).toBe("/value must be >= 1");
    expect(check(10n)).toBe("/value must be <= 9");
  });
});

describe("constraints beside other types", () => {
  it("leave the mistakes of a list's and a map's integers as they are", async () => {
    const items = await validatorOf(list(scalar("integer")), { maxItems: 2 });
    const values = await validatorOf(map(scalar("integer")), { maxProperties: 2 });

    expect(items([1, "x"])).toBe("/value/1 must be an integer");
    expect(values({ a: 2n })).toBe("/value/a must be a safe integer; declare bigint for larger values");
  });

  it("hold for a named type too: a format", async () => {
    const check = await validatorOf(ref("Address"), { format: "ipv4" }, [models.alias("Address", scalar("string"))]);

    expect(check("127.0.0.1")).toBe("");
    expect(check("localhost")).toBe('/value must match format "ipv4"');
    expect(check(1)).toBe("/value must be string");
  });

  it("name many values, and values that are no scalars", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `value ${index}`);
    const ofMany = await validatorOf(scalar("string"), { enum: many });
    const ofLists = await validatorOf(list(scalar("any")), { enum: [["a"], [{ b: 1 }]] });

    expect([ofMany("value 299"), ofLists([{ b: 1 }])]).toEqual(["", ""]);
    expect(ofMany("value 300")).toBe("/value must be equal to one of the allowed values");
    expect(ofLists([{ b: 2 }])).toBe("/value must be equal to one of the allowed values");
  });
});

describe("arguments", () => {
  let files: readonly GeneratedFile[] = [];
  let validators: Readonly<Record<string, LoadedValidator>> = {};
  const order = {
    id: 7n,
    uuid: "5e2c9a5e-5d3b-4b0c-9a3e-8f2d6f0f3c11",
    state: "open",
    lines: [{ article: "1" }],
    payment: { kind: "card", number: "1", price: { amount: 1n, currency: "EUR" } },
    placed_at: "2024-05-01T12:00:00.000000",
    due: null,
    weight: 1.5,
    extra: null,
    "customer-name": "Ada",
  };
  const placed = { order, gift: false, order_uuid: order.uuid, source: "desk", price: { amount: 1n, currency: "EUR" } };

  beforeAll(async () => {
    files = compileCase("everything").files;
    validators = await loadValidators(files, "order_desk");
  });

  it("fit in the newest shape, with defaults filled in and without what older clients lack", () => {
    expect(problems(validators["place_order"], placed)).toBe("");
    expect(problems(validators["place_order"], { ...placed, rush: true, notes: "soon" })).toBe("");
  });

  it("that the method does not have are refused, fields that a type does not have are not", () => {
    expect(problems(validators["place_order"], { ...placed, desk: "north" })).toContain("additional properties");
    expect(problems(validators["place_order"], { ...placed, legacy_code: "x" })).toContain("additional properties");
    expect(problems(validators["place_order"], { ...placed, order: { ...order, newer: 1 } })).toBe("");
    expect(problems(validators["ping_desk"], {})).toBe("");
    expect(problems(validators["ping_desk"], { a: 1 })).toContain("additional properties");
  });

  it("are all checked, and each mistake is told with its place", () => {
    const wrong = { ...placed, order: { ...order, id: 7, lines: [], weight: 0, parent: { ...order, due: "soon" } } };

    expect(problems(validators["place_order"], wrong).split("; ")).toEqual([
      "/order/id must be an integer (a bigint)",
      "/order/lines must NOT have fewer than 1 items",
      '/order/parent/due must match format "date"',
      "/order/weight must be > 0",
    ]);
  });

  it("are missing where only every object has something of that name", async () => {
    const named = models.object("Named", [
      models.field("toString", scalar("string"), { optional: true }),
      models.field("valueOf", scalar("any")),
    ]);
    const check = await validatorOf(ref("Named"), {}, [named]);

    expect(check({ valueOf: 1 })).toBe("");
    expect(check(JSON.parse('{ "valueOf": 1, "toString": "a" }'))).toBe("");
    expect(check({})).toBe("/value must have required property 'valueOf'");
    expect(check({ valueOf: 1, toString: 1 })).toBe("/value/toString must be string");
  });

  it("of a union are checked by their tag", () => {
    const paid = (payment: unknown): string =>
      problems(validators["place_order"], { ...placed, order: { ...order, payment } });

    expect(paid(null)).toBe("");
    expect(paid({ kind: "voucher", anything: 1 })).toBe("");
    expect(paid({ kind: "cash" })).toBe(
      '/order/payment must be an object whose "kind" is one of card, transfer, voucher',
    );
    expect(paid([])).toBe("/order/payment must be object");
    expect(paid({ kind: "transfer", price: { amount: 1n, currency: "EUR" } })).toBe(
      "/order/payment must have required property 'iban'",
    );
  });

  it("of raw JSON Schema are checked with its own references", () => {
    const listed = { state: null, limit: 1, sort: "asc", ids: [] };
    const found = (filter: unknown): string => problems(validators["list_orders"], { ...listed, filters: [filter] });

    expect(found({ field: "a", op: null, not: "b" })).toBe("");
    expect(found({ field: "a", not: "" })).toBe("/filters/0/not must NOT have fewer than 1 characters");
    expect(found({ field: "a", other: 1 })).toBe("/filters/0 must NOT have additional properties");
  });

  it("never bring their values into a message", () => {
    const secret = { toString: () => "s3cret" };
    const wrong = {
      ...placed,
      order: { ...order, "customer-name": 12345678, payment: { kind: "card", number: secret } },
    };

    validators["place_order"]?.(wrong);
    const text = JSON.stringify(validators["place_order"]?.errors);

    expect(text).toContain("customer-name");
    expect(text).not.toContain("s3cret");
    expect(text).not.toContain("12345678");
  });
});

describe("any type", () => {
  const types: readonly NamedType[] = [
    models.object("Point", [
      models.field("x", scalar("integer")),
      models.field("label", nullable(scalar("string")), { optional: true }),
      models.field("next", nullable(ref("Point"))),
    ]),
    models.enumType("Color", ["red", "blue"]),
    models.alias("Points", list(ref("Point"))),
  ];

  const typeArbitrary: fc.Arbitrary<Type> = fc.letrec<{ type: Type }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Type>(...(["string", "boolean", "integer", "number", "bigint"] as const).map(scalar)),
      fc.constantFrom<Type>(ref("Point"), ref("Color"), ref("Points")),
      tie("type").map(list),
      tie("type").map(map),
      tie("type").map(nullable),
    ),
  })).type;

  const valueArbitrary: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<unknown>(null, true, 1, 1.5, 2n ** 60n, "red", "a", {}, []),
      fc.record(
        { x: fc.constantFrom(1, 1.5), label: fc.constantFrom("a", null, 1), next: tie("value") },
        { requiredKeys: [] },
      ),
      fc.array(tie("value"), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("value"), { maxKeys: 2 }),
    ),
  })).value;

  it("is accepted exactly where a reading of the definition accepts it", async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        typeArbitrary,
        fc.array(valueArbitrary, { minLength: 5, maxLength: 20 }),
        async (type, values) => {
          const check = await validatorOf(type, {}, types);
          for (const value of values) {
            expect(check(value) === "").toBe(fits(value, type));
            accepted += fits(value, type) ? 1 : 0;
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  /** What a definition means, written as directly as possible. */
  function fits(value: unknown, type: Type): boolean {
    switch (type.kind) {
      case "nullable":
        return value === null || fits(value, type.type);
      case "list":
        return Array.isArray(value) && value.every((item) => fits(item, type.items));
      case "map":
        return isObject(value) && Object.values(value).every((item) => fits(item, type.values));
      case "ref":
        if (type.name === "Color") return value === "red" || value === "blue";
        if (type.name === "Points") return fits(value, list(ref("Point")));
        return (
          isObject(value) &&
          Number.isSafeInteger(value["x"]) &&
          (!("label" in value) || fits(value["label"], nullable(scalar("string")))) &&
          fits(value["next"], nullable(ref("Point")))
        );
      case "scalar":
        return type.scalar === "integer" ? Number.isSafeInteger(value) : typeof value === type.scalar;
      case "schema":
        return true;
    }
  }

  function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
});
