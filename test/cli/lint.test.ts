import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

const clean = `rpcapi: 1
service: demo
description: Shows something.
versions: { "1.0": First version. }
methods:
  start: { description: Starts it., kind: cast }
`;
const wrong = `rpcapi: 1
service: demo
description: Shows something. # a comment
versions: { "1.0": First version. }
methods:
  startIt: { kind: cast, description: Starts it, params: { password: string } }
`;

async function run(files: Readonly<Record<string, string>>, ...argv: string[]) {
  const io = memoryIo(files);
  const code = await runProgram(argv, io);
  return { code, ...io.printed(), files: io.files.texts("/project/") };
}

describe("rpcgen lint", () => {
  it("exits with 0 where there is nothing to complain about", async () => {
    const { code, stdout, stderr } = await run({ "a.yaml": clean }, "lint", "a.yaml");
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "nothing to complain about in 1 file\n", stderr: "" });
  });

  it("prints findings with their places to stdout, and exits with 1 for a warning too", async () => {
    const { code, stdout, stderr } = await run({ "a.yaml": wrong }, "lint", "a.yaml", "--use", "method-name");
    expect(code).toBe(1);
    expect(stderr).toBe("");
    expect(stdout).toContain('a.yaml:6:3: warning method-name: the method "startIt" is not in snake_case\n');
    expect(stdout).toContain("\n1 warning in 1 file\n");
  });

  it("takes inputs and rules from the project file, and the command line before them", async () => {
    const files = {
      "rpcgen.yaml": "inputs: [a.yaml]\nlint: { use: [names], except: [method-name] }\n",
      "a.yaml": wrong,
    };
    expect(await run(files, "lint")).toMatchObject({ code: 0 });
    expect((await run(files, "lint", "--use", "names")).stdout).toContain("method-name");
    expect((await run(files, "lint", "--use", "names,wire", "--except", "method-name")).stdout).toContain(
      "secret-not-sensitive",
    );
    expect(await run({ ...files, "rpcgen.yaml": "inputs: [a.yaml]\nlint: {}\n" }, "lint")).toMatchObject({ code: 1 });
  });

  it("writes what it mends, keeps comments, and says what is left", async () => {
    const { code, stdout, files } = await run({ "a.yaml": wrong }, "lint", "--fix", "a.yaml");
    expect(files["/project/a.yaml"]).toBe(
      wrong
        .replace("Starts it,", "Starts it.,")
        .replace("password: string", "password: { type: string, sensitive: true }"),
    );
    expect(Object.keys(files)).toEqual(["/project/a.yaml"]);
    expect(code).toBe(1);
    expect(stdout).toContain("method-name");
    expect(stdout).toContain("\n2 findings fixed\n");
  });

  it("says how many findings --fix would mend", async () => {
    expect((await run({ "a.yaml": wrong }, "lint", "a.yaml")).stdout).toContain("rpcgen lint --fix mends 2 of them\n");
  });

  it("reports a file that cannot be written", async () => {
    const io = memoryIo({ "a.yaml": wrong });
    io.files.refuse("/project/a.yaml.rpcgen.tmp", "EACCES");
    expect(await runProgram(["lint", "--fix", "a.yaml"], io)).toBe(1);
    expect(io.printed().stdout).toContain("error cannot-write: cannot write a.yaml: permission denied");
    expect(io.files.texts()["/project/a.yaml"]).toBe(wrong);
  });

  it("shows mistakes of the language in the place of findings", async () => {
    const { code, stdout } = await run({ "a.yaml": wrong.replace("string", "strng") }, "lint", "a.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("error unknown-type");
    expect(stdout).not.toContain("method-name");
  });

  it.each([
    [
      "a rule that does not exist",
      ["lint", "a.yaml", "--use", "methd-name"],
      'there is no lint rule or group "methd-name"',
    ],
    ["a group that does not exist", ["lint", "a.yaml", "--except", "nmaes"], 'did you mean "names"?'],
    ["no rule at all", ["lint", "a.yaml", "--use", ""], 'there is no lint rule or group ""'],
    ["a file that does not exist", ["lint", "b.yaml"], "there is no file or folder b.yaml"],
    ["no input", ["lint"], "inputs"],
    ["a format that does not exist", ["lint", "a.yaml", "--format", "xml"], "sarif"],
    ["a flag that does not exist", ["lint", "a.yaml", "--fixx"], "--fix"],
    ["a list of rules as findings", ["lint", "--list", "--format", "sarif"], "leave out --format, or give it json"],
  ])("exits with 2 for %s", async (_what, argv, text) => {
    const { code, stdout, stderr } = await run({ "a.yaml": clean }, ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(text);
  });

  it("exits with 2 for a project file with a rule that does not exist, and with 1 for one in a wrong form", async () => {
    const files = { "rpcgen.yaml": "inputs: [a.yaml]\nlint: { use: [defualt] }\n", "a.yaml": clean };
    expect(await run(files, "lint")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "default"?'),
    });
    const wrongForm = await run(
      { ...files, "rpcgen.yaml": "inputs: [a.yaml]\nlint: { use: default, uses: [a] }\n" },
      "lint",
    );
    expect(wrongForm.code).toBe(1);
    expect(wrongForm.stdout).toContain('"lint.use" must be a list');
    expect(wrongForm.stdout).toContain("write use: [default]");
    expect(wrongForm.stdout).toContain('did you mean "use"?');
  });

  it("prints JSON for programs", async () => {
    const { stdout } = await run({ "a.yaml": wrong }, "lint", "a.yaml", "--format", "json", "--use", "docs,wire");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "lint",
      ok: false,
      errors: 1,
      warnings: 1,
      fixed: 0,
      fixable: 2,
      diagnostics: [
        { code: "description-end", severity: "warning", file: "a.yaml", line: 6, column: 39 },
        { code: "secret-not-sensitive", severity: "error", file: "a.yaml", line: 6 },
      ],
    });
  });

  it("prints annotations of a GitHub workflow", async () => {
    const { stdout } = await run({ "a.yaml": wrong }, "lint", "a.yaml", "--format", "github", "--use", "wire");
    expect(stdout).toMatch(
      /^::error file=a\.yaml,line=6,endLine=6,col=60,endColumn=68,title=secret-not-sensitive::.*\n$/,
    );
  });

  it("prints SARIF, with what is known of each rule", async () => {
    const { stdout } = await run(
      { "my defs/a.yaml": wrong },
      "lint",
      "my defs/a.yaml",
      "--format",
      "sarif",
      "--use",
      "wire,names",
    );
    const { version, runs } = JSON.parse(stdout);
    expect(version).toBe("2.1.0");
    expect(runs[0].tool.driver).toMatchObject({ name: "rpcgen", semanticVersion: "1.2.3" });
    expect(runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual([
      "method-name",
      "secret-not-sensitive",
    ]);
    expect(runs[0].tool.driver.rules[0].shortDescription.text).toContain("snake_case");
    expect(runs[0].results).toHaveLength(2);
    expect(runs[0].results[0]).toMatchObject({
      ruleId: "method-name",
      ruleIndex: 0,
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "my%20defs/a.yaml" },
            region: { startLine: 6, startColumn: 3, endLine: 6, endColumn: 10 },
          },
        },
      ],
    });
  });

  it("lists the rules by group", async () => {
    const { code, stdout } = await run({}, "lint", "--list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wire\n {2}secret-not-sensitive +Parameters.*\[--fix\]\n/);
    expect(stdout).toContain("\nstrict (not in default)\n");
    const json = JSON.parse((await run({}, "lint", "--list", "--format", "json")).stdout);
    expect(json.rules[0]).toMatchObject({ id: "secret-not-sensitive", group: "wire", fixable: true });
  });
});
