import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { catalogue } from "../../src/compiler/catalogue.js";
import { memoryIo } from "./memory-io.js";

async function run(...argv: string[]) {
  const io = memoryIo({});
  const code = await runProgram(["explain", ...argv], io);
  return { code, ...io.printed() };
}

describe("rpcgen explain", () => {
  it("says what a diagnostic is about, with an example and the way out", async () => {
    const { code, stdout } = await run("unknown-type");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^unknown-type \(error, mistakes in definitions\)\n\nA type is a scalar/);
    expect(stdout).toMatch(/\nWrong:\n\n {4}types:\n/);
    expect(stdout).toMatch(/\nRight:\n\n {4}types:\n/);
  });

  it("says of a lint rule its group, and whether --fix mends it", async () => {
    const { stdout } = await run("secret-not-sensitive");
    expect(stdout).toMatch(/^secret-not-sensitive \(lint rule, wire\)\n/);
    expect(stdout).toContain("\nrpcgen lint --fix mends it.\n");
  });

  it("explains every code that there is", async () => {
    for (const { code } of catalogue()) {
      const { code: exit, stdout } = await run(code);
      expect(exit, code).toBe(0);
      expect(stdout.startsWith(`${code} (`), code).toBe(true);
    }
  });

  it("lists all codes where it gets none", async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    for (const entry of catalogue()) expect(stdout).toContain(`\n  ${entry.code} `);
  });

  it("exits with 2 for a code that it does not know, and says which was meant", async () => {
    const { code, stdout, stderr } = await run("unknwon-type");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe('error: there is no diagnostic or rule "unknwon-type"\nhelp: did you mean "unknown-type"?\n');
  });

  it("prints JSON and Markdown", async () => {
    const { stdout } = await run("unused-type", "--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "explain",
      codes: [{ code: "unused-type", kind: "lint", group: "tidy", fixable: true }],
    });
    expect((await run("unused-type", "--format", "markdown")).stdout).toMatch(/^### unused-type\n/);
    expect((await run("--format", "markdown")).stdout).toMatch(/^# Diagnostics and rules\n/);
  });
});
