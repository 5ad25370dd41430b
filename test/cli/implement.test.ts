import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

const greeter = `rpcapi: 1
service: greeter
topic: greeter
versions: { "1.0": First version. }
methods:
  greet: { kind: call, params: { name: string }, returns: string }
`;

const project = { "rpcgen.yaml": "inputs: [schemas]\nout: src/generated\n", "schemas/greeter.yaml": greeter };

async function implement(io: MemoryIo, ...args: readonly string[]) {
  const before = io.printed();
  const code = await runProgram(["implement", ...args], io);
  const after = io.printed();
  return {
    code,
    stdout: after.stdout.slice(before.stdout.length),
    stderr: after.stderr.slice(before.stderr.length),
  };
}

describe("rpcgen implement", () => {
  it("makes the file and the class, and finds nothing to do afterwards", async () => {
    const io = memoryIo(project);
    expect(await implement(io, "src/server/manager.ts", "--service", "greeter")).toEqual({
      code: 0,
      stdout: "src/server/manager.ts: class GreeterManagerImpl created, 1 method added\n",
      stderr: "",
    });
    const text = io.files.readText("/project/src/server/manager.ts");
    expect(text).toContain('from "../generated/greeter/index.js";');
    expect(text).toContain("  async greet(_context: RequestContext, _args: GreetArgs): Promise<string> {");
    expect(await implement(io, "src/server/manager.ts", "--check")).toEqual({
      code: 0,
      stdout: "src/server/manager.ts: GreeterManagerImpl is up to date\n",
      stderr: "",
    });
    expect(io.files.readText("/project/src/server/manager.ts")).toBe(text);
  });

  it("only lists with --check what is missing, and ends with 1", async () => {
    const before =
      'import type { GreeterManager } from "./generated/greeter/index.js";\nclass G implements GreeterManager {}\n';
    const io = memoryIo({ ...project, "src/g.ts": before });
    expect(await implement(io, "src/g.ts", "--check")).toEqual({
      code: 1,
      stdout: "add G.greet\nsrc/g.ts is out of date: 1 method added; run rpcgen implement\n",
      stderr: "",
    });
    expect(io.files.readText("/project/src/g.ts")).toBe(before);
    expect(await implement(io, "src/g.ts", "--check", "--format", "github")).toMatchObject({
      code: 1,
      stdout:
        "::error file=src/g.ts,line=1,endLine=1,col=1,endColumn=1,title=out-of-date::src/g.ts is out of date: 1 method added; run rpcgen implement\n",
    });
    const json = await implement(io, "src/g.ts", "--check", "--format", "json");
    expect(JSON.parse(json.stdout)).toEqual({
      command: "implement",
      ok: false,
      errors: 0,
      warnings: 0,
      file: "src/g.ts",
      written: false,
      className: "G",
      created: false,
      added: ["greet"],
      updated: [],
      gone: [],
      diagnostics: [],
    });
  });

  it("shows the place of a mistake in the TypeScript, writes nothing and ends with 1", async () => {
    const io = memoryIo({ ...project, "src/g.ts": "class G {\n  greet( {\n}\n" });
    const { code, stderr } = await implement(io, "src/g.ts");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^src\/g\.ts:4:1: error typescript-syntax: this is no TypeScript: /);
    expect(io.files.readText("/project/src/g.ts")).toBe("class G {\n  greet( {\n}\n");
  });

  it.each([
    [
      "a service that does not exist",
      ["src/g.ts", "--service", "greter"],
      'there is no service "greter"\nhelp: did you mean "greeter"?',
    ],
    [
      "a class that cannot have its name",
      ["src/g.ts", "--class", "a b"],
      '"a b" cannot be the name of a class\nhelp: give --class a name such as DeskManager',
    ],
    [
      "definitions of several services without a word which is meant",
      ["src/g.ts", "schemas", "other.yaml"],
      "it is not said for which service\nhelp: give --service NAME; the definitions have other, greeter",
    ],
    [
      "definitions without a service",
      ["src/g.ts", "library.yaml"],
      "the definitions have no service\nhelp: name the definition of a service, or add service: NAME to it",
    ],
    [
      "a file that is no TypeScript",
      ["src/g.js"],
      "src/g.js is no TypeScript file\nhelp: name the file with the manager's class: src/manager.ts",
    ],
  ])("calls %s a misuse", async (_, args, text) => {
    const others = { "other.yaml": greeter.replaceAll("greeter", "other"), "library.yaml": "rpcapi: 1\n" };
    expect(await implement(memoryIo({ ...project, ...others }), ...args)).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${text}\n`,
    });
  });

  it("needs to know where the generated code is", async () => {
    const io = memoryIo({ "greeter.yaml": greeter });
    expect(await implement(io, "src/g.ts", "greeter.yaml")).toMatchObject({ code: 2 });
    expect(await implement(io, "src/g.ts", "greeter.yaml", "--out", "src/generated")).toMatchObject({ code: 0 });
  });
});
