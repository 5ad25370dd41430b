import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

const formatted = "rpcapi: 1\nservice: demo # why\n";
const loose = "service:   demo # why\nrpcapi: 1\n";

async function run(files: Readonly<Record<string, string>>, argv: readonly string[], stdin = "") {
  const io = memoryIo(files, { stdin });
  const code = await runProgram(["fmt", ...argv], io);
  return { code, ...io.printed(), files: io.files.texts("/project/") };
}

describe("rpcgen fmt", () => {
  it("writes the files that are not in their canonical form, and no others", async () => {
    const io = memoryIo({ "a.yaml": formatted, "b.yaml": loose });
    const before = io.files.modified("/project/a.yaml");
    expect(await runProgram(["fmt", "."], io)).toBe(0);
    expect(io.files.texts("/project/")).toEqual({ "/project/a.yaml": formatted, "/project/b.yaml": formatted });
    expect(io.files.modified("/project/a.yaml")).toBe(before);
    expect(io.printed()).toEqual({ stdout: "formatted b.yaml\n1 file formatted, 1 unchanged\n", stderr: "" });
  });

  it("takes inputs from the project file, which it leaves alone", async () => {
    const files = { "rpcgen.yaml": "out:   gen\ninputs: [.]\n", "a.yaml": loose };
    expect(await run(files, [])).toMatchObject({
      code: 0,
      files: { "/project/a.yaml": formatted, "/project/rpcgen.yaml": files["rpcgen.yaml"] },
    });
  });

  it("with --check writes nothing, and exits with 1 when something would change", async () => {
    const { code, stdout, files } = await run({ "a.yaml": loose }, ["--check", "a.yaml"]);
    expect(code).toBe(1);
    expect(stdout).toContain("a.yaml:1:1: error not-formatted");
    expect(stdout).toContain("run rpcgen fmt\n");
    expect(files["/project/a.yaml"]).toBe(loose);
    expect(await run({ "a.yaml": formatted }, ["--check", "a.yaml"])).toMatchObject({ code: 0 });
  });

  it("points to the first line that would change", async () => {
    const text = "rpcapi: 1\nservice: demo\ntopic:    demo\n";
    const { stdout } = await run({ "a.yaml": text }, ["--check", "a.yaml", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "fmt",
      ok: false,
      written: false,
      files: [{ path: "a.yaml", action: "update" }],
      diagnostics: [{ code: "not-formatted", file: "a.yaml", line: 3, column: 1 }],
    });
  });

  it("with --diff prints a patch and writes nothing", async () => {
    const { code, stdout, files } = await run({ "a.yaml": loose }, ["--diff", "a.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--- a/a.yaml\n+++ b/a.yaml\n");
    expect(stdout).toContain("+service: demo # why\n");
    expect(files["/project/a.yaml"]).toBe(loose);
    expect(await run({ "a.yaml": loose }, ["--diff", "--check", "a.yaml"])).toMatchObject({ code: 1 });
  });

  it("formats stdin to stdout", async () => {
    expect(await run({}, ["-"], loose)).toEqual({ code: 0, stdout: formatted, stderr: "", files: {} });
    const checked = await run({}, ["-", "--check"], loose);
    expect(checked).toMatchObject({ code: 1, stdout: "" });
    expect(checked.stderr).toContain("error not-formatted: ");
    expect(await run({}, ["-", "--check"], formatted)).toMatchObject({ code: 0, stdout: "" });
  });

  it("checks stdin for programs", async () => {
    const { code, stdout, stderr } = await run({}, ["-", "--check", "--format", "json"], loose);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [{ code: "not-formatted", file: "<stdin>" }] });
    const fine = await run({}, ["-", "--check", "--format", "json"], formatted);
    expect(fine.code).toBe(0);
    expect(JSON.parse(fine.stdout)).toMatchObject({ ok: true, diagnostics: [] });
  });

  it("prints nothing of a stdin that cannot be read, so that an editor keeps the text", async () => {
    const { code, stdout, stderr } = await run({}, ["-"], "a: [1\n");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("<stdin>:2:1: error yaml-syntax");
  });

  it("formats the other files when one cannot be read, and exits with 1", async () => {
    const { code, stdout, files } = await run({ "a.yaml": "a: 1\na: 2\n", "b.yaml": loose }, ["."]);
    expect(code).toBe(1);
    expect(stdout).toContain("a.yaml:2:1: error duplicate-key");
    expect(files).toEqual({ "/project/a.yaml": "a: 1\na: 2\n", "/project/b.yaml": formatted });
  });

  it("formats a definition that has mistakes of meaning: they are for other verbs", async () => {
    expect(await run({ "a.yaml": "rpcapi:  1\nservice: 12\n" }, ["a.yaml"])).toMatchObject({
      code: 0,
      files: { "/project/a.yaml": "rpcapi: 1\nservice: 12\n" },
    });
  });

  it("writes through a link to the file that it leads to", async () => {
    const io = memoryIo({ "real/a.yaml": loose });
    io.files.addLink("/project/a.yaml", "real/a.yaml");
    expect(await runProgram(["fmt", "a.yaml"], io)).toBe(0);
    expect(io.files.texts("/project/")).toEqual({ "/project/real/a.yaml": formatted });
  });

  it.each([
    ["stdin beside files", ["-", "a.yaml"], '"-" is stdin, and stands alone'],
    ["a file that does not exist", ["b.yaml"], "there is no file or folder b.yaml"],
    ["no input", [], "inputs"],
    ["findings of stdin that nobody checks", ["-", "--format", "json"], "leave out --format, or add --check"],
  ])("exits with 2 for %s", async (_what, argv, text) => {
    const { code, stdout, stderr } = await run({ "a.yaml": loose }, argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(text);
  });
});
