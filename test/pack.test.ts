import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Both packages as a user gets them: packed, installed into empty projects from their archives, and used there. */

const root = fileURLToPath(new URL("../", import.meta.url));
const minutes = 60_000;
let work: string;
let packages: { readonly rpcgen: Packed; readonly runtime: Packed };

interface Packed {
  readonly archive: string;
  readonly files: readonly string[];
}

beforeAll(async () => {
  if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error("run npm run build first");
  work = mkdtempSync(join(tmpdir(), "rpcgen-pack-"));
  packages = { rpcgen: await pack(root), runtime: await pack(join(root, "src/runtime")) };
}, 2 * minutes);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("the packages", () => {
  it("hold what a user needs and nothing else", () => {
    const kinds = (files: readonly string[]): string[] =>
      [...new Set(files.map((path) => path.replace(/^(dist|templates)\/.*\.(d\.ts|js|hbs)$/, "$1/*.$2")))].sort();
    expect(kinds(packages.rpcgen.files)).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/*.d.ts",
      "dist/*.js",
      "package.json",
      "schemas/config.schema.json",
      "schemas/service.schema.json",
      "templates/*.hbs",
    ]);
    expect(kinds(packages.runtime.files)).toEqual(["LICENSE", "README.md", "dist/*.d.ts", "dist/*.js", "package.json"]);
  });

  it.each(["rpcgen", "runtime"] as const)(
    "are found well by publint and by attw: %s",
    async (name) => {
      const { archive } = packages[name];
      await run(bin("publint"), [archive, "--strict"], root);
      await run(bin("attw"), [archive, "--profile", "esm-only", "--no-emoji"], root);
    },
    2 * minutes,
  );
});

describe("the runtime, installed alone", () => {
  it(
    "brings amqplib and nothing else",
    async () => {
      const project = folder("runtime-alone");
      await install(project, [packages.runtime.archive]);
      expect(installedIn(project)).toEqual(withDependencies(["@rpcgen/runtime"], project));
      expect(manifestOf("@rpcgen/runtime", project).dependencies).toEqual({ amqplib: expect.any(String) });
      const script = 'import * as r from "@rpcgen/runtime"; console.log(typeof r.createTransport, typeof r.RPCClient);';
      expect((await run(process.execPath, ["--input-type=module", "-e", script], project)).trim()).toBe(
        "function function",
      );
      // The build joins files, which may rename what has the same name in two of them; an error's class goes over the wire.
      const renamed = `import * as runtime from "@rpcgen/runtime";
const others = Object.entries(runtime).filter(([name, value]) => typeof value === "function" && value.name !== name);
console.log(JSON.stringify(others.map(([name, { name: own }]) => [name, own])));`;
      expect((await run(process.execPath, ["--input-type=module", "-e", renamed], project)).trim()).toBe("[]");
    },
    3 * minutes,
  );
});

describe("the generator, installed from its archive", () => {
  it(
    "makes a project in a folder of its own that compiles and answers its first call without a broker",
    async () => {
      const tools = folder("tools");
      await install(tools, [packages.rpcgen.archive, packages.runtime.archive]);
      expect(await run("npx", ["--no", "rpcgen", "init", "../starter"], tools)).toContain("npm run build");
      await checkProject(join(work, "starter"));
    },
    5 * minutes,
  );

  it(
    "makes one in the folder where it was installed, too",
    async () => {
      const project = folder("in-place");
      await install(project, [packages.rpcgen.archive, packages.runtime.archive]);
      await run("npx", ["--no", "rpcgen", "init", "--name", "mail_box"], project);
      await checkProject(project);
    },
    5 * minutes,
  );

  it(
    "is a library with types, under TypeScript's strictest flags",
    async () => {
      const project = join(work, "in-place");
      const source = `import { compile, type Diagnostic } from "rpcgen";
import { skew, type SkewReport } from "rpcgen/skew";
const { files, diagnostics } = compile([{ path: "a.yaml", text: "rpcapi: 1\\nservice: a\\n" }]);
const codes: string[] = diagnostics.map((diagnostic: Diagnostic) => diagnostic.code);
const { reports } = await skew([{ path: "b.yaml", text: 'rpcapi: 1\\nservice: b\\nversions: { "1.0": First. }\\n' }]);
const holds: boolean[] = reports.map((report: SkewReport) => report.holds);
console.log(files.length, codes.length > 0, ...holds);
`;
      writeFileSync(join(project, "src/library.ts"), source);
      const flags = ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"];
      await run("npx", ["--no", "tsc", ...flags], project);
      expect((await run(process.execPath, ["dist/library.js"], project)).trim()).toBe("0 true true");
    },
    2 * minutes,
  );
});

/** Builds and starts what `rpcgen init` has made, as its README says. */
async function checkProject(project: string): Promise<void> {
  await install(project, [packages.rpcgen.archive, packages.runtime.archive]);
  await run("npm", ["run", "build"], project);
  expect((await run("npm", ["start", "--silent"], project)).trim().split("\n")).toEqual([
    "Hello, world!",
    "No greeting in the language eo is known.",
    "Saluton, mondo!",
  ]);
  expect(await run("npm", ["run", "--silent", "generate"], project)).toContain("is up to date");
  expect(await firstWarning(project)).toContain("cannot connect to RabbitMQ at 127.0.0.1:1");
}

/** What the program says first where no broker is: nothing listens on port 1. */
async function firstWarning(project: string): Promise<string> {
  const env = { ...process.env, RPC_URL: "rabbit://127.0.0.1:1/" };
  const program = spawn(process.execPath, ["dist/main.js"], { cwd: project, env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(program, "exit");
  const [said] = await once(program.stderr, "data");
  program.kill("SIGKILL");
  await ended;
  return String(said);
}

async function pack(from: string): Promise<Packed> {
  const output = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], from);
  const [packed] = JSON.parse(output) as readonly { filename: string; files: readonly { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack said nothing of ${from}`);
  return { archive: join(work, packed.filename), files: packed.files.map(({ path }) => path).sort() };
}

/** An empty project. npm would look for one in the folders above where there is no package.json. */
function folder(name: string): string {
  const path = join(work, name);
  mkdirSync(path);
  writeFileSync(join(path, "package.json"), '{ "private": true }\n');
  return path;
}

async function install(project: string, archives: readonly string[]): Promise<void> {
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...archives], project);
}

/** The names of all installed packages. */
function installedIn(project: string): readonly string[] {
  const modules = join(project, "node_modules");
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
    )
    .sort();
}

/** The packages and everything that they say they need. */
function withDependencies(names: readonly string[], project: string): readonly string[] {
  const found = new Set(names);
  // A Set also visits what is added while it is walked through.
  for (const name of found)
    for (const needed of Object.keys(manifestOf(name, project).dependencies ?? {})) found.add(needed);
  return [...found].sort();
}

function manifestOf(name: string, project: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8"));
}

function bin(name: string): string {
  return join(root, "node_modules/.bin", name);
}

/** Runs a program to its end and gives what it printed; everything that it printed is in the error where it fails. */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  // What npm tells its own scripts must not reach another npm, and vitest's marks must not reach the program.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name)),
  );
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`));
    }).stdin?.end();
  });
}
