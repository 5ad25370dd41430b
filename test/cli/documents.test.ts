import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

const greeter = `rpcapi: 1
service: greeter
description: Greets people.
topic: greeter
versions:
  "1.0": First version.
methods:
  greet:
    kind: call
    params: { name: string }
    returns: string
`;

function project(texts: Readonly<Record<string, string>> = {}): MemoryIo {
  return memoryIo({ "rpcgen.yaml": "inputs: [schemas]\n", "schemas/greeter.yaml": greeter, ...texts });
}

async function run(
  io: MemoryIo,
  ...args: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const before = io.printed();
  const code = await runProgram(args, io);
  const after = io.printed();
  return { code, stdout: after.stdout.slice(before.stdout.length), stderr: after.stderr.slice(before.stderr.length) };
}

function made(io: MemoryIo): readonly string[] {
  return Object.keys(io.files.texts("/project/out/")).map((path) => path.slice("/project/out/".length));
}

describe("rpcgen docs and rpcgen export", () => {
  it("write their files, and only what has changed", async () => {
    const io = project();
    expect(await run(io, "docs", "--out", "out")).toEqual({ code: 0, stdout: "out: 4 files created\n", stderr: "" });
    expect(made(io)).toEqual(["README.md", "greeter.html", "greeter.md", "index.html"]);
    const written = io.files.modified("/project/out/greeter.html");
    expect((await run(io, "docs", "--out", "out")).stdout).toBe("out is up to date (4 files)\n");
    expect(io.files.modified("/project/out/greeter.html")).toBe(written);
  });

  it("share a folder with each other and with generated code", async () => {
    const io = project();
    for (const kind of ["asyncapi", "jsonschema", "openrpc"]) {
      expect((await run(io, "export", kind, "--out", "out")).stdout).toBe("out: 1 file created\n");
    }
    await run(io, "export", "openrpc", "--yaml", "--out", "out");
    await run(io, "generate", "--out", "out");
    await run(io, "docs", "--out", "out");
    const all = made(io);
    expect(all).toHaveLength(3 + 1 + 8 + 4);
    for (const command of [["generate"], ["docs"], ["export", "openrpc"]]) await run(io, ...command, "--out", "out");
    expect(made(io)).toEqual(all);
  });

  it("remove what a definition does not give any more, and nothing that somebody wrote", async () => {
    const io = project({ "out/notes.md": "# Mine\n" });
    await run(io, "docs", "--out", "out");
    await run(io, "export", "jsonschema", "--out", "out");
    io.files.writeText("/project/schemas/greeter.yaml", greeter.replace("service: greeter", "service: host"));
    await run(io, "docs", "--out", "out");
    await run(io, "export", "jsonschema", "--out", "out");
    expect(made(io)).toEqual(["README.md", "host.html", "host.md", "host.schema.json", "index.html", "notes.md"]);
  });

  it("write nothing with --check, and fail where something would change", async () => {
    const io = project();
    const { code, stdout } = await run(io, "export", "asyncapi", "--out", "out", "--check");
    expect(code).toBe(1);
    expect(stdout).toMatch(/out is out of date: 1 file created; run rpcgen export asyncapi\n$/);
    expect(made(io)).toEqual([]);
  });

  it("leave a file alone that is not theirs, and say so", async () => {
    const io = project({ "out/greeter.md": "# Mine\n" });
    const { code, stderr } = await run(io, "docs", "--out", "out");
    expect(code).toBe(1);
    expect(stderr).toContain("error foreign-file: greeter.md is in the output folder");
    expect(made(io)).toEqual(["greeter.md"]);
  });

  it("show mistakes in definitions and write nothing", async () => {
    const io = project({ "schemas/greeter.yaml": greeter.replace("name: string", "name: strng") });
    const { code, stderr } = await run(io, "docs", "--out", "out");
    expect(code).toBe(1);
    expect(stderr).toContain('there is no type "strng"');
    expect(made(io)).toEqual([]);
  });

  it.each([
    [["docs"], "required option '-o, --out <dir>' not specified"],
    [["docs", "--out", ""], "there is no output folder"],
    [["docs", "--out", "rpcgen.yaml"], "rpcgen.yaml is a file"],
    [["docs", "nowhere.yaml", "--out", "out"], "there is no file or folder nowhere.yaml"],
    [["export", "grpc", "--out", "out"], "Allowed choices are asyncapi, jsonschema, openrpc"],
  ])("call %j a misuse", async (args, message) => {
    const { code, stderr } = await run(project(), ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
