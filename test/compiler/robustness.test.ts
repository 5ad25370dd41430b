import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/compiler/analyze.js";
import type { Diagnostic, Source } from "../../src/compiler/index.js";
import { messages } from "../../src/compiler/messages.js";
import type { Model, Service, Type } from "../../src/compiler/model.js";
import { definitionsIn } from "./cases.js";
import { plainText } from "./plain-text.js";

const [shared, storage] = definitionsIn("resolve/whole_language");
const library = shared ?? { path: "", text: "" };
const valid = storage ?? { path: "", text: "" };

describe("a valid definition with random changes to its text", () => {
  it("gets diagnostics or a whole model, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        check(edits.reduce((text, change) => change(text), valid.text));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a valid definition with random changes to its data", () => {
  it("gets diagnostics or a whole model, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), dataEdit), { minLength: 1, maxLength: 4 }), (edits) => {
        let text = valid.text;
        for (const [at, change] of edits) text = changeLine(text, at, change);
        check(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe("text that is no definition at all", () => {
  it("gets diagnostics, whatever it is", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary" })), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const { diagnostics } = check(parts.join(""));
        expect(diagnostics).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a hostile file", () => {
  const head = 'rpcapi: 1\nservice: demo\nversions: { "1.0": First version. }\n';
  const size = 500_000;
  const fill = (text: string): string => text.repeat(Math.ceil(size / text.length));
  const count = (line: (index: number) => string, length = 20_000): string =>
    Array.from({ length }, (_, at) => line(at)).join("");

  // Generous, since machines differ and tests run side by side; what is caught here took minutes, or all memory.
  const longest = 15_000;

  const files: Record<string, readonly [string, string]> = {
    "ten megabytes": ["a: b\n".repeat(2_000_000), "file-too-large"],
    "zero bytes": [`${head}x-zero: \0\n`, "not-text"],
    "a picture": ["\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "not-text"],
    "bytes that are no UTF-8": [`${head}description: \ufffd\n`, "not-utf8"],
    "only spaces": [fill(" "), "empty-file"],
    "only a byte order mark": ["\ufeff", "empty-file"],
    "lists in lists": ["[".repeat(100_000), "too-deep"],
    "maps in maps": ["{a: ".repeat(100_000), "too-deep"],
    "items in items": ["- ".repeat(100_000), "too-deep"],
    "questions in questions": ["? ".repeat(100_000), "too-deep"],
    "keys in keys": [Array.from({ length: 400 }, (_, at) => `${" ".repeat(at)}a:\n`).join(""), "too-deep"],
    "a type in types": [`${head}types: { A: "${"list<".repeat(100_000)}" }\n`, "type-syntax"],
    "brackets without end": [fill("[]"), "yaml-syntax"],
    "quotes without end": [fill('"'), "yaml-syntax"],
    "an alias bomb": [
      `${head}x-0: &a0 [x]\n${count((at) => `x-${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]\n`)}`,
      "alias",
    ],
    "merge keys": [`${head}x-a: {\n${count(() => "  <<: {},\n")}}\n`, "merge-key"],
    "one key many times": [head + fill("a: b\n"), "duplicate-key"],
    prototypes: [head + fill("__proto__: { constructor: { prototype: 1 } }\n"), "duplicate-key"],
    "many unknown keys": [head + count((at) => `key${at}: 1\n`), "too-many-problems"],
    "many unknown types": [`${head}types:\n${count((at) => `  T${at}: list<X${at}>\n`)}`, "too-many-problems"],
    "many versions": [`rpcapi: 1\nservice: demo\nversions:\n${count((at) => `  "1.${at}": x\n`)}`, "too-many-versions"],
    "many wrong durations": [`${head}timeouts:\n${count((at) => `  t${at}: ${at}x\n`)}`, "too-many-problems"],
    "a long chain of aliases": [
      `${head}types:\n${count((at) => `  T${at}: T${(at + 1) % 20_000}\n`)}`,
      "endless-alias",
    ],
    "a long chain of objects": [
      `${head}types:\n${count((at) => `  T${at}: { fields: { a: T${at + 1} } }\n`)}`,
      "unknown-type",
    ],
    "many parameters": [
      `${head}methods:\n  m:\n    kind: cast\n    params:\n${count((at) => `      p${at}: { from: p0 }\n`)}`,
      "from-itself",
    ],
    "many former names": [
      `rpcapi: 1\nservice: d\nversions: { "1.0": a, "1.1": b }\nmethods:\n  m:\n    kind: cast\n    params:\n${count((at) => `      p${at}: { type: any, was: [{ before: "1.1", name: x }] }\n`, 8000)}`,
      "was-clash",
    ],
    "a pattern that never ends": [
      `${head}types:\n${["(a|aa)+$", "(a*)*$", "((a+)b?)+$", "a*a*a*a*a*a*a*a*$", "(.*a){20}$"].map((pattern, at) => `  T${at}: { type: string, pattern: "${pattern}", example: "${"a".repeat(5000)}b" }\n`).join("")}`,
      "slow-pattern",
    ],
    "a schema that refers to itself": [`${head}types: { A: { schema: { $ref: "#" }, example: 1 } }\n`, ""],
  };

  for (const [name, [text, code]] of Object.entries(files)) {
    it(`is answered with one clear code: ${name}`, { timeout: 2 * longest }, () => {
      const start = performance.now();
      const { diagnostics } = check(text);
      const took = performance.now() - start;
      const codes = diagnostics.map((one) => one.code);
      if (code !== "") expect(codes).toContain(code);
      expect(took).toBeLessThan(longest);
      expect(codes.length).toBeLessThan(500);
    });
  }
});

describe("harmless oddities", () => {
  it("change nothing: line ends of Windows, and a byte order mark", () => {
    const plain = check(valid.text);
    for (const text of [valid.text.replaceAll("\n", "\r\n"), `\ufeff${valid.text}`]) {
      const odd = check(text);
      expect(odd.diagnostics).toEqual([]);
      expect(withoutPlaces(odd.value)).toEqual(withoutPlaces(plain.value));
    }
  });
});

// ---------------------------------------------------------------------------------------------------- what must hold

function check(text: string): { diagnostics: readonly Diagnostic[]; value: Model } {
  const source: Source = { path: valid.path, text };
  const { diagnostics, value } = analyze([source], (path) => (path === library.path ? library : undefined));
  for (const { code, message, help = "", range, related = [] } of diagnostics) {
    expect(Object.keys(messages)).toContain(code);
    expect(message).not.toBe("");
    expect(`${message} ${help}`).not.toMatch(/undefined|\[object|NaN|instancePath|must NOT|schema path/);
    for (const one of [range, ...related.map((other) => other.range)]) {
      if (one === undefined || one.path !== source.path) continue;
      expect(one.start, `${code} ${message}`).toBeGreaterThanOrEqual(0);
      expect(one.end).toBeGreaterThanOrEqual(one.start);
      expect(one.end).toBeLessThanOrEqual(text.length);
    }
  }
  if (!diagnostics.some(({ severity }) => severity === "error"))
    for (const service of value.services) checkService(service);
  else expect(plainText(diagnostics.slice(0, 5), [source])).toContain(": ");
  return { diagnostics, value };
}

/** What stages behind the front end rely on where there is no error. */
function checkService(service: Service): void {
  const types = new Set(service.types.map(({ name }) => name));
  const versions = service.versions.map(({ version }) => version);
  const errors = service.errors.map(({ name }) => name);
  const known = (type: Type): boolean => {
    switch (type.kind) {
      case "list":
        return known(type.items);
      case "map":
        return known(type.values);
      case "nullable":
        return known(type.type);
      case "ref":
        return types.has(type.name);
      default:
        return true;
    }
  };
  expect(versions.length).toBeGreaterThan(0);
  for (const method of service.methods) {
    expect(versions).toContain(method.interval.since);
    expect(method.kind.length).toBeGreaterThan(0);
    expect(known(method.returns.type)).toBe(true);
    for (const name of method.errors) expect(errors).toContain(name);
    for (const param of method.params) {
      expect(known(param.type), `${method.name}.${param.name}`).toBe(true);
      expect(versions).toContain(param.interval.since);
      for (const former of param.was) expect(versions).toContain(former.before);
    }
  }
  for (const type of service.types) {
    if (type.kind === "object") for (const field of type.fields) expect(known(field.type)).toBe(true);
    if (type.kind === "union") for (const variant of type.variants) expect(types).toContain(variant.type);
    if (type.kind === "alias") expect(known(type.type)).toBe(true);
  }
}

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      key === "range" ? undefined : typeof inner === "bigint" ? String(inner) : inner,
    ),
  );
}

// ----------------------------------------------------------------------------------------------------- how it changes

const fragments = [
  "&a ",
  "*a",
  "<<: ",
  "{",
  "}",
  "[",
  "]",
  "- ",
  ": ",
  ",",
  "? ",
  "|",
  ">",
  "!x ",
  "%YAML",
  "---\n",
  "...\n",
  '"',
  "'",
  "#",
  "\t",
  "\0",
  "\r",
  "\n",
  "  ",
  "é",
  "\u{1f600}",
  "\ud800",
  "\ufeff",
  "__proto__",
  "constructor",
  "null",
  "true",
  "6.10",
  "1e999",
  ".nan",
  "0x1F",
  "99999999999999999999",
  "-1",
  "list<",
  "map<string>",
  "?",
  "{a.b",
  "$server",
  "x-",
  "since: ",
  "was: ",
  "type: ",
  "@",
  "`",
  "\\",
  "\u2028",
];

type Edit = (text: string) => string;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (text: string, where: number): number => Math.floor(text.length * where);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.constantFrom(...fragments)).map(
    ([where, piece]): Edit =>
      (text) =>
        text.slice(0, at(text, where)) + piece + text.slice(at(text, where)),
  ),
  fc.tuple(place, fc.nat(60)).map(
    ([where, length]): Edit =>
      (text) =>
        text.slice(0, at(text, where)) + text.slice(at(text, where) + length),
  ),
  fc.tuple(place, fc.nat(80), place).map(
    ([from, length, to]): Edit =>
      (text) => {
        const piece = text.slice(at(text, from), at(text, from) + length);
        return text.slice(0, at(text, to)) + piece + text.slice(at(text, to));
      },
  ),
  fc.tuple(place, place).map(
    ([from, to]): Edit =>
      (text) => {
        const lines = text.split("\n");
        const [moved = ""] = lines.splice(Math.floor(from * lines.length), 1);
        lines.splice(Math.floor(to * lines.length), 0, moved);
        return lines.join("\n");
      },
  ),
);

/** Another value for a word of the definition: these keep the YAML whole, and so reach the later stages. */
const dataEdit = fc.constantFrom(
  "string",
  "integer?",
  "list<Volume>",
  "map<any>",
  "Volume",
  "Target",
  "State",
  "none",
  "Unknown",
  "true",
  "12",
  "null",
  '"3.0"',
  '"3.10"',
  '"4.0"',
  '"4.2"',
  '"9.9"',
  "4.0",
  "call",
  "cast",
  "fanout",
  "[]",
  "{}",
  "[call]",
  "{ by: wait, true: call, false: cast }",
  "volume.host",
  "volume",
  "$server",
  "10s",
  "0s",
  "to_primitive",
  "VolumeNotFound",
  "drop",
  "volume_id",
  "self",
  "constructor",
  '"__proto__"',
  '""',
  "a b",
  "-1",
  "1.5",
);

function changeLine(text: string, nth: number, value: string): string {
  const words = [...text.matchAll(/(?<=: |\[|, )[A-Za-z0-9_."<>?$-]+(?=[,\s\]}])/g)];
  const word = words[nth % words.length];
  return word === undefined ? text : text.slice(0, word.index) + value + text.slice(word.index + word[0].length);
}
