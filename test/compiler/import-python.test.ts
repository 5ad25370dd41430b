import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, format, importPython } from "../../src/compiler/index.js";

const folder = fileURLToPath(new URL("./cases/import-python/", import.meta.url));
const update = process.env["UPDATE_GOLDEN"] === "1";

describe("a Python class becomes a draft", () => {
  it.each(readdirSync(folder))("%s; UPDATE_GOLDEN=1 makes it anew", async (name) => {
    const source = { path: "input.py", text: readFileSync(join(folder, name, "input.py"), "utf8") };
    const { value, diagnostics } = await importPython(source);
    expect(diagnostics).toEqual([]);
    const text = value?.text ?? "";
    const golden = join(folder, name, "expected.yaml");
    if (update) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
    const found = compile([{ path: "expected.yaml", text }]).diagnostics;
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(format({ path: "expected.yaml", text }).value).toBe(text);
  });

  it("that compiles and has its form already, whichever line of the class is missing", async () => {
    const lines = readFileSync(join(folder, "depot/input.py"), "utf8").split("\n");
    const wrong: string[] = [];
    let drafts = 0;
    // Half of them, for the time it takes.
    for (const at of [...lines.keys()].filter((index) => index % 4 < 2)) {
      const source = { path: "input.py", text: lines.filter((_, index) => index !== at).join("\n") };
      const { value, diagnostics } = await importPython(source);
      if (value === undefined) {
        if (!diagnostics.some(({ code }) => ["python-syntax", "unknown-class"].includes(code)))
          wrong.push(`${at}: silent`);
        continue;
      }
      drafts += 1;
      const { text } = value;
      const errors = compile([{ path: "a.yaml", text }]).diagnostics.filter(({ severity }) => severity === "error");
      wrong.push(...errors.map(({ message }) => `${at}: ${lines[at]}: ${message}`));
      if (format({ path: "a.yaml", text }).value !== text) wrong.push(`${at}: ${lines[at]}: not formatted`);
    }
    expect(wrong).toEqual([]);
    expect(drafts).toBeGreaterThan(lines.length / 4);
  });

  it("that knows of tables which take each other's place", async () => {
    const text = `class A:
    def m(self, ctxt, a, b=None, c=None):
        if self.c.can_send_version('1.2'):
            v = '1.2'
            args = {'a': a, 'b': b}
        else:
            v = '1.0'
            args = {'a': a}
        self.c.prepare(version=v).cast(ctxt, 'm', **args)
    def n(self, ctxt, a, wait):
        args = {'a': a}
        if wait:
            args = {'a': a, 'wait': wait}
        self.c.prepare(version='1.0').cast(ctxt, 'n', **args)
`;
    const { value } = await importPython({ path: "a.py", text });
    expect(value?.text).toContain('b: { type: any, default: null, since: "1.2", when_older: drop }');
    expect(value?.text).not.toContain('    since: "1.2"\n    kind');
    expect(value?.text).toContain("wait: { type: any, optional: true }");
  });

  it("with a mark where a default is no value of YAML", async () => {
    const text = "class A:\n    def m(self, ctxt, q=b'1', r=2):\n        self.c.cast(ctxt, 'm', q=q, r=r)\n";
    const { value } = await importPython({ path: "a.py", text });
    expect(value?.text).toContain("      # its default is b'1'\n      q: { type: any, optional: true }\n");
    expect(value?.text).toContain("      r: { type: any, default: 2 }\n");
  });

  it("with a mark where the file is no Python, and the rest could be read", async () => {
    const text = "class DeskAPI:\n    def open(self, ctxt):\n        self.c.cast(ctxt, 'open')\n\nx = = 1\n";
    const { value, diagnostics } = await importPython({ path: "a.py", text });
    expect(value?.methods).toEqual(["open"]);
    expect(diagnostics).toMatchObject([{ code: "python-syntax", severity: "warning", range: { path: "a.py" } }]);
  });

  it.each([
    ["a class that is not there", "class A:\n    pass\n", "Ab", "unknown-class", 'there is no class "Ab" in a.py'],
    ["nothing that sends", "class A:\n    pass\n", undefined, "unknown-class", "no class in a.py calls or casts"],
    ["no Python", "class class (\n", undefined, "python-syntax", "this is no Python 3"],
  ])("is refused for %s", async (_, text, className, code, message) => {
    const { value, diagnostics } = await importPython({ path: "a.py", text }, { className });
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code, message }]);
  });

  it("asks for the class where several send", async () => {
    const one = (name: string): string => `class ${name}:\n    def m(self, ctxt):\n        self.c.call(ctxt, 'm')\n`;
    const { diagnostics } = await importPython({ path: "a.py", text: one("A") + one("B") });
    expect(diagnostics).toMatchObject([
      { message: "several classes call or cast", help: "choose one with --class: A, B" },
    ]);
  });
});
