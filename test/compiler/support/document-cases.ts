import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Diagnostic, GeneratedFile, Source } from "../../../src/compiler/index.js";
import { readTree } from "./cases.js";

const casesFolder = fileURLToPath(new URL("../cases/", import.meta.url));

/** The golden cases of a kind: folders below test/compiler/cases/KIND with definitions and expected/. */
export function documentCases(kind: "docs" | "export"): readonly string[] {
  return readdirSync(join(casesFolder, kind)).sort();
}

/** The definitions of a case. */
export function sourcesOf(kind: "docs" | "export", name: string): readonly Source[] {
  return [...readTree(join(casesFolder, kind, name))]
    .filter(([path]) => path.endsWith(".yaml") && !path.startsWith("expected/"))
    .map(([path, text]) => ({ path, text }));
}

/** Compares what was made with what the case expects; UPDATE_GOLDEN=1 writes it anew. */
export function expectFiles(
  kind: "docs" | "export",
  name: string,
  { files, diagnostics }: { readonly files: readonly GeneratedFile[]; readonly diagnostics: readonly Diagnostic[] },
): void {
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const folder = join(casesFolder, kind, name, "expected");
  if (process.env["UPDATE_GOLDEN"] === "1") {
    rmSync(folder, { recursive: true, force: true });
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  const expected = readTree(folder);
  expect(files.map(({ path }) => path).sort()).toEqual([...expected.keys()]);
  for (const { path, text } of files) expect(text, path).toBe(expected.get(path));
}
