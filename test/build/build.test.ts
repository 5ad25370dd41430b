import { afterEach, describe, expect, it } from "vitest";
import { BuildProject, definition, program, tsconfig } from "./project.js";

const projects: BuildProject[] = [];
afterEach(() => {
  for (const each of projects.splice(0)) each.remove();
});

function project(files: Readonly<Record<string, string | object>>, tools: readonly string[] = []): BuildProject {
  const made = new BuildProject(files, tools);
  projects.push(made);
  return made;
}

const sources = {
  "rpcgen.yaml": "inputs: [schemas]\nout: src/generated\n",
  "schemas/greeter.yaml": definition,
  "src/main.ts": program("./generated/greeter/index.js"),
  "tsconfig.json": tsconfig,
};
const manifest = (scripts: Readonly<Record<string, string>>) => ({
  name: "fixture",
  type: "module",
  private: true,
  scripts,
});

describe("a build generates first", { timeout: 120_000 }, () => {
  it("with a prebuild script and tsc", async () => {
    const made = project({ ...sources, "package.json": manifest({ prebuild: "rpcgen generate", build: "tsc" }) });

    const built = await made.npm("run", "build");
    expect(built).toMatchObject({ code: 0 });
    expect(built.output).toContain("src/generated: 8 files created");
    expect(await made.node("dist/main.js")).toEqual({ code: 0, output: "Hello, world!\n" });

    made.write("schemas/greeter.yaml", definition.replace("name: string", "name: strng"));
    const wrong = await made.npm("run", "build");
    expect(wrong.code, "a mistake in a definition ends the build before the compiler").toBe(1);
    expect(wrong.output).toContain('error unknown-type: there is no type "strng"');
    expect(wrong.output).not.toContain("TS");

    made.write("schemas/greeter.yaml", definition.replace("name: string", "first_name: string"));
    const unfit = await made.npm("run", "build");
    expect(unfit.code, "a program that does not fit any more is the compiler's to find").not.toBe(0);
    expect(unfit.output).toContain("src/main.ts");
  });

  it("with esbuild, into one file", async () => {
    const build =
      "rpcgen generate && esbuild src/main.ts --bundle --platform=node --format=esm --packages=external --outfile=dist/main.js";
    const made = project({ ...sources, "package.json": manifest({ build }) }, ["esbuild"]);

    expect(await made.npm("run", "build")).toMatchObject({ code: 0 });
    expect(await made.node("dist/main.js")).toEqual({ code: 0, output: "Hello, world!\n" });
  });

  it("with vite, for a server", async () => {
    const build = "rpcgen generate && vite build --ssr src/main.ts --outDir dist";
    const made = project({ ...sources, "package.json": manifest({ build }) }, ["vite"]);

    expect(await made.npm("run", "build")).toMatchObject({ code: 0 });
    expect(await made.node("dist/main.js")).toEqual({ code: 0, output: "Hello, world!\n" });
  });

  it("in a monorepo of several packages with one project file", async () => {
    const compilerOptions = (more: object) => ({ ...JSON.parse(tsconfig), ...more });
    const made = project({
      "package.json": {
        ...manifest({ build: "rpcgen generate && tsc -b packages/greeter" }),
        workspaces: ["packages/*"],
      },
      "rpcgen.yaml": 'inputs: ["packages/*/schemas/**/*.yaml"]\nout: packages/contracts/src\n',
      "packages/greeter/schemas/greeter.yaml": definition,
      "packages/mail/schemas/v1/mail.yaml": definition.replace("service: greeter", "service: mail"),
      "packages/contracts/package.json": {
        name: "@shop/contracts",
        type: "module",
        exports: { "./*": { types: "./dist/*/index.d.ts", default: "./dist/*/index.js" } },
      },
      "packages/contracts/tsconfig.json": {
        compilerOptions: { ...JSON.parse(tsconfig).compilerOptions, composite: true },
        include: ["src"],
      },
      "packages/greeter/package.json": { name: "@shop/greeter", type: "module" },
      "packages/greeter/src/main.ts": program("@shop/contracts/greeter"),
      "packages/greeter/tsconfig.json": compilerOptions({ references: [{ path: "../contracts" }] }),
    });
    made.link("@shop/contracts", "packages/contracts");

    const built = await made.npm("run", "build");
    expect(built.output).toContain("packages/contracts/src: 16 files created");
    expect(built.code).toBe(0);
    expect(made.has("packages/contracts/dist/mail/index.js")).toBe(true);
    expect(await made.node("packages/greeter/dist/main.js")).toEqual({ code: 0, output: "Hello, world!\n" });
  });

  it("and `generate --check` tells CI that somebody forgot", async () => {
    const made = project({
      ...sources,
      "package.json": manifest({ generate: "rpcgen generate", check: "rpcgen generate --check" }),
    });

    expect(await made.npm("run", "check")).toMatchObject({ code: 1 });
    expect(await made.npm("run", "generate")).toMatchObject({ code: 0 });
    expect(await made.npm("run", "check")).toMatchObject({ code: 0 });
  });
});
