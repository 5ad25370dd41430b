import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectDefaults } from "../../src/compiler/config.js";
import { readProjectFile } from "../../src/compiler/project-file.js";
import { positionAt } from "../../src/compiler/source.js";

function read(text: string) {
  const { value, diagnostics } = readProjectFile({ path: "rpcgen.yaml", text });
  return {
    value,
    problems: diagnostics.map(({ code, message, help, range }) => {
      const { line, column } = positionAt(text, range?.start ?? -1);
      return `${line}:${column} ${code}: ${message}${help === undefined ? "" : `; ${help}`}`;
    }),
  };
}

describe("the project file", () => {
  it("gives every setting a value", () => {
    expect(read("inputs: [schemas]\nout: src/generated\n")).toEqual({
      value: { ...projectDefaults, inputs: ["schemas"], out: "src/generated" },
      problems: [],
    });
    expect(
      read('runtime: "@me/runtime"\nimportExtension: .ts\ntemplates: mine\nobjectPrefix: nova_object\nx-note: 1\n')
        .value,
    ).toEqual({
      inputs: [],
      runtime: "@me/runtime",
      importExtension: ".ts",
      templates: "mine",
      objectPrefix: "nova_object",
    });
    expect(read('importExtension: ""\n').value.importExtension).toBe("");
  });

  it("may be empty or all comments", () => {
    expect(read("")).toEqual({ value: projectDefaults, problems: [] });
    expect(read("# out: x\n")).toEqual({ value: projectDefaults, problems: [] });
  });

  it.each([
    ["oot: x\n", '1:1 unknown-key: the project file has no key "oot"; did you mean "out"?'],
    ["out: 5\n", '1:6 wrong-type: "out" must be text, and this is the number 5'],
    ["inputs: schemas\n", '1:9 wrong-type: "inputs" must be a list, and this is text; write inputs: [schemas]'],
    ["inputs: []\n", '1:9 empty-collection: "inputs" must not be empty; remove the key where nothing is meant'],
    ["inputs:\n  - schemas\n  - { a: b }\n", '3:5 wrong-type: an item of "inputs" must be text, and this is a map'],
    [
      "importExtension: .mjs\n",
      '1:18 wrong-value: "importExtension" cannot be ".mjs"; it is ".js", ".ts" or ""; did you mean ".js"?',
    ],
    ["objectPrefix: a-b\n", '1:15 wrong-form: "objectPrefix" cannot be "a-b"; write a name such as versioned_object'],
    ['out: ""\n', '1:6 wrong-form: "out" cannot be ""; write a name or a path'],
    ["- a\n", "1:1 wrong-type: the project file must be a map of keys, and this is a list"],
    ["a: b: c\n", expect.stringMatching(/^1:\d+ yaml-syntax: /)],
    ["out: a\nout: b\n", expect.stringMatching(/^2:1 duplicate-key: /)],
    ["__proto__: { out: x }\n", expect.stringMatching(/^1:1 unknown-key: /)],
  ])("shows what is wrong in %j, and where", (text, problem) => {
    expect(read(text).problems).toEqual([problem]);
  });

  it("shows all mistakes at once", () => {
    expect(read("out: 5\ninputz: []\nruntime: []\n").problems).toHaveLength(3);
  });

  it("has a schema that describes every key for editors", () => {
    const schema: { properties: Record<string, { description?: string }> } = JSON.parse(
      readFileSync(new URL("../../schemas/config.schema.json", import.meta.url), "utf8"),
    );
    for (const [key, { description }] of Object.entries(schema.properties)) {
      expect(description, key).toMatch(/\.$/);
    }
  });
});
