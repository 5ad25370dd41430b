import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type FileSystem, machineFiles } from "../../src/cli/io.js";
import { MemoryFiles } from "./memory-io.js";

const folder = mkdtempSync(join(tmpdir(), "rpcgen-io-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const systems: readonly [
  string,
  () => { files: FileSystem; base: string; link: (path: string, to: string) => void },
][] = [
  [
    "of the machine",
    () => ({ files: machineFiles, base: mkdtempSync(join(folder, "x")), link: (path, to) => symlinkSync(to, path) }),
  ],
  [
    "in memory",
    () => {
      const files = new MemoryFiles();
      files.makeFolder("/base");
      return { files, base: "/base", link: (path, to) => files.addLink(path, to) };
    },
  ],
];

/** The code with which an operation fails. */
function codeOf(operation: () => unknown): unknown {
  try {
    operation();
    return "none";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

// What tests rely on in memory must be so on a disk.
describe.each(systems)("the file system %s", (_name, make) => {
  it("makes, reads, lists, renames and removes", () => {
    const { files, base } = make();
    files.makeFolder(join(base, "a/b"));
    files.makeFolder(join(base, "a/b"));
    files.writeText(join(base, "a/two"), "2");
    files.writeText(join(base, "a/one"), "1");
    expect(files.list(join(base, "a"))).toEqual([
      { name: "b", kind: "directory" },
      { name: "one", kind: "file" },
      { name: "two", kind: "file" },
    ]);
    files.rename(join(base, "a/one"), join(base, "a/two"));
    expect(files.readText(join(base, "a/two"))).toBe("1");
    expect(files.status(join(base, "a/two"))).toMatchObject({ kind: "file", size: 1 });
    files.removeFile(join(base, "a/two"));
    files.removeFolder(join(base, "a/b"));
    expect(files.list(join(base, "a"))).toEqual([]);
  });

  it("follows links, but does not in a list", () => {
    const { files, base, link } = make();
    files.makeFolder(join(base, "real"));
    files.writeText(join(base, "real/file"), "text");
    link(join(base, "link"), "real");
    link(join(base, "broken"), "nowhere");
    expect(files.readText(join(base, "link/file"))).toBe("text");
    expect(files.status(join(base, "link"))?.kind).toBe("directory");
    expect(files.status(join(base, "broken"))).toBeUndefined();
    expect(files.list(base)).toContainEqual({ name: "link", kind: "link" });
    expect(files.realPath(join(base, "link/file"))).toBe(files.realPath(join(base, "real/file")));
  });

  it("fails with the codes of the operating system", () => {
    const { files, base, link } = make();
    files.writeText(join(base, "file"), "");
    files.makeFolder(join(base, "full/inner"));
    link(join(base, "round"), "round");
    expect(files.status(join(base, "nothing"))).toBeUndefined();
    expect(files.status(join(base, "file/below"))).toBeUndefined();
    expect({
      missing: codeOf(() => files.readText(join(base, "nothing"))),
      folder: codeOf(() => files.readText(join(base, "full"))),
      list: codeOf(() => files.list(join(base, "file"))),
      round: codeOf(() => files.status(join(base, "round"))),
      full: codeOf(() => files.removeFolder(join(base, "full"))),
      write: codeOf(() => files.writeText(join(base, "no/where"), "")),
      rename: codeOf(() => files.rename(join(base, "file"), join(base, "full"))),
      make: codeOf(() => files.makeFolder(join(base, "file"))),
    }).toEqual({
      missing: "ENOENT",
      folder: "EISDIR",
      list: "ENOTDIR",
      round: "ELOOP",
      full: "ENOTEMPTY",
      write: "ENOENT",
      rename: "EISDIR",
      make: "EEXIST",
    });
  });
});

describe("the program", () => {
  const main = join(import.meta.dirname, "../../dist/cli/main.js");
  const shell = (command: string, cwd = folder): string =>
    execFileSync("bash", ["-c", `set -o pipefail; rpcgen() { '${process.execPath}' '${main}' "$@"; }; ${command}`], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });

  it("ends well when nobody reads on", () => {
    expect(shell("rpcgen generate --help | head -1 2>&1; echo $PIPESTATUS")).toBe(
      "Usage: rpcgen generate [options] [inputs...]\n0\n",
    );
    expect(shell("{ rpcgen --help; echo $? >&2; } 2>&1 >&- | cat; true")).not.toMatch(/at .*\.js|Error/);
  });

  it("says that it cannot print, and fails", () => {
    expect(shell("rpcgen --help 2>&1 >/dev/full; echo $?")).toMatch(/^error: cannot print: .*\n1\n$/);
  });

  it("makes no folder where the system takes none, and ends", () => {
    shell("rpcgen init project >/dev/null");
    expect(shell("rpcgen generate --out /proc/nowhere 2>&1; echo $?", join(folder, "project"))).toMatch(
      /^error cannot-write: cannot write \/proc\/nowhere\/.*\n\n1 error\n1\n$/,
    );
  });

  it("says so when the current folder is gone", () => {
    expect(shell('mkdir gone; cd gone; rmdir ../gone; rpcgen generate 2>&1; echo "$?"')).toBe(
      "error: the current folder does not exist any more\n2\n",
    );
  });

  it("exits with 0, 1 or 2, for a shell to tell", () => {
    const project = join(folder, "codes");
    shell("rpcgen init codes >/dev/null");
    expect(shell("rpcgen generate >/dev/null; echo $?", project)).toBe("0\n");
    expect(shell("echo x: 1 >> schemas/greeter.yaml; rpcgen generate 2>/dev/null; echo $?", project)).toBe("1\n");
    expect(shell("rpcgen generate --nope 2>/dev/null; echo $?", project)).toBe("2\n");
  });
});
