import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { caseNames, casesFolder, compileCase, expectedOf } from "./support/cases.js";

const update = process.env["UPDATE_GOLDEN"] === "1";

describe("a definition gives the files of its case", () => {
  it.each(caseNames())("%s", (name) => {
    const { files, diagnostics } = compileCase(name);

    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    if (update) {
      writeExpected(name, files);
    }
    const expected = expectedOf(name);
    expect(files.map(({ path }) => path).sort()).toEqual([...expected.keys()]);
    for (const { path, text } of files) {
      expect(text, path).toBe(expected.get(path));
    }
  });
});

function writeExpected(name: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  const folder = join(casesFolder, name, "expected");
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
