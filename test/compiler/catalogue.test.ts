import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { catalogue, lookUp } from "../../src/compiler/catalogue.js";
import { catalogueMarkdown } from "../../src/compiler/catalogue-markdown.js";
import { memoryIo } from "../cli/memory-io.js";
import { exampleSources } from "./support/example-sources.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the catalogue of diagnostics and rules", () => {
  const all = catalogue();

  it("has each code once, whatever it is the code of", () => {
    const codes = all.map(({ code }) => code);
    const twice = codes.filter((code, index) => codes.indexOf(code) !== index);
    expect(twice).toEqual([]);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(["definition", "run", "lint", "breaking"]));
  });

  it("has every code that the sources give to a diagnostic", () => {
    const given = ["src/compiler", "src/cli", "src/skew"]
      .flatMap((folder) => sourcesBelow(folder))
      .flatMap((text) => [
        ...text.matchAll(
          /(?:\bcode: |\b\w*(?:failure|error|diagnostic|baselineText|report)\(\s*)"([a-z]+(?:-[a-z]+)*)"/g,
        ),
      ])
      .map((match) => match[1] ?? "");
    expect(new Set(given).size).toBeGreaterThan(100);
    const known = new Set(all.map(({ code }) => code));
    expect([...new Set(given)].filter((code) => !known.has(code))).toEqual([]);
  });

  it("has every code that a test has seen printed", () => {
    const printed = sourcesBelow("test/compiler/cases", ".txt", ".json").flatMap((text) =>
      [...text.matchAll(/\b(?:error|warning) ([a-z]+(?:-[a-z]+)*)(?::| at )/g)].map((match) => match[1] ?? ""),
    );
    expect(new Set(printed).size).toBeGreaterThan(150);
    const known = new Set(all.map(({ code }) => code));
    expect([...new Set(printed)].filter((code) => !known.has(code))).toEqual([]);
  });

  it("has an example and a fix of every code but those of files, disks and sizes", () => {
    const without = all.filter(({ example, fix }) => example === undefined || fix === undefined);
    expect(without.map(({ code }) => code).sort()).toEqual([
      "cannot-read",
      "cannot-write",
      "file-too-large",
      "foreign-file",
      "kept-output",
      "not-text",
      "output-clash",
      "too-many-problems",
      "too-many-versions",
      "unknown-service",
    ]);
  });

  it("explains every code in full sentences", () => {
    for (const { code, purpose, explanation } of all) {
      expect(purpose, code).toMatch(/^[A-Z`].*[.]$/s);
      expect(purpose, code).not.toContain("\n");
      expect(explanation, code).toMatch(/^[A-Z].*[.)]$/s);
    }
  });

  it("finds a code, and what was meant by one that is not there", () => {
    expect(lookUp("unknown-type")).toMatchObject({
      entry: { code: "unknown-type", kind: "definition", severity: "error" },
    });
    expect(lookUp("unused-tpye")).toEqual({ help: 'did you mean "unused-type"?' });
    expect(lookUp("constructor")).toEqual({ help: "rpcgen explain without a code lists all" });
  });

  it("is what docs/rules.md says; UPDATE_GOLDEN=1 prints it anew", () => {
    const path = join(root, "docs/rules.md");
    const text = catalogueMarkdown();
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });

  it("has a place for each lint rule in the comparison with buf", () => {
    const text = readFileSync(join(root, "docs/buf.md"), "utf8");
    const missing = all.filter(
      ({ kind, code, group }) => kind === "lint" && group !== undefined && !text.includes(`\`${code}\``),
    );
    expect(missing.map(({ code }) => code)).toEqual([]);
    // The first column of the table has buf's names, 46 in its version 2.
    const section = text.slice(text.indexOf("\n## Lint\n"), text.indexOf("\n## Breaking\n"));
    const rows = section.split("\n").filter((line) => /^\| [A-Z]{2}/.test(line));
    const names = rows.flatMap((line) => line.split("|")[1]?.match(/[A-Z]{2,}(?:_[A-Z_0-9]+)?/g) ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(46);
  });

  it("has no link in docs/rules.md that leads nowhere", () => {
    const text = catalogueMarkdown();
    const targets = new Set([...text.matchAll(/^### ([a-z0-9-]+)$/gm)].map((match) => match[1]));
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(links).toHaveLength(all.length);
    expect(links.filter((link) => !targets.has(link))).toEqual([]);
  });
});

describe("the example of a code of a run", () => {
  const demo = 'rpcapi: 1\nservice: demo\nversions: { "1.0": First version. }\nmethods:\n  start: { kind: cast }\n';
  const definition = (text: string): string => exampleSources(text)[0]?.text ?? "";
  // How the text of a code gets to rpcgen; arguments that matter are in its first comment.
  const ways: Readonly<Record<string, (text: string) => readonly [Readonly<Record<string, string>>, string]>> = {
    "not-formatted": (text) => [
      { "demo.yaml": definition(text).replace("methods:", "\nmethods:") },
      "fmt --check demo.yaml",
    ],
    "broken-promise": (text) => [{ "demo.yaml": definition(text) }, "skew demo.yaml --format github"],
    "no-sample": (text) => [{ "demo.yaml": definition(text) }, "skew demo.yaml"],
    "template-error": (text) => [
      {
        "rpcgen.yaml": "inputs: [demo.yaml]\nout: o\ntemplates: t\n",
        "demo.yaml": demo,
        "t/rpcapi.ts.hbs": `${headerLine}${text}`,
      },
      "generate",
    ],
    "unknown-template": (text) => [
      {
        "rpcgen.yaml": "inputs: [demo.yaml]\nout: o\ntemplates: templates\n",
        "demo.yaml": demo,
        [text.trim()]: `${headerLine}x\n`,
      },
      "generate",
    ],
    "typescript-syntax": (text) => [{ "desk.ts": text }, "import typescript desk.ts --interface Desk"],
    "unknown-interface": (text) => [{ "desk.ts": text }, commandIn(text)],
    "python-syntax": (text) => [{ "desk.py": text }, "import python desk.py"],
    "unknown-class": (text) => [{ "desk.py": text }, commandIn(text)],
    "not-a-class": (text) => [{ "demo.yaml": demo, "demo.ts": text }, `${commandIn(text)} demo.yaml --out generated`],
    "several-classes": (text) => [
      { "demo.yaml": demo, "demo.ts": text },
      `${commandIn(text)} demo.yaml --out generated`,
    ],
    "unseen-base-class": (text) => [
      { "demo.yaml": demo, "demo.ts": text },
      "implement demo.ts demo.yaml --out generated",
    ],
    "method-gone": (text) => [{ "demo.yaml": demo, "demo.ts": text }, "implement demo.ts demo.yaml --out generated"],
  };
  const shown = catalogue().filter(
    ({ kind, code, example }) => kind === "run" && example !== undefined && code !== "out-of-date",
  );

  it.each(shown.map(({ code, example = "", fix = "" }) => ({ code, example, fix })))(
    "$code: the example has it, and the fix has not",
    async ({ code, example, fix }) => {
      const print = async (text: string): Promise<string> => {
        const [files, command] = ways[code]?.(text) ?? [{}, ""];
        const io = memoryIo(files);
        await runProgram(command.split(" "), io);
        return JSON.stringify(io.printed());
      };
      // A name that is not there is a wrong command line, which says so in words.
      const mark =
        code.startsWith("unknown-") && code !== "unknown-template"
          ? /there is no /
          : new RegExp(` ${code}: |title=${code}::`);
      expect(await print(example)).toMatch(mark);
      expect(await print(fix)).not.toMatch(/\b(error|warning)\b/);
    },
  );
});

const headerLine = "{{> header}}\n";

function commandIn(text: string): string {
  return /rpcgen (.*)/.exec(text)?.[1] ?? "";
}

function sourcesBelow(folder: string, ...endings: readonly string[]): string[] {
  const wanted = endings.length === 0 ? [".ts"] : endings;
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}
