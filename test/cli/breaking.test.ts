import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Io, machineFiles } from "../../src/cli/io.js";
import { runProcess } from "../../src/cli/processes.js";
import { runProgram } from "../../src/cli/program.js";
import { memoryIo } from "./memory-io.js";

const before = `rpcapi: 1
service: demo
versions:
  "1.0": First version.
methods:
  start: { kind: cast, params: { name: string } }
  stop: { kind: cast }
`;
const removed = before.replace("  stop: { kind: cast }\n", "");
const added = `${before}  pause: { kind: cast }\n`;

async function run(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const io = memoryIo(files);
  const code = await runProgram(["breaking", ...argv], io);
  return { code, ...io.printed(), files: io.files.texts("/project/") };
}

describe("rpcgen breaking", () => {
  it("exits with 0 where nothing breaks, and says which version is fine", async () => {
    const outcome = await run({ "old/demo.yaml": before, "demo.yaml": before }, "demo.yaml", "--against", "old");
    expect(outcome).toMatchObject({
      code: 0,
      stdout: "demo: 1.0 is fine, nothing that peers can notice has changed\n",
      stderr: "",
    });
  });

  it("shows what is gone where it was, with the verdict and its reasons, and exits with 1", async () => {
    const files = { "old/demo.yaml": before, "demo.yaml": removed };
    const { code, stdout, stderr } = await run(files, "demo.yaml", "--against", "old");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain('previous:old/demo.yaml:7:3: error method-removed: the method "stop" is gone\n');
    expect(stdout).toContain("> 7 |   stop: { kind: cast }\n    |   ^^^^\n");
    expect(stdout).toContain("by category: WIRE 1, POLICY 1\n");
    expect(stdout).toContain('demo: 1.0 -> 2.0 is needed, and 1.0 is declared\n  because the method "stop" is gone\n');
    expect(stdout).toContain("--fix-version writes it\n");
  });

  it("says what a lower version would take", async () => {
    const current = before
      .replace("name: string", 'name: string, state: { type: integer, since: "1.1" }')
      .replace("First version.", 'First version.\n  "1.1": Adds state.');
    const { code, stdout } = await run(
      { "old.yaml": before, "demo.yaml": current },
      "demo.yaml",
      "--against",
      "old.yaml",
    );
    expect(code).toBe(1);
    expect(stdout).toContain("1.1 would do if state had a default\n");
  });

  it("takes changes of the generated TypeScript as warnings, and as errors with --strict", async () => {
    const files = { "old.yaml": before, "demo.yaml": before.replace("service: demo", "service: other\ntopic: demo") };
    const lenient = await run(files, "demo.yaml", "--against", "old.yaml");
    expect(lenient).toMatchObject({ code: 0, stdout: expect.stringContaining("warning service-renamed") });
    const strict = await run(files, "demo.yaml", "--against", "old.yaml", "--strict");
    expect(strict).toMatchObject({ code: 1, stdout: expect.stringContaining("error service-renamed") });
  });

  it("writes the version and since, and compares again", async () => {
    const files = { "old.yaml": before, "demo.yaml": added };
    const { code, stdout, files: after } = await run(files, "demo.yaml", "--against", "old.yaml", "--fix-version");
    expect(code).toBe(0);
    expect(stdout).toContain("demo: 1.0 -> 1.1 is needed, and 1.1 is declared\n");
    expect(stdout).toContain("wrote demo.yaml\n");
    expect(after["/project/demo.yaml"]).toBe(
      added
        .replace("First version.", 'First version.\n  "1.1": Adds pause.')
        .replace("pause: { kind: cast }", 'pause: { kind: cast, since: "1.1" }'),
    );
    expect(after["/project/old.yaml"]).toBe(before);
  });

  it("compares the services that the command line names, where the previous state is a folder of more", async () => {
    const other = before.replace("service: demo", "service: other");
    const files = { "old/demo.yaml": before, "old/other.yaml": other, "demo.yaml": before };
    expect(await run(files, "demo.yaml", "--against", "old")).toMatchObject({ code: 0 });
    const whole = await run({ ...files, "now/demo.yaml": before }, "now", "--against", "old");
    expect(whole).toMatchObject({ code: 1, stdout: expect.stringContaining('the service "other" is gone') });
  });

  it("reads a folder with a project file as the project that it is", async () => {
    const files = {
      "rpcgen.yaml": "inputs: [schemas]\n",
      "schemas/demo.yaml": before,
      "old/rpcgen.yaml": "inputs: [definitions]\n",
      "old/definitions/demo.yaml": before,
      "old/notes.yaml": "- not a definition\n",
    };
    expect(await run(files, "--against", "old")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1.0 is fine"),
    });
    const broken = await run({ ...files, "old/rpcgen.yaml": "inputs: definitions\n" }, "--against", "old");
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining("previous:old/rpcgen.yaml:1:9: error") });
  });

  it("shows mistakes of the current state first, then those of the previous one", async () => {
    const wrong = before.replace("string", "strng");
    const current = await run({ "old.yaml": wrong, "demo.yaml": wrong }, "demo.yaml", "--against", "old.yaml");
    expect(current).toMatchObject({ code: 1, stdout: expect.stringMatching(/^demo\.yaml:6:40: error unknown-type/) });
    const previous = await run({ "old.yaml": wrong, "demo.yaml": before }, "demo.yaml", "--against", "old.yaml");
    expect(previous.stdout).toMatch(/^previous:old\.yaml:6:40: error unknown-type/);
    expect(previous.code).toBe(1);
  });

  it("knows when there is nothing to compare", async () => {
    const other = before.replace("service: demo", "service: other\ntopic: other");
    const files = { "old/demo.yaml": "rpcapi: 1\ntypes: { A: string }\n", "demo.yaml": before, "x.yaml": other };
    const { code, stdout } = await run(files, "demo.yaml", "--against", "old");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "nothing to compare: 2 files and no service that both states have\n",
    });
  });
});

describe("the baseline of rpcgen breaking", () => {
  const files = { "old.yaml": before, "demo.yaml": removed };
  const argv = ["demo.yaml", "--against", "old.yaml"];

  it("is written with one reason for all, and accepts what it names", async () => {
    const first = await run(files, ...argv, "--write-baseline", "--reason", "Nobody calls it.");
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("wrote rpcgen-baseline.yaml\n") });
    const text = first.files["/project/rpcgen-baseline.yaml"] ?? "";
    expect(text).toContain(
      "rule: method-removed\n    service: demo\n    subject: methods.stop\n    reason: Nobody calls it.\n",
    );
    const second = await run({ ...files, "rpcgen-baseline.yaml": text }, ...argv);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining("1 break accepted by the baseline\n") });
  });

  it("asks for the reasons that it lacks", async () => {
    const first = await run(files, ...argv, "--write-baseline");
    expect(first).toMatchObject({ code: 1, stdout: expect.stringContaining("error baseline-reason") });
    expect(first.stdout).toContain("write the reason into the baseline\n");
  });

  it("never has an entry for the version that is missing, since that can be written", async () => {
    const outcome = await run(
      { "old.yaml": before, "demo.yaml": added },
      ...argv,
      "--write-baseline",
      "--reason",
      "So.",
    );
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("1.0 is fine") });
    const wider = before.replace("name: string", "name: string?");
    const other = await run({ "old.yaml": before, "demo.yaml": wider }, ...argv, "--write-baseline", "--reason", "So.");
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining("version-unchanged") });
    expect(other.files["/project/rpcgen-baseline.yaml"]).toBeUndefined();
  });

  it("keeps comments and reasons, and forgets what is gone", async () => {
    const text = `# Ours.
accepted:
  - { rule: method-removed, service: demo, subject: methods.halt, reason: Gone. }
  # Long ago.
  - { rule: method-removed, service: other, subject: methods.halt, reason: Of another service. }
`;
    const warned = await run({ ...files, "demo.yaml": before, "rpcgen-baseline.yaml": text }, ...argv);
    expect(warned).toMatchObject({ code: 0, stdout: expect.stringContaining("3:5: warning baseline-unused") });
    const written = await run(
      { ...files, "rpcgen-baseline.yaml": text },
      ...argv,
      "--write-baseline",
      "--reason",
      "So.",
    );
    expect(written.files["/project/rpcgen-baseline.yaml"]).toBe(`# Ours.
accepted:
  # Long ago.
  - { rule: method-removed, service: other, subject: methods.halt, reason: Of another service. }
  - rule: method-removed
    service: demo
    subject: methods.stop
    reason: So.
`);
  });

  it("is never written over where it was not understood", async () => {
    const text = "accepted: all\n";
    const outcome = await run({ ...files, "rpcgen-baseline.yaml": text }, ...argv, "--write-baseline");
    expect(outcome).toMatchObject({ code: 1, stdout: expect.stringContaining("baseline-shape") });
    expect(outcome.files["/project/rpcgen-baseline.yaml"]).toBe(text);
  });

  it("is no definition, though it lies in a folder of them", async () => {
    const io = memoryIo({ "demo.yaml": before, "rpcgen-baseline.yaml": "accepted: []\n" });
    expect(await runProgram(["breaking", ".", "--against", "."], io)).toBe(0);
    expect(await runProgram(["generate", ".", "--out", "out"], io)).toBe(0);
  });
});

describe("findings for programs", () => {
  const files = { "old.yaml": before, "demo.yaml": removed };
  const argv = ["demo.yaml", "--against", "old.yaml", "--format"];

  it("are JSON with category, subject and verdicts", async () => {
    const { code, stdout } = await run(files, ...argv, "json");
    expect(code).toBe(1);
    const { findings, verdicts, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({
      command: "breaking",
      ok: false,
      errors: 2,
      warnings: 0,
      against: "old.yaml",
      diagnostics: [],
      accepted: [],
      written: [],
    });
    expect(findings[1]).toMatchObject({
      code: "method-removed",
      category: "WIRE",
      service: "demo",
      subject: "methods.stop",
      needs: "major",
      file: "previous:old.yaml",
      line: 7,
    });
    expect(verdicts).toMatchObject([
      { service: "demo", file: "demo.yaml", previous: "1.0", declared: "1.0", required: "2.0", isEnough: false },
    ]);
  });

  it("are at the service for GitHub and code scanners, which know no previous files", async () => {
    const github = await run(files, ...argv, "github");
    expect(github.stdout).toContain(
      'file=demo.yaml,line=2,endLine=2,col=10,endColumn=14,title=method-removed::the method "stop" is gone (previous:old.yaml:7)',
    );
    const { stdout } = await run(files, ...argv, "sarif");
    const log = JSON.parse(stdout);
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [{ tool: { driver: { name: "rpcgen", rules: [{ id: "method-removed" }, { id: "version-unchanged" }] } } }],
    });
    for (const result of log.runs[0].results) {
      expect(result).toMatchObject({ level: "error", message: { text: expect.any(String) } });
      expect(log.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe("demo.yaml");
      expect(result.locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });
});

describe("rpcgen breaking --against a commit", () => {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-breaking-"));
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const git = (...args: readonly string[]): void => {
    const names = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    const result = runProcess("git", [...names, ...args], folder);
    if (result?.code !== 0) throw new Error(`git ${args.join(" ")}: ${result?.stderr}`);
  };
  const runAt = async (cwd: string, ...argv: readonly string[]) => {
    const memory = memoryIo({});
    const io: Io = { ...memory, files: machineFiles, cwd: join(folder, cwd), run: runProcess };
    const code = await runProgram(["breaking", ...argv], io);
    return { code, ...memory.printed() };
  };

  beforeAll(() => {
    const importing = before.replace("service: demo", "service: demo\nimports: [./common/types.yaml]");
    put("app/rpcgen.yaml", "inputs: [schemas]\n");
    put("app/schemas/demo.yaml", importing.replace("name: string", "name: Name"));
    put("app/schemas/common/types.yaml", "rpcapi: 1\ntypes:\n  Name: string # ñame\n");
    put("app/schemas/gone.yaml", before.replace("service: demo", "service: gone\ntopic: gone"));
    git("init", "--quiet", "--initial-branch", "main", ".");
    git("add", "--all");
    git("commit", "--quiet", "--message", "First.");
    git("tag", "v1");
    renameSync(join(folder, "app/schemas/common/types.yaml"), join(folder, "app/schemas/common/names.yaml"));
    put("app/schemas/demo.yaml", importing.replace("name: string", "name: Name").replace("types.yaml", "names.yaml"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("reads definitions and their imports as they were there", async () => {
    const { code, stdout } = await runAt("app", "schemas/demo.yaml", "--against", "v1");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "demo: 1.0 is fine, nothing that peers can notice has changed\n",
    });
  });

  it("finds the project's files as they were there, those that are gone too", async () => {
    rmSync(join(folder, "app/schemas/gone.yaml"));
    const { code, stdout } = await runAt("app", "--against", "HEAD");
    expect(code).toBe(1);
    expect(stdout).toContain('previous:schemas/gone.yaml:2:10: error service-removed: the service "gone" is gone');
  });

  it("finds them from another folder of the repository", async () => {
    const { code, stdout } = await runAt("app/schemas", "demo.yaml", "-c", "../rpcgen.yaml", "--against", "main");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("1.0 is fine") });
  });

  it("passes over a file that came later, as long as another did not", async () => {
    put("app/schemas/later.yaml", before.replace("service: demo", "service: later\ntopic: later"));
    const both = await runAt("app", "schemas/demo.yaml", "schemas/later.yaml", "--against", "v1");
    expect(both).toMatchObject({ code: 0, stderr: "" });
    const alone = await runAt("app", "schemas/later.yaml", "--against", "v1");
    expect(alone).toMatchObject({ code: 2, stdout: "" });
    expect(alone.stderr).toContain("error: in v1: there is no file or folder schemas/later.yaml\n");
    rmSync(join(folder, "app/schemas/later.yaml"));
  });

  it.each([
    ["nope", "there is no file, folder, branch, tag or commit nope"],
    ["--upload-pack=x", "there is no file, folder, branch, tag or commit --upload-pack=x"],
    ["v1:app", "there is no file, folder, branch, tag or commit v1:app"],
  ])("exits with 2 for a name that git does not know: %s", async (name, text) => {
    const { code, stdout, stderr } = await runAt("app", `--against=${name}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`error: ${text}\n`);
  });
});

describe("a wrong command line of rpcgen breaking", () => {
  it.each([
    ["no earlier state", ["demo.yaml"], "required option '--against <state>' not specified"],
    ["an empty one", ["demo.yaml", "--against", ""], "--against is empty"],
    ["one that is nothing, without git", ["demo.yaml", "--against", "main"], "git is not installed"],
    ["a folder without definitions", ["demo.yaml", "--against", "empty"], "there is no .yaml or .yml file in empty"],
    ["a file that is not there", ["demo.yml", "--against", "demo.yaml"], "did you mean demo.yaml?"],
    [
      "no baseline of that name",
      ["demo.yaml", "--against", "demo.yaml", "--baseline", "b.yaml"],
      "there is no file b.yaml",
    ],
    [
      "a reason for nothing",
      ["demo.yaml", "--against", "demo.yaml", "--reason", "none"],
      "--reason is why breaks are accepted, and nothing accepts them here\nhelp: add --write-baseline",
    ],
    ["a format that does not exist", ["demo.yaml", "--against", "demo.yaml", "--format", "xml"], "sarif"],
  ])("exits with 2 for %s", async (_what, argv, text) => {
    const { code, stdout, stderr } = await run({ "demo.yaml": before, "empty/readme.md": "" }, ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(text);
  });

  it("says that it is no repository where git says so", async () => {
    const io = memoryIo({ "demo.yaml": before }, { run: () => ({ code: 128, stdout: "", stderr: "fatal" }) });
    expect(await runProgram(["breaking", "demo.yaml", "--against", "main"], io)).toBe(2);
    expect(io.printed().stderr).toContain("this is no git repository in which it could be a commit");
  });

  it("says so where the definition cannot be written", async () => {
    const io = memoryIo({ "old.yaml": before, "demo.yaml": added });
    io.files.refuse("/project/demo.yaml.rpcgen.tmp", "EACCES");
    expect(await runProgram(["breaking", "demo.yaml", "--against", "old.yaml", "--fix-version"], io)).toBe(1);
    expect(io.printed().stdout).toContain("error cannot-write: cannot write demo.yaml: permission denied");
    expect(io.files.texts()["/project/demo.yaml"]).toBe(added);
  });
});
