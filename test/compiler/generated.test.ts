import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { precompiledFiles, precompiledTemplates } from "../../scripts/precompile-templates.mjs";
import { compile, defaultConfig, type Source } from "../../src/compiler/index.js";
import { readTree } from "./support/cases.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const update = process.env["UPDATE_GOLDEN"] === "1";

describe("what is checked in and made from something else is up to date", () => {
  it.each(schemaFolders())("generated%s from schemas of the same folder; UPDATE_GOLDEN=1 makes it anew", (folder) => {
    const sources = readdirSync(join(root, "schemas", folder))
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => source(posix.join("schemas", folder, name)));

    const { files, diagnostics } = compile(sources, defaultConfig, source);

    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const out = join(root, "generated", folder);
    if (update) {
      for (const { path, text } of files) {
        mkdirSync(dirname(join(out, path)), { recursive: true });
        writeFileSync(join(out, path), text);
      }
    }
    const others = schemaFolders().filter((other) => other !== folder && other.startsWith(folder));
    const found = [...readTree(out)].filter(([path]) => !others.some((other) => `/${path}`.startsWith(`${other}/`)));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  });

  it.each(Object.entries(precompiledFiles))(
    "%s, from templates/; node scripts/precompile-templates.mjs makes it anew",
    (path, folders) => {
      expect(readFileSync(join(root, path), "utf8")).toBe(precompiledTemplates(folders));
    },
  );
});

/** The folders of definitions: the outermost, and each in it. */
function schemaFolders(): readonly string[] {
  const inner = readdirSync(join(root, "schemas"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ["", ...inner.map(({ name }) => `/${name}`)];
}

function source(path: string): Source {
  return { path, text: readFileSync(join(root, path), "utf8") };
}
