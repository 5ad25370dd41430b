import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

/** A definition of the service. */
function definition(service: string): string {
  return `rpcapi: 1\nservice: ${service}\nversions: { "1.0": First version. }\nmethods:\n  greet: { kind: cast }\n`;
}

/** Runs rpcgen in a folder; gives what it printed, and fails where it fails. */
async function run(io: MemoryIo, cwd: string, line: string): Promise<string> {
  const before = io.printed();
  const code = await runProgram(line.split(" "), { ...io, cwd });
  const after = io.printed();
  const printed = (name: "stdout" | "stderr"): string => after[name].slice(before[name].length);
  expect(code, printed("stderr")).toBe(0);
  return `${printed("stdout")}${printed("stderr")}`;
}

/** The services whose code lies in an output folder. */
function services(io: MemoryIo, out: string): readonly string[] {
  const paths = Object.keys(io.files.texts(`${out}/`)).map((path) => path.slice(out.length + 1));
  return [...new Set(paths.map((path) => path.replace(/\/.*/, "")))];
}

describe("files that a run does not make are kept", () => {
  it("when the same definitions were generated from another folder", async () => {
    const io = memoryIo({ "defs/a.yaml": definition("a"), "defs/b.yaml": definition("b") });
    await run(io, "/project/defs", "generate a.yaml b.yaml --out ../gen");
    expect(await run(io, "/project", "generate defs/a.yaml --out gen")).toBe("gen: 6 files updated\n");
    await run(io, "/project", "docs defs/a.yaml --out gen");
    expect(services(io, "/project/gen")).toEqual(expect.arrayContaining(["a", "b"]));
  });

  it("when two projects with definitions of the same name write into one folder", async () => {
    const project = "inputs: [schemas]\nout: ../../gen\n";
    const io = memoryIo({
      ".git/HEAD": "",
      "packages/one/rpcgen.yaml": project,
      "packages/one/schemas/service.yaml": definition("one"),
      "packages/one/schemas/more.yaml": definition("more"),
      "packages/two/rpcgen.yaml": project,
      "packages/two/schemas/service.yaml": definition("two"),
    });
    for (const name of ["one", "two", "one", "two"]) {
      expect(await run(io, `/project/packages/${name}`, "generate")).not.toMatch(/removed|kept/);
    }
    expect(services(io, "/project/gen")).toEqual(["more", "one", "two"]);
  });

  it("when a project beside this one writes into its folder", async () => {
    const io = memoryIo({
      "/work/app/rpcgen.yaml": "inputs: [schemas]\nout: gen\n",
      "/work/app/schemas/app.yaml": definition("app"),
      "/work/other/schemas/other.yaml": definition("other"),
    });
    await run(io, "/work/other", "generate schemas --out ../app/gen");
    await run(io, "/work/app", "generate");
    expect(services(io, "/work/app/gen")).toEqual(["app", "other"]);
  });

  it("when their definition is imported and is no input", async () => {
    const io = memoryIo({ "a.yaml": definition("a"), "b.yaml": `imports: [./a.yaml]\n${definition("b")}` });
    await run(io, "/project", "generate a.yaml --out gen");
    io.files.writeText("/project/b.yaml", `imports: [./a.yaml]\n${definition("b").replace("greet:", "meet:")}`);
    await run(io, "/project", "generate b.yaml --out gen");
    expect(services(io, "/project/gen")).toEqual(["a", "b"]);
  });

  it("when nobody can know, which is a warning that fails no check", async () => {
    const io = memoryIo({ "a.yaml": definition("a"), "b.yaml": definition("b") });
    await run(io, "/project", "generate a.yaml b.yaml --out /far/gen");
    io.files.removeFile("/project/b.yaml");
    const text = await run(io, "/project", "generate a.yaml --out /far/gen --check");
    expect(text).toContain(
      "warning kept-output: /far/gen keeps 6 files made from b.yaml, which is not among the inputs\n" +
        "  help: delete them if nothing makes them any more\n",
    );
    expect(text).toContain("/far/gen is up to date (6 files)\n");
    expect(services(io, "/far/gen")).toEqual(["a", "b"]);
  });

  it("when a copy of their definition may belong to another run, which is a warning", async () => {
    const io = memoryIo({
      "rpcgen.yaml": "inputs: [schemas]\nout: gen\n",
      "schemas/a.yaml": definition("a"),
      "schemas/b.yaml": definition("b"),
      "dist/schemas/b.yaml": definition("b"),
    });
    await run(io, "/project", "generate");
    io.files.removeFile("/project/schemas/b.yaml");
    expect(await run(io, "/project", "generate --dry-run")).toContain(
      "gen keeps 6 files made from schemas/b.yaml, or perhaps from dist/schemas/b.yaml",
    );
    io.files.removeFile("/project/dist/schemas/b.yaml");
    expect(await run(io, "/project", "generate")).toBe("gen: 6 files removed, 6 unchanged\n");
  });
});

describe("a service of a name that another definition has", () => {
  it.each(["generate", "docs"])("is not written over the files of that one by rpcgen %s", async (verb) => {
    const io = memoryIo({ "a.yaml": definition("a"), "new/a.yaml": definition("a") });
    await run(io, "/project", `${verb} a.yaml --out gen`);
    const before = io.files.texts("/project/gen");
    expect(await runProgram(`${verb} new/a.yaml --out gen`.split(" "), io)).toBe(1);
    expect(io.printed().stderr).toMatch(
      /error output-clash: gen\/\S+ is made from a\.yaml, and new\/a\.yaml would write over it\n {2}help: rename one/,
    );
    expect(io.files.texts("/project/gen")).toEqual(before);
    io.files.removeFile("/project/a.yaml");
    expect(await run(io, "/project", `${verb} new/a.yaml --out gen`)).toMatch(/updated/);
  });

  it("is written where the definition is the same one by another name, or is another service now", async () => {
    const io = memoryIo({ "a.yaml": definition("a") });
    io.files.addLink("/project/link.yaml", "a.yaml");
    await run(io, "/project", "generate a.yaml --out gen");
    expect(await run(io, "/project", "generate link.yaml --out gen")).toBe("gen: 6 files updated\n");
    io.files.writeText("/project/a.yaml", definition("b"));
    io.files.add("/project/new/a.yaml", definition("a"));
    await run(io, "/project", "generate a.yaml new/a.yaml --out gen");
    expect(services(io, "/project/gen")).toEqual(["a", "b"]);
  });
});

describe("files that a run does not make are removed", () => {
  it.each([
    ["a folder", "schemas"],
    ["a glob", "schemas/**/*.yaml"],
  ])("when %s had their definition, and has it no more", async (_name, inputs) => {
    const io = memoryIo({ "schemas/a.yaml": definition("a"), "schemas/old/b.yaml": definition("b") });
    await run(io, "/project", `generate ${inputs} --out gen`);
    io.files.removeFile("/project/schemas/old/b.yaml");
    expect(await run(io, "/project", `generate ${inputs} --out gen`)).toBe("gen: 6 files removed, 6 unchanged\n");
  });

  it("when the project has their definition no more, wherever in it", async () => {
    const io = memoryIo({ "rpcgen.yaml": "out: gen\n", "a.yaml": definition("a"), "old/b.yaml": definition("b") });
    await run(io, "/project", "generate a.yaml old");
    io.files.removeFile("/project/old/b.yaml");
    expect(await run(io, "/project", "generate a.yaml")).toBe("gen: 6 files removed, 6 unchanged\n");
  });

  it("when their definition is of another service now", async () => {
    const io = memoryIo({ "a.yaml": definition("a") });
    await run(io, "/project", "generate a.yaml --out gen");
    io.files.writeText("/project/a.yaml", definition("better"));
    expect(await run(io, "/project", "generate a.yaml --out gen")).toBe("gen: 6 files created, 6 removed\n");
  });

  it("when their service is made and they are not, whatever their first line says", async () => {
    const errors = "errors: { Odd: { message: Odd. } }\nmethods:";
    const io = memoryIo({ "defs/a.yaml": definition("a").replace("methods:", errors) });
    await run(io, "/project/defs", "generate a.yaml --out ../gen");
    expect(services(io, "/project/gen")).toEqual(["a"]);
    io.files.writeText("/project/defs/a.yaml", definition("a"));
    await run(io, "/project", "generate defs --out gen");
    expect(io.files.status("/project/gen/a/errors.ts")).toBeUndefined();
  });
});
