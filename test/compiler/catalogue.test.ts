import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue, lookUp } from "../../src/compiler/catalogue.js";
import { catalogueMarkdown } from "../../src/compiler/catalogue-markdown.js";

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
    const given = sourcesBelow("src/compiler")
      .concat(sourcesBelow("src/cli"))
      .flatMap((text) =>
        [...text.matchAll(/\b(?:code: |(?:failure|error)\(\s*)"([a-z]+(?:-[a-z]+)+)"/g)].map((match) => match[1] ?? ""),
      );
    expect(given.length).toBeGreaterThan(15);
    const known = new Set(all.map(({ code }) => code));
    expect([...new Set(given)].filter((code) => !known.has(code))).toEqual([]);
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
  });

  it("has no link in docs/rules.md that leads nowhere", () => {
    const text = catalogueMarkdown();
    const targets = new Set([...text.matchAll(/^### ([a-z0-9-]+)$/gm)].map((match) => match[1]));
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(links).toHaveLength(all.length);
    expect(links.filter((link) => !targets.has(link))).toEqual([]);
  });
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}
