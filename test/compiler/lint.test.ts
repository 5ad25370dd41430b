import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Source } from "../../src/compiler/index.js";
import { fixAll, type LintOptions, lint } from "../../src/compiler/lint/lint.js";
import { groups } from "../../src/compiler/lint/rule.js";
import { lintRules } from "../../src/compiler/lint/rules.js";
import { ignoreMessages } from "../../src/compiler/messages/ignores.js";
import { plainText } from "./plain-text.js";
import { definitionText } from "./support/definition-texts.js";
import { exampleSources } from "./support/example-sources.js";

// A case is a folder with input.yaml (and also_*.yaml, which are linted too; other files are there to be imported), the
// findings, and what --fix makes of it. A folder with the name of a rule is looked at by this rule alone, others by the
// default rules. UPDATE_GOLDEN=1 writes expected.txt and fixed.yaml anew.
const cases = fileURLToPath(new URL("./cases/lint/", import.meta.url));

describe("a definition that a reviewer would not pass", () => {
  for (const name of readdirSync(cases).sort()) {
    it(`gets the expected findings: ${name.replaceAll("_", " ").trim()}`, () => {
      const { folder, sources, options } = caseAt(name);
      const printed = plainText(lint(sources, options), sources);
      expect(golden(`${folder}expected.txt`, printed)).toBe(printed);
    });

    it(`is mended as expected: ${name.replaceAll("_", " ").trim()}`, () => {
      const { folder, sources, options } = caseAt(name);
      const text = (path: string, all: readonly Source[]) => all.find((one) => one.path === path)?.text ?? "";
      const fixed = fixAll(sources, options);
      const changed = fixed.sources.filter(({ path, text: after }) => after !== text(path, sources));
      for (const { path, text: after } of changed) {
        const file = `${folder}${path.replace(/^input/, "fixed").replace(/^also_/, "fixed_")}`;
        expect(golden(file, after)).toBe(after);
      }
      expect(changed.length > 0, "a fixed.yaml without a fix").toBe(
        existsSync(`${folder}fixed.yaml`) || existsSync(`${folder}fixed_common.yaml`),
      );
      expect(fixed.findings, "what is left is what a second look finds").toEqual(lint(fixed.sources, options));
    });
  }

  it("has a case for each rule", () => {
    const missing = lintRules.map(({ id }) => id).filter((id) => !existsSync(`${cases}${id}/expected.txt`));
    expect(missing).toEqual([]);
    const silent = lintRules
      .map(({ id }) => id)
      .filter((id) => !readFileSync(`${cases}${id}/expected.txt`, "utf8").includes(` ${id}: `));
    expect(silent, "cases in which the rule finds nothing").toEqual([]);
  });
});

describe("a fix", () => {
  const options = { settings: { use: ["all"], except: [] } };

  it("leaves every definition without errors, and nothing that it could mend", () => {
    let mended = 0;
    fc.assert(
      fc.property(definitionText, ({ text, comments }) => {
        const { sources, findings, count } = fixAll([{ path: "demo.yaml", text }], options);
        mended += count;
        const after = sources[0]?.text ?? "";
        expect(
          findings.filter(({ severity, fix }) => severity === "error" || fix !== undefined),
          `${text}\n--- became ---\n${after}`,
        ).toEqual([]);
        // A declaration that nobody uses goes with its comments; a key goes with the comment behind it, and no other.
        const declarations = ["unused-type", "unused-error", "unused-timeout", "unused-import"];
        const keys = fixAll([{ path: "demo.yaml", text }], { settings: { use: ["all"], except: declarations } });
        const kept = comments.filter((comment) => new RegExp(`${comment}\\b`).test(keys.sources[0]?.text ?? ""));
        expect(comments.length - kept.length, text).toBeLessThanOrEqual(keys.count);
        expect(compile(sources).files.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
    expect(mended).toBeGreaterThan(5);
  });

  it("keeps the line ends of a file", () => {
    const text =
      exampleSources('methods:\n  start:\n    kind: cast\n    since: "1.0"\n    params: { token: string }\n')[0]
        ?.text ?? "";
    const { sources } = fixAll([{ path: "demo.yaml", text: text.replaceAll("\n", "\r\n") }], options);
    const expected = text
      .replace('    since: "1.0"\n', "")
      .replace("token: string", "token: { type: string, sensitive: true }");
    expect(sources[0]?.text).toBe(expected.replaceAll("\n", "\r\n"));
  });
});

describe("the table of lint rules", () => {
  for (const { id, example, fix, fixable = false } of lintRules) {
    const options = { settings: { use: [id], except: [] } };
    const all = (text: string) => exampleSources(text);
    const codes = (text: string) => findingsIn(all(text), options).map(({ code }) => code);

    it(`${id}: the example has a finding, and the fix has none`, () => {
      expect(codes(example)).toContain(id);
      expect(codes(fix)).toEqual([]);
    });

    it(`${id}: ${fixable ? "is mended by a fix" : "offers no fix"}`, () => {
      const [source, ...others] = all(example);
      const read = (path: string) => others.find((one) => one.path === path);
      const { count, findings } = fixAll(source === undefined ? [] : [source], { ...options, read });
      if (fixable) expect({ fixed: count > 0, left: findings }).toEqual({ fixed: true, left: [] });
      else expect(count).toBe(0);
    });
  }

  it("says of each rule what it asks for in one line and why in full sentences", () => {
    for (const { id, group, purpose, explanation } of lintRules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(groups, id).toContain(group);
      expect(purpose, id).toMatch(/^[A-Z].*\.$/);
      expect(purpose.length, id).toBeLessThan(110);
      expect(explanation, id).toMatch(/^[A-Z].*[.]\)?$/s);
    }
  });

  for (const [code, { example, fix }] of Object.entries(ignoreMessages)) {
    it(`${code}: the example has the mistake, and the fix has none`, () => {
      const options = { settings: { use: ["method-name"], except: [] } };
      expect(findingsIn(exampleSources(example), options).map((one) => one.code)).toContain(code);
      expect(findingsIn(exampleSources(fix), options)).toEqual([]);
    });
  }
});

describe("what is linted", () => {
  const source = {
    path: "demo.yaml",
    text: 'rpcapi: 1\nservice: demo\nversions: { "1.0": First. }\nmethods:\n  startIt: { kind: cast }\n',
  };
  const codes = (use: string[], except: string[] = []) =>
    lint([source], { settings: { use, except } }).map(({ code }) => code);

  it("is what the settings use, by rule and by group, without what they except", () => {
    expect(codes(["names"])).toEqual(["method-name"]);
    expect(codes(["method-name", "describe-service"])).toEqual(["describe-service", "method-name"]);
    expect(codes(["names"], ["method-name"])).toEqual([]);
    expect(codes([], [])).toEqual([]);
    expect(codes(["default"])).toEqual(codes(["wire", "versions", "names", "docs", "tidy"]));
    expect(codes(["all"])).toEqual(codes([...groups]));
  });

  it("is told when the settings name what is no rule", () => {
    expect(lint([source], { settings: { use: ["method-nmae"], except: [] } })).toMatchObject([
      { code: "unknown-rule", severity: "error", help: 'did you mean "method-name"?' },
    ]);
    expect(lint([source], { settings: { use: ["default"], except: ["unknown-type"] } })).toMatchObject([
      { code: "unknown-rule" },
    ]);
  });

  it("may leave out warnings of the compiler", () => {
    const text = source.text.replace("kind: cast", "kind: cast, params: { class: string }");
    const found = (except: string[]) =>
      lint([{ ...source, text }], { settings: { use: [], except } }).map(({ code }) => code);
    expect(found([])).toEqual(["python-keyword"]);
    expect(found(["python-keyword"])).toEqual([]);
  });

  it("is not what is only imported", () => {
    const library = {
      path: "library.yaml",
      text: "rpcapi: 1\ntypes:\n  Disk_info: { fields: { password: string } }\n",
    };
    const text = `${source.text.replace("startIt: { kind: cast }", "start: { kind: cast, params: { info: Disk_info } }")}imports: [./library.yaml]\n`;
    const options: LintOptions = {
      settings: { use: ["wire", "names"], except: [] },
      read: (path) => (path === library.path ? library : undefined),
    };
    expect(lint([{ ...source, text }], options)).toEqual([]);
    expect(lint([{ ...source, text }, library], options).map(({ code }) => code)).toEqual([
      "type-name",
      "secret-not-sensitive",
    ]);
  });
});

/** The findings of an example are those of its first file; the others are imported. */
function findingsIn([source, ...others]: readonly Source[], options: LintOptions) {
  return source === undefined
    ? []
    : lint([source], { ...options, read: (path) => others.find((one) => one.path === path) });
}

function caseAt(name: string) {
  const folder = `${cases}${name}/`;
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((path): Source => ({ path, text: readFileSync(folder + path, "utf8") }));
  const sources = files.filter(({ path }) => path === "input.yaml" || path.startsWith("also_"));
  const isRule = lintRules.some(({ id }) => id === name);
  const settings = { use: [isRule ? name : "default"], except: [] };
  const options: LintOptions = { settings, read: (path) => files.find((file) => file.path === path) };
  return { folder, sources, options };
}

function golden(path: string, text: string): string {
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
