import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { caseNames, casesFolder, compileCase, expectedOf } from "./support/cases.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("generated files", () => {
  it("need no formatter, and no linter finds anything in them", () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-format-"));
    try {
      for (const name of caseNames()) {
        cpSync(join(casesFolder, name, "expected"), join(folder, "out", name), { recursive: true });
      }
      const { formatter, linter, assist } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
      const config = { root: true, formatter, linter, assist };
      writeFileSync(join(folder, "biome.json"), JSON.stringify(config));

      const biome = join(root, "node_modules/.bin/biome");
      const { status, stdout, stderr } = spawnSync(
        biome,
        ["check", "--error-on-warnings", "--max-diagnostics=20", "out"],
        {
          cwd: folder,
          encoding: "utf8",
        },
      );

      const count = caseNames().reduce((sum, name) => sum + expectedOf(name).size, 0);
      expect(`${stdout}${stderr}`).toContain(`Checked ${count} files`);
      expect(status, stdout + stderr).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(caseNames())("of %s require and import nothing but the runtime and each other", (name) => {
    const runtime = name === "other_names" ? "#rpc/runtime" : "@rpcgen/runtime";
    for (const [path, text] of expectedOf(name)) {
      expect(text, path).not.toContain("require(");
      expect(text, path).not.toMatch(/[ \t]$/m);
      const modules = [...text.matchAll(/^(?:import|export|\}).* from "(.*)";$/gm)].map(([, module]) => module);
      for (const module of modules) {
        expect(module === runtime || module?.startsWith("./"), `${path} imports ${module}`).toBe(true);
      }
    }
  });

  it("are the same whatever the order of the sources", () => {
    const sources = [...expectedOf("everything")].map(([path]) => path);
    const { files } = compileCase("everything");
    const { files: again } = compileCase("everything", {}, (list) => [...list].reverse());

    expect(files.map(({ path }) => path).sort()).toEqual(sources);
    expect(again).toEqual(files);
  });
});
