import { describe, expect, it } from "vitest";
import { fixVersion } from "../../src/compiler/breaking/fix-version.js";
import { analyze, breaking, type Source } from "../../src/compiler/index.js";
import { plainText } from "./plain-text.js";

const previous = `rpcapi: 1
service: demo
versions:
  "1.0": First version.
methods:
  start: { kind: cast, params: { name: string } }
`;

describe("fixing the version", () => {
  it("writes the version behind the last one and since at what is new, and leaves all else alone", () => {
    const current = `# What we do.
rpcapi: 1
service: demo
versions: # oldest first
  "1.0": First version. # in May

methods:
  start: { kind: cast, params: { name: string, force: { type: boolean,  default: false } } }

  # Stops it.
  stop:
    description: Stops it.   # at once
    kind: cast
`;
    expect(fixed(current)).toBe(`# What we do.
rpcapi: 1
service: demo
versions: # oldest first
  "1.0": First version. # in May
  "1.1": Adds stop and adds force to start.

methods:
  start: { kind: cast, params: { name: string, force: { type: boolean,  default: false, since: "1.1" } } }

  # Stops it.
  stop:
    description: Stops it.   # at once
    since: "1.1"
    kind: cast
`);
  });

  it("makes a map of a parameter in its short form", () => {
    const current = previous.replace("name: string", "name: string, force: boolean");
    expect(fixed(current)).toContain('params: { name: string, force: { type: boolean, since: "2.0" } }');
    expect(fixed(current)).toContain('\n  "1.0": First version.\n  "2.0": Adds force to start.\nmethods:');
  });

  it("writes into a map in braces, and puts text into quotes that would end there", () => {
    const current = `${previous.replace('\n  "1.0": First version.', ' { "1.0": First version }')}  stop: { kind: cast }\n  halt: { kind: cast }\n  begin: { kind: cast }\n`;
    expect(fixed(current)).toContain('{ "1.0": First version, "1.1": "Adds stop, adds halt and adds begin." }');
  });

  it("writes behind a description of many lines, with Windows' line ends too", () => {
    const current = `${previous.replace("First version.", "|\n    First\n    version.")}  stop: { kind: cast }\n`;
    expect(fixed(current)).toContain('    version.\n  "1.1": Adds stop.\nmethods:');
    const windows = `${previous}  stop: { kind: cast }\n`.replaceAll("\n", "\r\n");
    expect(fixed(windows)).toContain('First version.\r\n  "1.1": Adds stop.\r\nmethods:');
  });

  it("gives the version that the author has added a higher number, wherever it is named", () => {
    const current = `rpcapi: 1
service: demo
versions: { "1.0": First version, "1.1": "Adds stop, and a size." }
releases: { zed: "1.1" }
methods:
  start: { kind: cast, params: { name: string, size: { type: integer, since: "1.1" } } }
  stop: { kind: cast, since: '1.1', topic: [{ since: "1.1", name: b }, { name: a }] } # since "1.1"
`;
    expect(fixed(current)).toBe(current.replaceAll(/["']1\.1["']/g, '"2.0"').replace('# since "2.0"', '# since "1.1"'));
  });

  it("corrects since where something new claims to be old", () => {
    const before = previous.replace('  "1.0": First version.', '  "1.0": First version.\n  "1.1": More.');
    const current = `${before}  stop: { kind: cast, since: "1.1" }\n`;
    expect(fixed(current, before)).toContain('stop: { kind: cast, since: "1.2" }');
  });

  it("uses the version that is new already where that is enough", () => {
    const current = `${previous.replace("First version.", 'First version.\n  "1.1": Adds stop.')}  stop: { kind: cast }\n`;
    expect(fixed(current)).toBe(current.replace("stop: { kind: cast }", 'stop: { kind: cast, since: "1.1" }'));
  });

  it("changes nothing where nothing is to be said, and does all in one go", () => {
    expect(fixed(previous)).toBe(previous);
    const current = `${previous}  stop: { kind: cast }\n`;
    expect(fixed(fixed(current))).toBe(fixed(current));
  });

  it("leaves methods of imported files alone", () => {
    const imports = previous.replace("service: demo", "service: demo\nimports: [./base.yaml]");
    const base = { path: "base.yaml", text: "rpcapi: 1\nmethods: { ping: { kind: call } }\n" };
    expect(fixed(imports, previous, [base])).toBe(
      imports.replace("First version.", 'First version.\n  "1.1": Adds ping.'),
    );
  });
});

/** The current text after what the comparison asks for has been written. */
function fixed(current: string, before: string = previous, others: readonly Source[] = []): string {
  const source = { path: "demo.yaml", text: current };
  const { findings, verdicts } = breaking(modelOf([{ path: "demo.yaml", text: before }]), modelOf([source, ...others]));
  const [verdict] = verdicts;
  if (verdict === undefined) throw new Error("there is no verdict");
  return fixVersion(source, verdict, findings);
}

function modelOf(sources: readonly Source[]) {
  const { value, diagnostics } = analyze(sources, () => undefined);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(plainText(errors, sources)).toBe("");
  return value;
}
