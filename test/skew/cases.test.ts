import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "../cli/memory-io.js";

// A case is a folder with a definition and what `rpcgen skew` prints of it. UPDATE_GOLDEN=1 writes expected.txt anew.
const cases = fileURLToPath(new URL("./cases/", import.meta.url));

describe("what rpcgen skew says of a definition with", () => {
  for (const name of readdirSync(cases).sort()) {
    it(name.replaceAll("_", " "), async () => {
      const io = memoryIo({ "depot.yaml": readFileSync(`${cases}${name}/depot.yaml`, "utf8") });
      const code = await runProgram(["skew", "depot.yaml"], io);
      const { stdout, stderr } = io.printed();
      const printed = `${stderr}${stdout}exit code ${code}\n`;
      const expected = `${cases}${name}/expected.txt`;
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(expected, printed);
      expect(printed).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "");
      // It must fit on a terminal.
      for (const line of stdout.split("\n").filter((text) => !text.startsWith("    ")))
        expect(line.length).toBeLessThanOrEqual(80);
    });
  }
});
