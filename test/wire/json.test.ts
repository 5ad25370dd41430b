import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJSON, stringifyJSON } from "../../src/runtime/wire/json.js";

describe("reading JSON", () => {
  test("any text that JSON.parse reads without loss is read the same", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseJSON(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("the careful reader agrees with JSON.parse on everything that has no big integer", () => {
    // A big integer at the end sends the whole text through the careful reader.
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        fc.pre(!/\d{16}/.test(text));
        const [value, big] = parseJSON(`[ ${text} ,\n12345678901234567890]`) as unknown[];
        expect(value).toEqual(JSON.parse(text));
        expect(big).toBe(12345678901234567890n);
      }),
    );
  });

  test("it refuses what JSON.parse refuses, also next to a big integer", () => {
    const wrong = [
      "",
      "{",
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "01",
      "1.",
      "+1",
      "nul",
      '"\n"',
      '"a',
      "[1 2]",
      "{} x",
      "-",
      "NaNa",
    ];
    for (const text of wrong) {
      expect(() => parseJSON(text), text).toThrow(SyntaxError);
      expect(() => parseJSON(`[12345678901234567890,${text}]`), text).toThrow(SyntaxError);
    }
  });

  test("integers keep every digit, and become a bigint only beyond 2^53", () => {
    expect(parseJSON("[9007199254740991,9007199254740992,-9007199254740992, 18446744073709551616]")).toEqual([
      9007199254740991,
      9007199254740992n,
      -9007199254740992n,
      18446744073709551616n,
    ]);
  });

  test("numbers with a fraction or an exponent stay numbers", () => {
    expect(parseJSON("[1.0, 1e22, 0.1234567890123456, 12345678901234.5, 1234567890123456E1]")).toEqual([
      1, 1e22, 0.1234567890123456, 12345678901234.5, 12345678901234560,
    ]);
  });

  test("NaN and the infinities are numbers", () => {
    expect(parseJSON('{"a": NaN, "b": [Infinity, -Infinity]}')).toEqual({
      a: Number.NaN,
      b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    });
  });

  test("a key named __proto__ is a key", () => {
    for (const text of ['{"__proto__": {"x": 1}}', '{"__proto__": {"x": 12345678901234567890}}']) {
      const value = parseJSON(text) as object;
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value)).toEqual(["__proto__"]);
    }
  });

  test("nesting without end is refused and does not overflow", () => {
    expect(() => parseJSON(`${"[".repeat(200_000)}12345678901234567890`)).toThrow(SyntaxError);
  });
});

describe("writing JSON", () => {
  test("ordinary values are written as JSON.stringify writes them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(stringifyJSON(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  test("what is written is read back, bigints, NaN and infinities too", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double().filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
      fc
        .bigInt()
        .filter((value) => value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER)),
      fc.constant(null),
      fc.boolean(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("tree")),
        fc.dictionary(fc.string(), tie("tree"), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const expected = JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? `${item}n` : item));
        const back = parseJSON(stringifyJSON(value));
        expect(JSON.stringify(back, (_key, item) => (typeof item === "bigint" ? `${item}n` : item))).toBe(expected);
      }),
    );
    expect(parseJSON(stringifyJSON([Number.NaN, Number.NEGATIVE_INFINITY, null, "NaN"]))).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      null,
      "NaN",
    ]);
  });

  test("what has no JSON form is a TypeError", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [undefined, () => 1, Symbol("s"), cycle]) expect(() => stringifyJSON(value)).toThrow(TypeError);
  });
});
