import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportExtension } from "../../src/compiler/index.js";
import { compileCase } from "./support/cases.js";
import { orderDeskProgram } from "./support/order-desk-program.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The oldest TypeScript that generated code is for, and those after it. */
const compilers = ["typescript-5.9", "typescript-6", "typescript"] as const;

/** The ways in which programs find modules, with the import endings that they want. */
const resolutions = [
  { name: "nodenext", importExtension: ".js", options: { module: "nodenext", moduleResolution: "nodenext" } },
  { name: "bundler", importExtension: "", options: { module: "esnext", moduleResolution: "bundler" } },
  {
    name: "bundler with .ts",
    importExtension: ".ts",
    options: { module: "esnext", moduleResolution: "bundler", allowImportingTsExtensions: true },
  },
] as const satisfies readonly { name: string; importExtension: ImportExtension; options: object }[];

/** Every flag that makes the compiler stricter. */
const strict = {
  strict: true,
  target: "es2022",
  lib: ["es2023"],
  types: ["node"],
  noEmit: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  erasableSyntaxOnly: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUncheckedSideEffectImports: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
};

describe("generated code and a program that uses it compile under every strict flag", () => {
  let folder = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "rpcgen-matrix-"));
    // The runtime as its users have it: declarations.
    await tsc("typescript", folder, {
      extends: join(root, "src/runtime/tsconfig.build.json"),
      compilerOptions: {
        outDir: join(folder, "runtime"),
        typeRoots: [join(root, "node_modules/@types")],
        emitDeclarationOnly: true,
        noEmitOnError: false,
      },
      include: [join(root, "src/runtime/**/*.ts")],
      exclude: [join(root, "src/runtime/dist"), join(root, "src/runtime/node_modules")],
    });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, importExtension, options } of resolutions) {
    it.each(compilers)(`${name}: %s`, async (compiler) => {
      const project = writeProject(join(folder, `${compiler}-${name}`), importExtension);

      const problems = await tsc(compiler, project, {
        compilerOptions: { ...strict, ...options, paths: { "@rpcgen/runtime": [join(folder, "runtime/index.d.ts")] } },
        include: ["**/*.ts"],
      });

      expect(problems).toBe("");
    });
  }

  it.each(compilers)("and each file but the descriptor alone, for isolatedDeclarations: %s", async (compiler) => {
    const project = writeProject(join(folder, `${compiler}-isolated`), ".js");

    const problems = await tsc(compiler, project, {
      compilerOptions: {
        ...strict,
        module: "nodenext",
        declaration: true,
        isolatedDeclarations: true,
        paths: { "@rpcgen/runtime": [join(folder, "runtime/index.d.ts")] },
      },
      include: ["order_desk/*.ts"],
    });

    // The descriptor names the error classes, and such a reference has no type that can be written without looking.
    const files = problems.split("\n").flatMap((line) => /^([^\s(]+)\(/.exec(line)?.[1] ?? []);
    expect([...new Set(files)]).toEqual(["order_desk/descriptor.ts"]);
  });
});

/** The generated files of the richest definition, and a program that uses them. */
function writeProject(folder: string, importExtension: ImportExtension): string {
  const { files } = compileCase("everything", { importExtension });
  const program = { path: "program.ts", text: orderDeskProgram(importExtension) };
  for (const { path, text } of [...files, program, { path: "package.json", text: '{ "type": "module" }' }]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What the compiler prints; nothing where it is content. */
async function tsc(compiler: string, folder: string, config: object): Promise<string> {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const bin = join(root, "node_modules", compiler, "bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [bin, "-p", "tsconfig.json", "--pretty", "false"], { cwd: folder });
    return "";
  } catch (error) {
    // A compiler that finds mistakes prints them and exits with a code of its own.
    const { stdout } = error as { readonly stdout?: string };
    return stdout || String(error);
  }
}
