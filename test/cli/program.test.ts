import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

async function run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = memoryIo({});
  const code = await runProgram(argv, io);
  return { code, ...io.printed() };
}

describe("the command line", () => {
  it("prints help and version to stdout, and nothing else", async () => {
    const help = await run("--help");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const command of ["generate", "init"]) expect(help.stdout).toContain(`  ${command} `);
    expect(await run("--version")).toEqual({ code: 0, stdout: "1.2.3\n", stderr: "" });
    expect(await run("generate", "--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--dry-run") });
    expect(await run("help", "init")).toMatchObject({ code: 0, stdout: expect.stringContaining("rpcgen init") });
  });

  it("shows its help to whom gives no command, as a misuse", async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: rpcgen");
  });

  it.each([
    [["generat"], "unknown command 'generat'", "Did you mean generate?"],
    [["help", "generat"], "unknown command 'generat'", "Did you mean generate?"],
    [["generate", "--chek"], "unknown option '--chek'", "Did you mean --check?"],
    [["generate", "--format", "xml"], "argument 'xml' is invalid", "text, json, github"],
    [["generate", "--out"], "option '-o, --out <dir>' argument missing", ""],
    [["init", "a", "b"], "too many arguments", ""],
  ])("calls %j a misuse and says what would be right", async (argv, problem, wayOut) => {
    const { code, stdout, stderr } = await run(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(wayOut);
  });

  it("asks to report what is a bug of its own, in short or with the stack", async () => {
    const broken = { ...memoryIo({}), cwd: undefined as unknown as string };
    expect(await runProgram(["init"], broken)).toBe(70);
    expect(broken.printed().stderr).toMatch(/^error: rpcgen has a bug: .*\nplease report it .*\n$/);
    expect(await runProgram(["init", "--verbose"], broken)).toBe(70);
    expect(broken.printed().stderr).toMatch(/\n {4}at .*init/);
  });
});
