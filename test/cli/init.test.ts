import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import { type MemoryIo, memoryIo } from "./memory-io.js";

const project = [
  "/project/.gitignore",
  "/project/README.md",
  "/project/package.json",
  "/project/rpcgen.yaml",
  "/project/schemas/greeter.yaml",
  "/project/src/main.ts",
  "/project/src/manager.ts",
  "/project/tsconfig.json",
];

async function init(args: readonly string[], io: MemoryIo): Promise<{ code: number; stdout: string; stderr: string }> {
  const code = await runProgram(["init", ...args], io);
  return { code, ...io.printed() };
}

function manifest(io: MemoryIo, path = "/project/package.json"): unknown {
  return JSON.parse(io.files.readText(path));
}

describe("rpcgen init", () => {
  it("makes a project in the current folder and says what to do next", async () => {
    const io = memoryIo({});
    const { code, stdout, stderr } = await init([], io);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(Object.keys(io.files.texts("/project"))).toEqual(project);
    expect(stdout).toContain("wrote schemas/greeter.yaml\n");
    expect(stdout).toMatch(/Now:\n {2}npm install\n {2}npm run build\n {2}npm start\n$/);
    expect(manifest(io)).toMatchObject({
      name: "greeter",
      type: "module",
      scripts: { generate: "rpcgen generate", prebuild: "npm run generate", build: "tsc", start: "node dist/main.js" },
      dependencies: { "@rpcgen/runtime": "^1.2.3" },
      devDependencies: { rpcgen: "^1.2.3" },
    });
  });

  it("makes the folder that it is given, and names everything after the service", async () => {
    const io = memoryIo({});
    const { stdout } = await init(["services/mail", "--name", "mail_box"], io);
    expect(stdout).toContain("\n  cd services/mail\n");
    const texts = io.files.texts("/project/services/mail");
    expect(Object.keys(texts)).toContain("/project/services/mail/schemas/mail_box.yaml");
    expect(texts["/project/services/mail/src/main.ts"]).toContain("const mailBox = new MailBoxAPI(transport);");
    expect(Object.values(texts).join("")).not.toMatch(/greeter/i);
  });

  it("gives an existing package.json what it lacks and leaves the rest as it is", async () => {
    const io = memoryIo({
      "package.json": JSON.stringify({
        name: "mine",
        scripts: { build: "my-build" },
        devDependencies: { rpcgen: "file:x" },
      }),
    });
    const { code, stdout } = await init([], io);
    expect(code).toBe(0);
    expect(stdout).toContain("extended package.json\n");
    expect(manifest(io)).toMatchObject({
      name: "mine",
      type: "module",
      scripts: { build: "my-build", start: "node dist/main.js" },
      devDependencies: { rpcgen: "file:x", typescript: expect.any(String) },
    });
  });

  it("overwrites nothing: when one file is in the way it writes none", async () => {
    const io = memoryIo({ "src/main.ts": "mine", "README.md": "mine" });
    const { code, stderr } = await init([], io);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "error: init overwrites nothing, and . has src/main.ts, README.md already\nhelp: name another folder: rpcgen init DIR\n",
    );
    expect(Object.keys(io.files.texts("/project"))).toEqual(["/project/README.md", "/project/src/main.ts"]);
  });

  it("refuses a package.json that is none, or of CommonJS", async () => {
    const broken = await init([], memoryIo({ "package.json": "{" }));
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining("package.json is not JSON") });
    const common = await init([], memoryIo({ "package.json": '{"type":"commonjs"}' }));
    expect(common).toMatchObject({ code: 2, stderr: expect.stringContaining('package.json says "type": "commonjs"') });
  });

  it("refuses a name that no service can have", async () => {
    const io = memoryIo({});
    expect(await init(["--name", "MyService"], io)).toMatchObject({
      code: 2,
      stderr: 'error: "MyService" cannot be the name of a service\nhelp: did you mean "my_service"?\n',
    });
    expect(await init(["--name", "../x"], memoryIo({}))).toMatchObject({ code: 2 });
    expect(io.files.texts("/project")).toEqual({});
  });

  it("says why it cannot write", async () => {
    const io = memoryIo({});
    io.files.refuse("/project/schemas", "EACCES");
    expect(await init([], io)).toMatchObject({
      code: 2,
      stderr: "error: cannot write the project in .: permission denied\n",
    });
    expect(await init(["file"], memoryIo({ file: "" }))).toMatchObject({
      code: 2,
      stderr: "error: file is a file\nhelp: name a folder\n",
    });
  });
});
