import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";
import { type CheckedLog, checkedSarif } from "./sarif-rules.js";

// Every verb that has findings prints them for people, for programs, as annotations of GitHub and as SARIF.

const desk = `rpcapi: 1
service: desk
versions: { "1.0": First version. }
methods:
  open: { kind: call, params: { name: string }, returns: string }
`;
const broken = desk.replace("returns: string", "returns: Sting");
const files = {
  "rpcgen.yaml": "inputs: [schemas]\nout: out\n",
  "schemas/desk.yaml": desk,
  "before.yaml": desk.replace("name: string", "name: string, age: integer"),
  "src/desk.ts": 'import type { DeskManager } from "../out/desk/index.js";\nclass Desk implements DeskManager {}\n',
  "not.ts": "interface {",
  "not.py": "class class (\n",
};

interface Case {
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly codes: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  lint: { argv: ["lint"], codes: ["describe-service"] },
  "fmt --check": {
    argv: ["fmt", "--check"],
    files: { "schemas/desk.yaml": desk.replace("kind: call,", "kind:  call,") },
    codes: ["not-formatted"],
  },
  breaking: { argv: ["breaking", "--against", "before.yaml"], codes: ["parameter-removed"] },
  "breaking, a service that is gone": {
    argv: ["breaking", "--against", "old"],
    files: { "old/desk.yaml": desk, "old/chair.yaml": desk.replace("service: desk", "service: chair") },
    codes: ["service-removed"],
  },
  generate: { argv: ["generate"], files: { "schemas/desk.yaml": broken }, codes: ["unknown-type"] },
  "generate --check": { argv: ["generate", "--check"], codes: ["out-of-date"] },
  docs: { argv: ["docs", "--out", "pages"], files: { "schemas/desk.yaml": broken }, codes: ["unknown-type"] },
  "docs --check": { argv: ["docs", "--out", "pages", "--check"], codes: ["out-of-date"] },
  export: {
    argv: ["export", "openrpc", "--out", "docs"],
    files: { "schemas/desk.yaml": broken },
    codes: ["unknown-type"],
  },
  "export --check": { argv: ["export", "openrpc", "--out", "docs", "--check"], codes: ["out-of-date"] },
  implement: { argv: ["implement", "not.ts"], codes: ["typescript-syntax"] },
  "implement --check": { argv: ["implement", "src/desk.ts", "--check"], codes: ["out-of-date"] },
  history: { argv: ["history"], files: { "schemas/desk.yaml": broken }, codes: ["unknown-type"] },
  "history --check": { argv: ["history", "--out", "h", "--check"], codes: ["out-of-date"] },
  skew: { argv: ["skew"], files: { "schemas/desk.yaml": broken }, codes: ["unknown-type"] },
  "skew, a broken promise": {
    argv: ["skew"],
    files: {
      "schemas/desk.yaml": desk
        .replace('{ "1.0": First version. }', '{ "1.0": First, "1.1": More. }')
        .replace("name: string", 'name: { type: string?, default: x, since: "1.1" }'),
    },
    codes: ["broken-promise"],
  },
  "import typescript": { argv: ["import", "typescript", "not.ts", "--interface", "A"], codes: ["typescript-syntax"] },
  "import python": { argv: ["import", "python", "not.py"], codes: ["python-syntax"] },
};

describe.each(Object.entries(cases))("the findings of rpcgen %s", (_, { argv, files: own = {}, codes }) => {
  it("are SARIF that the standard and code scanners take", async () => {
    const { code, stdout, stderr } = await run(argv, own, "sarif");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const { results, notifications, successful } = checkedSarif(stdout);
    expect(results.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining([...codes]));
    expect({ notifications, successful }).toEqual({ notifications: [], successful: true });
  });

  it("are annotations of a GitHub workflow, under either name of the format", async () => {
    const { code, stdout } = await run(argv, own, "github-actions");
    expect(code).toBe(1);
    for (const each of codes)
      expect(stdout).toMatch(
        new RegExp(`^::(error|warning) ${each === "service-removed" ? "" : "file=.*,"}title=${each}::`, "m"),
      );
    expect((await run(argv, own, "github")).stdout).toBe(stdout);
  });

  it("are one document of JSON that counts them", async () => {
    const { code, stdout, stderr } = await run(argv, own, "json");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const { command, ok, errors, warnings, diagnostics } = JSON.parse(stdout);
    expect(argv.join(" ")).toContain(command);
    expect(ok).toBe(false);
    expect(typeof errors).toBe("number");
    expect(typeof warnings).toBe("number");
    expect(Array.isArray(diagnostics)).toBe(true);
  });
});

describe("the library", () => {
  it("has a function for each verb that works on definitions", async () => {
    const library = await import("../../src/compiler/index.js");
    const { docs } = await import("../../src/compiler/docs/index.js");
    const { exportTo } = await import("../../src/compiler/exporters/index.js");
    const { skew } = await import("../../src/skew/index.js");
    const { compile, lint, breaking, format, history, implement, importTypeScript, importPython, lookUp } = library;
    const functions = {
      generate: compile,
      lint,
      breaking,
      fmt: format,
      history,
      implement,
      import: [importTypeScript, importPython],
      explain: lookUp,
      docs,
      export: exportTo,
      skew,
    };
    for (const each of Object.values(functions).flat()) expect(typeof each).toBe("function");
    const io = memoryIo({});
    await runProgram(["--help"], io);
    const verbs = [...io.printed().stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? "");
    // init makes files that are no definitions' outcome, and help is help.
    expect(verbs.filter((verb) => !["init", "help"].includes(verb)).sort()).toEqual(Object.keys(functions).sort());
  });
});

describe("a SARIF log", () => {
  it("has places in UTF-16 units, also behind characters outside of the basic plane", async () => {
    const text = desk.replace(
      "methods:\n",
      'methods:\n  # \u{1f4da}\n  "shut": { kind: cast, description: "\u{1f4da}", is: 1 }\n',
    );
    const { results } = await sarif(["generate"], { "schemas/desk.yaml": text });
    const line = text.split("\n")[5] ?? "";
    const column = line.indexOf("is:") + 1;
    expect(results).toMatchObject([{ ruleId: "unknown-key", region: [6, column, 6, column + 2] }]);
  });

  it("knows a finding again after lines were added above it, and tells equal ones apart", async () => {
    const shut = "  shut: { kind: cast, params: { a: Sting, b: Sting } }\n";
    const before = await sarif(["generate"], { "schemas/desk.yaml": desk + shut });
    const after = await sarif(["generate"], { "schemas/desk.yaml": desk.replace("methods:", "\n\nmethods:") + shut });
    const prints = ({ results }: CheckedLog): string[] => results.map(({ fingerprint }) => fingerprint);
    expect(prints(before)).toHaveLength(2);
    expect(prints(after)).toEqual(prints(before));
  });

  it("names files outside of the folder by whole URIs, and escapes what a URI cannot have", async () => {
    const io = memoryIo({ "/elsewhere/very/far/a b#.yaml": broken }, { cwd: "/some/where/deep/down" });
    await runProgram(["generate", "/elsewhere/very/far/a b#.yaml", "--out", "o", "--format", "sarif"], io);
    expect(checkedSarif(io.printed().stdout).results).toMatchObject([
      { uri: "file:///elsewhere/very/far/a%20b%23.yaml" },
    ]);
  });

  it("shows braces of messages as they are", async () => {
    const text = `${desk}errors:\n  Gone: { wire: a.Gone, message: "{nam}", fields: { name: string } }\n`;
    const { results } = await sarif(["generate"], { "schemas/desk.yaml": text });
    expect(results.map((result) => result.text)).toEqual([expect.stringContaining('"{nam}"')]);
  });

  it("has what is about no place as notifications, since services refuse results without a place", async () => {
    const io = memoryIo(files);
    io.files.refuse("/project/schemas/desk.yaml", "EACCES");
    await runProgram(["generate", "--format", "sarif"], io);
    const { results, notifications, successful } = checkedSarif(io.printed().stdout);
    expect({ results, notifications, successful }).toEqual({
      results: [],
      notifications: ["cannot-read"],
      successful: false,
    });
  });

  it("is empty where there is nothing to say, and the exit code is 0", async () => {
    const { code, stdout } = await run(["generate"], {}, "sarif");
    expect(code).toBe(0);
    expect(checkedSarif(stdout).results).toEqual([]);
  });
});

async function sarif(argv: readonly string[], own: Readonly<Record<string, string>>): Promise<CheckedLog> {
  return checkedSarif((await run(argv, own, "sarif")).stdout);
}

async function run(argv: readonly string[], own: Readonly<Record<string, string>>, format: string) {
  const io: MemoryIo = memoryIo({ ...files, ...own });
  const code = await runProgram([...argv, "--format", format], io);
  return { code, ...io.printed() };
}
