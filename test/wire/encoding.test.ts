import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServiceDescriptor } from "../../src/runtime/descriptor.js";
import * as encoding from "../../src/runtime/encoding.js";
import { parseJSON, stringifyJSON } from "../../src/runtime/wire/json.js";

/** An encoder as generated code has it. */
function encoder(print: (value: never) => string): (value: unknown) => string {
  const service: ServiceDescriptor = { name: "s", topic: "s", versions: ["1.0"], methods: {} };
  const { take } = encoding.createEncoders(service, { take: { result: print } });
  // Any value may come where a program was cast into its types.
  return (value) => take?.result?.(value as never) ?? "";
}

/** What a peer reads: the text is the inside of a JSON string, which holds JSON. */
function read(text: string): unknown {
  return parseJSON(JSON.parse(`"${text}"`));
}

/** The same value through an encoder and the general way: what a peer reads of both, or that both refuse with the same words. */
function both(print: (value: never) => string, value: unknown): readonly [unknown, unknown] {
  const general = attempt(() => parseJSON(stringifyJSON(value)));
  return [attempt(() => read(encoder(print)(value))), general];
}

function attempt(run: () => unknown): unknown {
  try {
    return { value: run() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : error };
  }
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 5e-324, 2 ** 53),
);
class Celsius {
  readonly degrees = 20;
  get unit(): string {
    return "C";
  }
}
const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  Symbol("s"),
  () => 1,
  new Date(0),
  new Date(Number.NaN),
  new String("boxed"),
  new Number(1.5),
  new Boolean(false),
  new Celsius(),
  { toJSON: () => undefined },
  { toJSON: () => "own form" },
  Object.assign(Object.create(null), { a: 1 }),
  Object.create({ inherited: "text" }),
  new Map([["a", 1]]),
  Buffer.from("bytes"),
  // biome-ignore lint/suspicious/noSparseArray: JSON prints null for the hole
  [1, , 2],
  Object.assign([1, 2], { toJSON: () => "list" }),
  [undefined, () => 1],
  { a: undefined, b: () => 1, c: Symbol("s") },
  { __proto__: null, a: "x" },
  JSON.parse('{"__proto__": "data", "a": "b"}'),
  ring(),
);
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.bigInt(),
  odd,
  fc.array(fc.oneof(text, number, odd)),
  fc.dictionary(text, fc.oneof(text, odd)),
  fc.anything(),
);

function ring(): object {
  const self: Record<string, unknown> = { a: "x" };
  self["self"] = self;
  return self;
}

const printers: readonly (readonly [string, (value: never) => string])[] = [
  ["any value", encoding.anyText],
  ["a text", encoding.stringText],
  ["a number", encoding.numberText],
  ["a boolean", encoding.booleanText],
  ["a bigint", encoding.bigintText],
  ["a list of texts", (items: string[]) => encoding.listText(items, encoding.stringText)],
  ["a list of numbers", (items: number[]) => encoding.listText(items, encoding.numberText)],
  [
    "a list of lists",
    (items: string[][]) => encoding.listText(items, (item) => encoding.listText(item, encoding.stringText)),
  ],
  ["a map of texts", (map: Record<string, string>) => encoding.mapText(map, encoding.stringText)],
  ["a map of any values", (map: Record<string, unknown>) => encoding.mapText(map, encoding.anyText)],
];

describe("the printing function of a kind prints what the general way prints, whatever it is given", () => {
  it.each(printers)("%s", (_name, print) => {
    fc.assert(
      fc.property(value, (each) => {
        const [printed, general] = both(print, each);
        expect(printed).toEqual(general);
      }),
      { numRuns: 1_000 },
    );
  });

  it("prints each character as JSON.stringify does, inside another text", () => {
    const wrong: string[] = [];
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const character = `a${String.fromCharCode(unit)}b`;
      if (encoding.stringText(character) !== JSON.stringify(JSON.stringify(character)).slice(1, -1)) {
        wrong.push(unit.toString(16));
      }
    }
    expect(wrong).toEqual([]);
  });

  it("prints the numbers of Python's JSON that JSON has not", () => {
    expect(encoding.listText([Number.NaN, Number.NEGATIVE_INFINITY, -0], encoding.numberText)).toBe(
      "[NaN,-Infinity,0]",
    );
  });

  it("leaves out what is undefined without help of the general way", () => {
    const map: Record<string, string> = JSON.parse('{"a": "x", "b": "y"}');
    Object.assign(map, { a: undefined });

    expect(encoding.mapText(map, encoding.stringText)).toBe('{\\"b\\":\\"y\\"}');
    expect(encoding.hasFields(map, 1)).toBe(true);
  });
});

describe("an encoder whose values do not fit their type", () => {
  it("tries one in 32 after the eighth, and all again when one has fitted", () => {
    const tried: unknown[] = [];
    const encode = encoder((value: unknown) => {
      tried.push(value);
      return encoding.numberText(value as number);
    });
    const wrong = [1];

    for (let count = 0; count < 72; count += 1) expect(encode(wrong)).toBe("[1]");
    expect(tried).toHaveLength(8 + 2);
    for (let count = 72; count < 96; count += 1) encode(wrong);
    tried.length = 0;
    for (const value of [5, wrong, 6]) expect(encode(value)).toBe(JSON.stringify(value));
    expect(tried).toEqual([5, wrong, 6]);
  });
});
