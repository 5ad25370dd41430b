import { describe, expect, it } from "vitest";
import { expandInputs, readSources } from "../../src/cli/inputs.js";
import { Misuse } from "../../src/cli/misuse.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

const world = {
  "rpcgen.yaml": "",
  "schemas/compute.yaml": "a",
  "schemas/network.yml": "b",
  "schemas/service.schema.json": "{}",
  "schemas/deep/er/volume.yaml": "c",
  "schemas/.hidden/x.yaml": "",
  "schemas/node_modules/x/y.yaml": "",
};

async function expand(patterns: readonly string[], io: MemoryIo = memoryIo(world)): Promise<readonly string[]> {
  const found = await expandInputs(patterns, io.cwd, new Set(["/project/rpcgen.yaml"]), io);
  return found.map((path) => path.replace("/project/", ""));
}

/** What the command line is told is wrong, and the way out. */
async function misuse(patterns: readonly string[], io?: MemoryIo): Promise<string> {
  const error: unknown = await expand(patterns, io).catch((thrown: unknown) => thrown);
  if (!(error instanceof Misuse)) throw new Error(`no misuse but ${String(error)}`);
  return error.help === undefined ? error.message : `${error.message}; ${error.help}`;
}

describe("inputs", () => {
  it("are files, each once, in order of their paths", async () => {
    expect(await expand(["schemas/network.yml", "schemas/compute.yaml", "./schemas/compute.yaml"])).toEqual([
      "schemas/compute.yaml",
      "schemas/network.yml",
    ]);
  });

  it("are folders with all their YAML files, except hidden ones, node_modules and the project file", async () => {
    expect(await expand(["."])).toEqual(["schemas/compute.yaml", "schemas/deep/er/volume.yaml", "schemas/network.yml"]);
  });

  it("are globs", async () => {
    expect(await expand(["schemas/*.yaml"])).toEqual(["schemas/compute.yaml"]);
    expect(await expand(["schemas/**/*.{yaml,yml}"])).toHaveLength(3);
    expect(await expand(["**/v*.yaml"])).toEqual(["schemas/deep/er/volume.yaml"]);
    expect(await expand(["./schemas/[a-d]*.yaml"])).toEqual(["schemas/compute.yaml"]);
  });

  it("take files away again with an exclamation mark", async () => {
    expect(await expand(["schemas", "!schemas/deep"])).toEqual(["schemas/compute.yaml", "schemas/network.yml"]);
    expect(await expand(["!**/*.yml", "schemas"])).toEqual(["schemas/compute.yaml", "schemas/deep/er/volume.yaml"]);
    expect(await expand(["schemas", "!schemas/compute.yaml"])).toHaveLength(2);
  });

  it("may lie in folders whose names look like globs", async () => {
    const io = memoryIo({ "a.yaml": "", "b[1].yaml": "" }, { cwd: "/home/me (copy)/x[1]" });
    expect(await expandInputs(["*.yaml"], io.cwd, new Set(), io)).toHaveLength(2);
    expect(await expandInputs(["b[1].yaml"], io.cwd, new Set(), io)).toEqual(["/home/me (copy)/x[1]/b[1].yaml"]);
  });

  it("may lie outside of the folder", async () => {
    const io = memoryIo({ "/shared/types.yaml": "" });
    expect(await expandInputs(["../shared/*.yaml"], io.cwd, new Set(), io)).toEqual(["/shared/types.yaml"]);
  });

  it("follow links, and come back from those that lead in a circle", async () => {
    const io = memoryIo(world);
    io.files.addLink("/project/schemas/deep/up", "../../schemas");
    io.files.addLink("/project/linked", "schemas/deep");
    io.files.addLink("/project/schemas/nowhere.yaml", "gone.yaml");
    expect(await expand(["schemas"], io)).toHaveLength(3);
    expect(await expand(["linked"], io)).toContain("linked/er/volume.yaml");
  });

  it("that do not exist are a misuse, which names what is like them", async () => {
    expect(await misuse(["schemas/computee.yaml"])).toBe(
      "there is no file or folder schemas/computee.yaml; did you mean schemas/compute.yaml?",
    );
    expect(await misuse(["shemas"])).toBe("there is no file or folder shemas; did you mean schemas?");
    expect(await misuse(["nowhere/at/all.yaml"])).toBe("there is no file or folder nowhere/at/all.yaml");
    expect(await misuse(["schemas/compute.yaml/x"])).toContain("there is no file or folder");
  });

  it("without any definition are a misuse", async () => {
    expect(await misuse(["schemas/*.yamll"])).toContain("no .yaml or .yml file matches schemas/*.yamll");
    const io = memoryIo({ "docs/readme.md": "" });
    expect(await misuse(["docs"], io)).toContain("there is no .yaml or .yml file in docs");
    expect(await misuse(["schemas", "!schemas"])).toContain("the inputs name no definition file");
  });

  it("that are pipes or devices, closed or in a circle are a misuse", async () => {
    const io = memoryIo(world);
    io.files.addOther("/project/pipe");
    io.files.addLink("/project/round", "round");
    io.files.refuse("/project/schemas/deep", "EACCES");
    expect(await misuse(["pipe"], io)).toBe("pipe is neither a file nor a folder");
    expect(await misuse(["round"], io)).toBe("cannot open round: its symbolic links lead in a circle");
    expect(await misuse(["schemas"], io)).toBe("cannot list schemas: permission denied");
  });

  it("may be any file when it is named itself", async () => {
    const io = memoryIo({ "definition.txt": "" });
    expect(await expand(["definition.txt"], io)).toEqual(["definition.txt"]);
  });
});

describe("reading", () => {
  it("names sources from the project's root, and says which files cannot be read", () => {
    const io = memoryIo(world);
    io.files.refuse("/project/schemas/network.yml", "EACCES");
    const read = readSources(["/project/schemas/compute.yaml", "/project/schemas/network.yml"], "/project/schemas", io);
    expect(read.value).toEqual([{ path: "compute.yaml", text: "a" }]);
    expect(read.diagnostics.map(({ message }) => message)).toEqual([
      "cannot read schemas/network.yml: permission denied",
    ]);
  });
});
