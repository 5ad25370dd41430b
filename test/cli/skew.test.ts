import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type Source, skew as skewOf } from "../../src/skew/index.js";
import { memoryIo } from "./memory-io.js";

const broken = `rpcapi: 1
service: depot
topic: depot
versions:
  "1.0": First version.
  "1.1": Adds limit to count, and weigh.
methods:
  count:
    kind: call
    params:
      shelf: string
      limit: { type: integer?, since: "1.1", default: 10 }
  weigh: { kind: cast, since: "1.1" }
`;
const sound = broken.replace("default: 10", "default: null");

async function skew(texts: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const io = memoryIo(texts);
  const code = await runProgram(["skew", ...args], io);
  return { code, ...io.printed() };
}

describe("rpcgen skew", () => {
  it("runs what the project file names, one table for each service", async () => {
    const { code, stdout, stderr } = await skew({
      "rpcgen.yaml": "inputs: [schemas]\nout: generated\n",
      "schemas/depot.yaml": sound,
      "schemas/shop.yaml": sound.replace("service: depot", "service: shop"),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.match(/^\w+: .*/gm)).toEqual([
      "depot: 2 methods, 2 versions (schemas/depot.yaml)",
      "Holds: every client works with each server that is not older than its cap.",
      "shop: 2 methods, 2 versions (schemas/shop.yaml)",
      "Holds: every client works with each server that is not older than its cap.",
    ]);
  });

  it("follows imports, and runs only the services that were asked for", async () => {
    const types = "rpcapi: 1\nservice: types\nversions: { '1.0': First. }\ntypes: { Shelf: string }\n";
    const depot = sound
      .replace("methods:", "imports: [./types.yaml]\nmethods:")
      .replace("shelf: string", "shelf: Shelf");
    const { code, stdout } = await skew({ "depot.yaml": depot, "types.yaml": types }, "depot.yaml");
    expect({ code, services: stdout.match(/^\w+: \d.*/gm) }).toEqual({
      code: 0,
      services: ["depot: 2 methods, 2 versions (depot.yaml)"],
    });
  });

  it("exits with 1 where the promise is broken, and points a GitHub workflow to the place", async () => {
    const { code, stdout } = await skew({ "depot.yaml": broken }, "depot.yaml", "--format", "github");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error file=depot\.yaml,line=12,endLine=12,col=7,endColumn=12,title=broken-promise::count\(limit\), caps 1\.0, servers 1\.1: the manager gets 10 in place of null\n/,
    );
  });

  it("tells programs of each pair and each finding", async () => {
    const { code, stdout } = await skew({ "depot.yaml": broken }, "depot.yaml", "--format", "json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      command: "skew",
      ok: false,
      errors: 0,
      warnings: 0,
      diagnostics: [],
      services: [
        {
          service: "depot",
          file: "depot.yaml",
          holds: false,
          versions: ["1.0", "1.1"],
          methods: 2,
          caps: [
            {
              cap: "1.0",
              refusedMethods: ["weigh"],
              refusedArguments: ["count"],
              servers: [
                { server: "1.0", isPromised: true, works: 1, refused: [], misunderstood: [] },
                { server: "1.1", isPromised: true, works: 0, refused: [], misunderstood: ["count"] },
              ],
            },
            {
              cap: "1.1",
              refusedMethods: [],
              refusedArguments: [],
              servers: [
                { server: "1.0", isPromised: false, works: 0, refused: ["count", "weigh"], misunderstood: [] },
                { server: "1.1", isPromised: true, works: 2, refused: [], misunderstood: [] },
              ],
            },
          ],
          findings: [
            expect.objectContaining({
              kind: "refused-by-client",
              method: "count",
              argument: "limit",
              error: "VersionCapError",
              message: "needs 1.1",
              breaksPromise: false,
              pairs: [{ cap: "1.0", servers: [] }],
              file: "depot.yaml",
              line: 12,
            }),
            expect.objectContaining({ kind: "refused-by-client", method: "weigh", line: 13 }),
            expect.objectContaining({
              kind: "misunderstood",
              method: "count",
              argument: "limit",
              breaksPromise: true,
              pairs: [{ cap: "1.0", servers: ["1.1"] }],
            }),
          ],
        },
      ],
    });
  });

  it("shows mistakes in definitions and runs nothing", async () => {
    const { code, stdout, stderr } = await skew({ "depot.yaml": broken.replace("string", "strng") }, "depot.yaml");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain('depot.yaml:11:14: error unknown-type: there is no type "strng"');
  });

  it.each([
    ["there is no file or folder dept.yaml", ["dept.yaml"]],
    ["no definitions are named", []],
    ["unknown option '--out'", ["depot.yaml", "--out", "x"]],
  ])("calls it a misuse: %s", async (problem, args) => {
    const { code, stdout, stderr } = await skew({ "depot.yaml": sound }, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(problem);
  });
});

describe("the table of rpcgen skew", () => {
  it("shares rows and columns between versions that are equal, and is cut where a terminal ends", async () => {
    const versions = Array.from({ length: 120 }, (_, minor) => `  "1.${minor}": Version ${minor}.\n`).join("");
    const methods = Array.from({ length: 40 }, (_, at) => `  m${at}: { kind: cast, since: "1.${at * 3}" }\n`).join("");
    const text = `rpcapi: 1\nservice: depot\nversions:\n${versions}methods:\n${methods}`;
    const { stdout } = await skew({ "depot.yaml": text }, "depot.yaml");
    const table = stdout.slice(0, stdout.indexOf("+ works"));
    expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(table).toMatch(/^1\.0-1\.2 {2,}39/m);
    expect(table).toMatch(/ 0-2 3-5 6-8 /);
    expect(table.match(/^cap/gm)?.length).toBeGreaterThan(2);
  });
});

describe("the library rpcgen/skew", () => {
  it("gives the same as data, and asks for imported files", async () => {
    const depot: Source = { path: "depot.yaml", text: sound.replace("methods:", "imports: [./a.yaml]\nmethods:") };
    const { reports, diagnostics } = await skewOf([depot], undefined, (path) => ({ path, text: "rpcapi: 1\n" }));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(reports.map(({ service, holds }) => ({ service, holds }))).toEqual([{ service: "depot", holds: true }]);
  });
});
