import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format } from "../../src/compiler/format/format.js";
import { compile } from "../../src/compiler/index.js";
import { definitionText } from "./support/definition-texts.js";

// A case is a folder with input.yaml and what becomes of it. UPDATE_GOLDEN=1 writes expected.yaml anew.
const cases = fileURLToPath(new URL("./cases/fmt/", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the formatter", () => {
  for (const name of readdirSync(cases).sort()) {
    it(`makes of a definition what is expected: ${name.replaceAll("_", " ")}`, () => {
      const { value, diagnostics } = format({
        path: "input.yaml",
        text: readFileSync(`${cases}${name}/input.yaml`, "utf8"),
      });
      expect(diagnostics).toEqual([]);
      const expected = `${cases}${name}/expected.yaml`;
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(expected, value);
      expect(value).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "");
      expect(format({ path: "input.yaml", text: value }).value, "formatted twice").toBe(value);
    });
  }

  it.each([
    ["a syntax error", "a: [1\n", "yaml-syntax"],
    ["a key twice", "a: 1\na: 2\n", "duplicate-key"],
    ["an anchor", "a: &x 1\n", "anchor"],
    ["nothing", "", "empty-file"],
    ["two documents", "a: 1\n---\nb: 1\n", "several-documents"],
  ])("leaves a text alone that has %s, and says why", (_what, text, code) => {
    const { value, diagnostics } = format({ path: "x.yaml", text });
    expect(value).toBe(text);
    expect(diagnostics.map((one) => one.code)).toContain(code);
  });

  it.each(["[]\n", "{}\n", "- a\n-   b\n", "text\n"])("leaves alone what is no definition at all: %j", (text) => {
    expect(format({ path: "x.yaml", text })).toEqual({ value: text, diagnostics: [] });
  });

  it("makes line ends and the start of a file those of Unix", () => {
    const text = "\ufeffrpcapi: 1\r\nservice: demo # why\r\n\r\ndescription: |\r\n  one\r\n  two\r\n";
    expect(format({ path: "x.yaml", text }).value).toBe(
      "rpcapi: 1\nservice: demo # why\n\ndescription: |\n  one\n  two\n",
    );
  });

  it("changes nothing in what is generated, for every definition that we have", () => {
    const folders = ["schemas", "schemas/nova", ...casesBelow("generate"), ...casesBelow("resolve")];
    let compiled = 0;
    for (const folder of folders) {
      const sources = readdirSync(join(root, folder))
        .filter((name) => name.endsWith(".yaml"))
        .sort()
        .map((name) => ({ path: name, text: readFileSync(join(root, folder, name), "utf8") }));
      const formatted = sources.map((source) => ({ ...source, text: format(source).value }));
      const before = compile(sources);
      const after = compile(formatted);
      expect(after.files, folder).toEqual(before.files);
      expect(after.diagnostics.map(({ code, message }) => [code, message]).sort(), folder).toEqual(
        before.diagnostics.map(({ code, message }) => [code, message]).sort(),
      );
      compiled += before.files.length;
      for (const source of formatted) expect(format(source).value, source.path).toBe(source.text);
    }
    expect(compiled, "files that were compared").toBeGreaterThan(50);
  });

  it("formats a formatted text to itself, keeps every comment, and changes nothing that is generated, for any definition", () => {
    fc.assert(
      fc.property(definitionText, ({ text, comments }) => {
        const once = format({ path: "demo.yaml", text });
        expect(once.diagnostics, text).toEqual([]);
        expect(format({ path: "demo.yaml", text: once.value }).value, text).toBe(once.value);
        const kept = [...once.value.matchAll(/# c\d+/g)].map(([comment]) => comment).sort();
        expect(kept, text).toEqual([...comments].sort());
        const before = compile([{ path: "demo.yaml", text }]);
        const after = compile([{ path: "demo.yaml", text: once.value }]);
        expect(before.files.length, JSON.stringify(before.diagnostics)).toBeGreaterThan(0);
        expect(after.files).toEqual(before.files);
      }),
      { numRuns: 200 },
    );
  });
});

function casesBelow(kind: string): readonly string[] {
  const folder = `test/compiler/cases/${kind}`;
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
}
