import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { precompiledTemplates } from "../../scripts/precompile-templates.mjs";
import { compile } from "../../src/compiler/index.js";
import { readTree } from "./support/cases.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const update = process.env["UPDATE_GOLDEN"] === "1";

describe("what is checked in and made from something else is up to date", () => {
  it("generated/, from schemas/*.yaml; UPDATE_GOLDEN=1 makes it anew", () => {
    const sources = readdirSync(join(root, "schemas"))
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => ({ path: `schemas/${name}`, text: readFileSync(join(root, "schemas", name), "utf8") }));

    const { files, diagnostics } = compile(sources);

    expect(diagnostics).toEqual([]);
    if (update) {
      for (const { path, text } of files) {
        mkdirSync(dirname(join(root, "generated", path)), { recursive: true });
        writeFileSync(join(root, "generated", path), text);
      }
    }
    expect(Object.fromEntries(readTree(join(root, "generated")))).toEqual(
      Object.fromEntries(files.map(({ path, text }) => [path, text])),
    );
  });

  it("src/compiler/generated/templates.ts, from templates/; node scripts/precompile-templates.mjs makes it anew", () => {
    const text = readFileSync(join(root, "src/compiler/generated/templates.ts"), "utf8");

    expect(text).toBe(precompiledTemplates());
  });
});
