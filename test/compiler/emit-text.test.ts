import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comment } from "../../src/compiler/emit/comment.js";
import { compareNames, importLines } from "../../src/compiler/emit/imports.js";
import { group, indent, line, list, print } from "../../src/compiler/emit/layout.js";
import { literal, milliseconds, stringLiteral, templateText } from "../../src/compiler/emit/literal.js";

/** Runs an expression that we have printed. */
function evaluate(expression: string): unknown {
  return new Function(`"use strict"; return (${expression});`)();
}

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    'say "hi"',
    "it's",
    "both ' and \"",
    "back\\slash",
    "$" + "{name}",
    "`",
    "*/",
    "\u2028",
    "\ud800",
    "\u202e",
  ),
);

describe("a literal", () => {
  it("is the text that it was made of", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(evaluate(stringLiteral(text))).toBe(text);
      }),
    );
  });

  it("has nothing that an editor does not show", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(stringLiteral(text)).toMatch(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e]*$/u);
      }),
    );
  });

  it("inside a template is the text that it was made of", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(evaluate(`\`${templateText(text)}\``)).toBe(text);
      }),
    );
  });

  it("of data is that data, with bigints and keys of any name", () => {
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, Number.NaN, -0, Number.POSITIVE_INFINITY, 1e21, 2n ** 70n),
        fc.double(),
        texts,
        fc.array(tie("value")),
        fc.array(fc.integer(), { minLength: 30 }),
        fc
          .array(fc.tuple(fc.oneof(texts, fc.constantFrom("__proto__", "constructor", "a-b")), tie("value")))
          .map((entries) => Object.fromEntries(entries)),
      ),
    })).value;

    fc.assert(
      fc.property(values, (value) => {
        expect(evaluate(print(literal(value)))).toEqual(value);
      }),
    );
  });

  it("of milliseconds has separators where it is long", () => {
    expect([0, 500, 9999, 10_000, 1_800_000].map(milliseconds)).toEqual(["0", "500", "9999", "10_000", "1_800_000"]);
  });
});

describe("a layout", () => {
  it("is one line as long as that is, and otherwise a line for each part", () => {
    const call = (width: number): string => print(["f", list("(", ["first", "second"], ")"), ";"], 0, width);

    expect(call(17)).toBe("f(first, second);");
    expect(call(16)).toBe("f(\n  first,\n  second,\n);");
  });

  it("breaks what is outside before what is inside", () => {
    const nested = group(["a", indent([line, group(["b", indent([line, "c"])])])]);

    expect(print(nested, 0, 5)).toBe("a b c");
    expect(print(nested, 0, 4)).toBe("a\n  b\n    c");
    expect(print(nested, 0, 5 + 0)).toBe("a b c");
  });
});

describe("a comment", () => {
  it("does not end before its end, and starts no tag of its own, whatever the text", () => {
    fc.assert(
      fc.property(texts, texts, (text, other) => {
        const { line, lines } = comment({ text: `${text}\n${other}`, tags: [["since", "1.1"]] }, 1);
        const all = [line, ...lines].join("\n");

        expect(all).not.toContain("*/");
        expect(all.match(/(?:^|\s)@\w+/g)?.map((tag) => tag.trim())).toEqual(["@since"]);
      }),
    );
  });

  it("wraps prose, and keeps the lines of lists and code", () => {
    const prose = `${"word ".repeat(40)}end`;
    const { lines } = comment({ text: `${prose}\n\n- one\n- two\n\n\`\`\`\na\n\n  b\n\`\`\`` }, 1);

    expect(lines.every((each) => each.length <= 115)).toBe(true);
    expect(lines.slice(-9)).toEqual(["", "- one", "- two", "", "```", "a", "", "  b", "```"]);
  });
});

describe("imports", () => {
  it("are in the order of biome", () => {
    const names = ["NovaException", "NoValidHost", "A10", "A9", "a", "B", "A_", "Ab"];

    expect([...names].sort(compareNames)).toEqual(["A_", "A9", "A10", "Ab", "a", "B", "NoValidHost", "NovaException"]);
    expect(
      importLines([
        { module: "./types.js", names: [{ name: "T", isType: true }] },
        { module: "./errors.js", names: [] },
        { module: "@rpcgen/runtime", names: ["b", "A"].map((name) => ({ name, isType: name === "A" })) },
        { module: "../runtime.js", names: [{ name: "R", isType: false }] },
      ]),
    ).toEqual([
      'import { type A, b } from "@rpcgen/runtime";',
      'import { R } from "../runtime.js";',
      'import type { T } from "./types.js";',
    ]);
  });
});
