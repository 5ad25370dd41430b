import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

const depot = `rpcapi: 1
service: depot
description: Keeps crates.
topic: depot
versions:
  "1.0": First version.
  "1.1": |
    Adds stop,
    and a | in a text.
  "1.2": Names and types.
  "1.3": Where and how.
  "2.0": Without what nobody reads.
releases: { spring: "1.1", summer: "1.3", autumn: "1.3" }
errors:
  Busy: { wire: depot.Busy, message: Busy., since: "1.3" }
types:
  Crate: { fields: { number: integer } }
methods:
  start: { kind: cast, params: { host: string, note: { type: string, until: "2.0", optional: true } } }
  stop: { kind: cast, since: "1.1", params: { host: string } }
  pause: { kind: cast, since: "1.1", until: "2.0" }
  move:
    kind: [{ since: "1.3", kind: call }, { kind: cast }]
    was: [{ before: "1.2", name: shift }]
    topic: [{ since: "1.3", name: depot-alt }, { name: depot }]
    label: [{ since: "2.0", label: "2.0" }]
    params:
      crate: { type: Crate, was: [{ before: "1.2", name: box, type: map<any>, convert: crate_to_map }] }
      target: { type: string, was: [{ before: "1.2", name: dest }] }
      reason: { type: string, since: "1.3", default: none, when_older: drop }
      at: { type: any, convert: { name: to_primitive, before: "1.3" } }
  turn:
    kind: cast
    topic: [{ since: "1.3", name: depot-alt }, { name: depot }]
    params: { reason: { type: string, since: "1.3", default: none, when_older: drop } }
`;

const markdown = `# Versions of depot

Keeps crates.

| Version | What it brought | Changes | Releases |
|---|---|---|---|
| 2.0 | Without what nobody reads. | Removes \`note\` from \`start\`.<br>Removes \`pause\`.<br>\`move\` is labelled \`2.0\`. | |
| 1.3 | Where and how. | Adds \`reason\` to \`move\` and \`turn\`.<br>Changes how \`at\` of \`move\` is sent.<br>Sends \`move\` and \`turn\` to \`depot-alt\`, before to \`depot\`.<br>Makes a call of \`move\`, before a cast.<br>Adds the error \`Busy\`. | summer, autumn |
| 1.2 | Names and types. | Renames \`shift\` to \`move\`.<br>Renames \`box\` of \`move\` to \`crate\`.<br>Changes \`crate\` of \`move\` from \`map<any>\` to \`Crate\`.<br>Renames \`dest\` of \`move\` to \`target\`. | |
| 1.1 | Adds stop, and a \\| in a text. | Adds \`stop\` and \`pause\`. | spring |
| 1.0 | First version. | | |

<!-- Made by rpcgen history from depot.yaml. -->
`;

async function history(io: MemoryIo, ...args: readonly string[]) {
  const before = io.printed();
  const code = await runProgram(["history", ...args], io);
  const { stdout, stderr } = io.printed();
  return { code, stdout: stdout.slice(before.stdout.length), stderr: stderr.slice(before.stderr.length) };
}

describe("rpcgen history", () => {
  it("prints a table of versions, newest first, with everything that each has changed", async () => {
    const io = memoryIo({ "depot.yaml": depot });
    expect(await history(io, "depot.yaml")).toEqual({ code: 0, stdout: markdown, stderr: "" });
  });

  it("writes a file for each service into a folder, and only where something has changed", async () => {
    const io = memoryIo({ "a.yaml": depot, "b.yaml": depot.replace("service: depot", "service: shop") });
    expect(await history(io, ".", "--out", "docs/versions")).toEqual({
      code: 0,
      stdout: "docs/versions/depot.md was made\ndocs/versions/shop.md was made\n",
      stderr: "",
    });
    expect(io.files.readText("/project/docs/versions/depot.md")).toBe(markdown.replace("depot.yaml", "a.yaml"));
    const written = io.files.modified("/project/docs/versions/shop.md");
    io.files.writeText("/project/a.yaml", depot.replace("Keeps", "Holds"));
    expect(await history(io, ".", "--out", "docs/versions")).toMatchObject({
      stdout: "docs/versions/depot.md was brought up to date\ndocs/versions/shop.md is up to date\n",
    });
    expect(io.files.modified("/project/docs/versions/shop.md")).toBe(written);
  });

  it("writes all services into one file where its name ends in .md", async () => {
    const io = memoryIo({ "a.yaml": depot, "b.yaml": depot.replace("service: depot", "service: shop") });
    expect(await history(io, ".", "--out", "VERSIONS.md")).toMatchObject({ code: 0, stdout: "VERSIONS.md was made\n" });
    expect(io.files.readText("/project/VERSIONS.md").match(/^# .*/gm)).toEqual([
      "# Versions of depot",
      "# Versions of shop",
    ]);
  });

  it("fails with --check where a file is missing or out of date, and writes nothing", async () => {
    const io = memoryIo({ "depot.yaml": depot });
    expect(await history(io, "depot.yaml", "--out", "docs", "--check")).toEqual({
      code: 1,
      stdout: "docs/depot.md is missing; run rpcgen history\n",
      stderr: "",
    });
    expect(io.files.status("/project/docs")).toBeUndefined();
    await history(io, "depot.yaml", "--out", "docs");
    expect(await history(io, "depot.yaml", "--out", "docs", "--check")).toMatchObject({ code: 0 });
    io.files.writeText("/project/depot.yaml", depot.replace("Keeps", "Holds"));
    expect(await history(io, "depot.yaml", "--out", "docs", "--check")).toMatchObject({
      code: 1,
      stdout: "docs/depot.md is out of date; run rpcgen history\n",
    });
  });

  it("does not touch a file that somebody wrote by hand", async () => {
    const io = memoryIo({ "depot.yaml": depot, "docs/depot.md": "# By hand\n" });
    expect(await history(io, "depot.yaml", "--out", "docs")).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: docs/depot.md was not made by rpcgen history\nhelp: give another --out, or remove the file\n",
    });
    expect(io.files.readText("/project/docs/depot.md")).toBe("# By hand\n");
  });

  it("takes no file in the place of its folder", async () => {
    const io = memoryIo({ "depot.yaml": depot });
    expect(await history(io, "depot.yaml", "--out", "depot.yaml")).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: depot.yaml is a file\nhelp: give --out a folder, or a file whose name ends in .md\n",
    });
  });

  it("warns of a version that brings nothing, and still makes the table", async () => {
    const io = memoryIo({ "depot.yaml": depot.replace('"2.0":', '"1.4": Nothing.\n  "2.0":') });
    const { code, stdout, stderr } = await history(io, "depot.yaml");
    expect({ code, stdout: stdout.includes("| 1.4 | Nothing. | | |") }).toEqual({ code: 0, stdout: true });
    expect(stderr).toContain(
      "warning version-without-change: nothing in the definition begins, ends or changes with version 1.4",
    );
  });

  it("tells programs what each version has changed", async () => {
    const { code, stdout } = await history(memoryIo({ "depot.yaml": depot }), "depot.yaml", "--format", "json");
    const { services, ...rest } = JSON.parse(stdout);
    expect({ code, rest }).toEqual({
      code: 0,
      rest: { command: "history", ok: true, errors: 0, warnings: 0, written: false, diagnostics: [], files: [] },
    });
    expect(services).toMatchObject([{ service: "depot", file: "depot.yaml" }]);
    expect(services[0].versions[3]).toEqual({
      version: "1.1",
      description: "Adds stop,\nand a | in a text.\n",
      changes: [
        { kind: "method-added", method: "stop" },
        { kind: "method-added", method: "pause" },
      ],
      releases: ["spring"],
    });
  });

  it("shows mistakes in definitions and makes nothing of them", async () => {
    const io = memoryIo({ "depot.yaml": depot.replace("params: { host: string }", "params: { host: strng }") });
    const { code, stdout, stderr } = await history(io, "depot.yaml", "--out", "docs");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain('error unknown-type: there is no type "strng"');
    expect(await history(io, "depot.yaml", "--format", "github")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^::error file=depot\.yaml,line=\d+,.*title=unknown-type::/),
    });
  });

  it("tells of a file that cannot be written", async () => {
    const io = memoryIo({ "depot.yaml": depot, "docs/.keep": "" });
    io.files.refuse("/project/docs/depot.md", "ENOSPC");
    const { code, stderr } = await history(io, "depot.yaml", "--out", "docs");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("no space left on the device") });
  });

  it("does not say that it made what it could not write", async () => {
    const io = memoryIo({ "depot.yaml": depot, "file.txt": "x" });
    const { code, stdout, stderr } = await history(io, "depot.yaml", "--out", "file.txt/docs");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("error cannot-write: cannot write file.txt/docs/depot.md");
  });

  it("asks for --out with --check", async () => {
    expect(await history(memoryIo({ "depot.yaml": depot }), "depot.yaml", "--check")).toMatchObject({ code: 2 });
  });
});

describe("the history of our own definition", () => {
  it("says of every version what it brought", async () => {
    const files = ["compute", "common"].map((name) => [
      `${name}.yaml`,
      readFileSync(new URL(`../../schemas/${name}.yaml`, import.meta.url), "utf8"),
    ]);
    const { stdout, stderr } = await history(memoryIo(Object.fromEntries(files)), "compute.yaml");
    expect(stderr).toBe("");
    expect(stdout).toContain(
      "| 6.1 | Adds reimage_boot_volume to rebuild_instance. | Adds `reimage_boot_volume` to `rebuild_instance`. | zed |",
    );
  });
});
