import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

// What each verb of the built program loads, in golden/modules.txt: a new line there is start-up time that every run pays.
// The build joins files; each says in comments what it was made of, and that is what is listed here.
// Where the new line is right, UPDATE_GOLDEN=1 writes the file anew.

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = join(root, "dist/cli/main.js");
const recorder = new URL("../support/record-modules.mjs", import.meta.url).href;
const golden = fileURLToPath(new URL("./golden/modules.txt", import.meta.url));
/** A file of ours above this size, in bytes, is listed by its name, not with its folder. */
const LARGE = 30_000;
/** Folders whose files are listed by name. */
const namedFolders = ["cli", "cli/commands"];

const world: Readonly<Record<string, string>> = {
  "rpcgen.yaml": "inputs: [schemas]\nout: generated\n",
  "schemas/greeter.yaml": `rpcapi: 1
service: greeter
description: Says hello.
topic: greeter
versions: { "1.0": First version. }
methods:
  greet: { kind: call, params: { name: string }, returns: string }
`,
  "wrong/greeter.yaml": "rpcapi: 1\nservice: greeter\nmethods: { greet: { kind: call, params: { name: strin } } }\n",
  "greeter.ts": "export interface Greeter { greet(name: string): Promise<string>; }\n",
  "rpcapi.py": `class GreeterAPI(object):
    def __init__(self):
        target = messaging.Target(topic='greeter', version='1.0')
        self.client = rpc.get_client(target)

    def greet(self, ctxt, name):
        return self.client.call(ctxt, 'greet', name=name)
`,
  // Where there is node_modules, it has the record of the last run.
  "node_modules/empty": "",
};

/** In this order, since the second run of generate finds the output and the record of the first. */
const runs: readonly { readonly title: string; readonly args: readonly string[]; readonly code?: number }[] = [
  { title: "--help", args: ["--help"] },
  { title: "generate, for the first time", args: ["generate"] },
  { title: "generate, when nothing has changed", args: ["generate"] },
  { title: "generate, with mistakes in the definition", args: ["generate", "wrong"], code: 1 },
  { title: "lint", args: ["lint"], code: 1 },
  { title: "fmt --check", args: ["fmt", "--check"], code: 1 },
  { title: "breaking", args: ["breaking", "--against", "schemas"] },
  { title: "history", args: ["history"] },
  { title: "docs", args: ["docs", "--out", "docs"] },
  { title: "export jsonschema", args: ["export", "jsonschema", "--out", "exported"] },
  { title: "export asyncapi", args: ["export", "asyncapi", "--out", "exported"] },
  { title: "explain", args: ["explain", "unknown-type"] },
  { title: "skew", args: ["skew"] },
  { title: "implement", args: ["implement", "manager.ts"] },
  { title: "import typescript", args: ["import", "typescript", "greeter.ts", "--interface", "Greeter"] },
  { title: "import python", args: ["import", "python", "rpcapi.py"] },
  { title: "init", args: ["init", "new"] },
];

let project: string;
beforeAll(() => {
  if (!existsSync(program)) throw new Error("run npm run build first");
  project = mkdtempSync(join(tmpdir(), "rpcgen-modules-"));
  for (const [path, text] of Object.entries(world)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

it("loads for each verb what it needs and nothing else", async () => {
  const blocks: string[] = [];
  for (const run of runs) blocks.push(`${run.title}\n${(await loadedBy(run)).map((line) => `  ${line}\n`).join("")}`);
  const text = blocks.join("\n");
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
}, 60_000);

/** Packages and modules of Node.js as our code names them, then our own files. */
async function loadedBy({ args, code = 0 }: (typeof runs)[number]): Promise<readonly string[]> {
  const record = join(project, "modules.txt");
  writeFileSync(record, "");
  const env = { ...process.env, RPCGEN_TEST_MODULES: record };
  const result = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, ["--import", recorder, program, ...args], { cwd: project, env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, output: out + err }),
    );
  });
  expect(result.code, `rpcgen ${args.join(" ")}: ${result.output}`).toBe(code);
  const outside = new Set<string>();
  const own = new Set<string>();
  for (const line of readFileSync(record, "utf8").trimEnd().split("\n")) {
    const [specifier = "", parent = "", url = ""] = line.split(" ");
    if (isOurs(parent) && !/^(\.|\/|file:)/.test(specifier)) outside.add(specifier);
    if (url.startsWith(`file://${root}dist/`)) for (const part of partsOf(fileURLToPath(url))) own.add(part);
  }
  return [...[...outside].sort(), ...[...own].sort()];
}

function isOurs(parent: string): boolean {
  return [`${root}dist/`, `${root}src/runtime/dist/`].some((folder) => parent.startsWith(`file://${folder}`));
}

/** What a joined file has of each file of ours: `compiler/emit/`, or the file where it is large or its folder is listed by name. */
function partsOf(joined: string): readonly string[] {
  const [, ...pieces] = readFileSync(joined, "utf8").split(/^\/\/ (\S+\.js)$/m);
  return pieces.flatMap((path, index) => {
    // A path, then the text that was made of it.
    if (index % 2 === 1) return [];
    const folder = dirname(path);
    const isNamed = namedFolders.includes(folder) || (pieces[index + 1] ?? "").length > LARGE;
    return [isNamed ? path : `${folder}/`];
  });
}
