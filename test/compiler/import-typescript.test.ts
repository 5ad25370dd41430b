import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, format, importTypeScript, type Source } from "../../src/compiler/index.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cases = "test/compiler/cases/import-typescript";
const update = process.env["UPDATE_GOLDEN"] === "1";

function read(path: string): Source | undefined {
  const absolute = join(root, path);
  return existsSync(absolute) ? { path, text: readFileSync(absolute, "utf8") } : undefined;
}

async function imported(path: string, name: string): Promise<string> {
  const source = read(path);
  if (source === undefined) throw new Error(`there is no ${path}`);
  const { value, diagnostics } = await importTypeScript(source, { interface: name }, read);
  expect(diagnostics).toEqual([]);
  const text = value?.text ?? "";
  expect(format({ path: "imported.yaml", text }).value).toBe(text);
  return text;
}

describe("an interface becomes a definition", () => {
  it.each(readdirSync(join(root, cases)))("%s; UPDATE_GOLDEN=1 makes it anew", async (name) => {
    const path = `${cases}/${name}/input.ts`;
    const [, last = ""] = /export interface (\w+)[^<]*? extends|$/.exec(read(path)?.text ?? "") ?? [];
    const text = await imported(path, last);
    const golden = join(root, cases, name, "expected.yaml");
    if (update) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
    expect(compile([{ path: "expected.yaml", text }]).diagnostics).toEqual([]);
  });
});

/**
 * What TypeScript cannot know of a definition that was compiled: the source's name; that arguments and request are two
 * shapes (defaults are filled in by then, so that the request's shape is all there is); examples, which are not read;
 * that a union of texts had no name of its own.
 */
function comparable(text: string): string {
  return text
    .replace(/^\/\/ Code generated.*\n/, "")
    .replace(/\b([A-Z]\w*)Request\b(?<!RequestContext)/g, "$1Args")
    .replace(/^ *\* @example .*\n/gm, "")
    .replace(/import (type )?\{[^}]*\} from [^;]*;\n/g, "");
}

/** The declarations of a file by name, without comments on them and in them. */
function declarations(text: string): ReadonlyMap<string, string> {
  const plain = text.replace(/ *\/\*\*[\s\S]*?\*\/\n?/g, "");
  const found = plain.matchAll(/^export (?:interface|type|const) (\w+)[\s\S]*?(?=^export |$(?![\s\S]))/gm);
  return new Map([...found].map(([all, name]) => [name ?? "", all.replace(/\s+/g, " ").trim()]));
}

describe("importing our own generated manager gives the same methods and types back", () => {
  it.each([
    ["generated/compute", "ComputeManager", []],
    ["generated/nova/base", "BaseManager", []],
    ["generated/nova/compute", "ComputeManager", []],
    ["generated/nova/compute_task", "ComputeTaskManager", []],
    ["generated/nova/conductor", "ConductorManager", []],
    ["generated/nova/scheduler", "SchedulerManager", []],
    // `sort` is an enum without a name there.
    ["test/compiler/cases/generate/everything/expected/order_desk", "OrderDeskManager", ["ListOrdersArgs"]],
  ])("%s", async (folder, name, changed) => {
    const text = await imported(posix.join(folder, "manager.ts"), name);
    const { files, diagnostics } = compile([{ path: "imported.yaml", text }]);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const file = (stem: string): string => files.find(({ path }) => path.endsWith(`/${stem}.ts`))?.text ?? "";

    expect(comparable(file("manager"))).toBe(comparable(read(`${folder}/manager.ts`)?.text ?? ""));

    const original = read(`${folder}/types.ts`)?.text ?? "";
    const before = declarations(original);
    const after = declarations(file("types"));
    let compared = 0;
    for (const [type, declaration] of after) {
      const request = type.replace(/Args$/, "Request");
      // Two types of the language have none in TypeScript of their own: that of the request came from it.
      const expected = before.get(request) ?? before.get(type);
      if (expected === undefined || changed.some((each) => each === type)) continue;
      expect(comparable(declaration), type).toBe(comparable(expected));
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(after.size - 3);
  });
});

describe("what cannot be imported", () => {
  it("is marked in the draft, and keeps nothing else out of it", async () => {
    const text = `import type { Base } from "elsewhere";
export interface Loop extends Desk { again(): Promise<string> }
export interface Desk extends Base, Loop {
  open(name: string): Promise<string>;
  open(name: number): Promise<string>;
  openIt(): Promise<string>;
  open_it(): Promise<string>;
  again(): Promise<number>;
  readonly size: number;
  (name: string): Promise<void>;
  [key: string]: unknown;
}
`;
    const { value, diagnostics } = await importTypeScript({ path: "a.ts", text }, { interface: "Desk" });
    expect(diagnostics).toEqual([]);
    expect(value?.methods).toEqual(["again", "open", "open_it"]);
    expect(value?.notes.map((note) => note.text).slice(1)).toEqual([
      "left out: readonly size: number; is no method",
      "left out: (name: string): Promise<void>; is no method",
      "left out: [key: string]: unknown; is no method",
      "left out: the methods of Base, which was not found",
      "the first of several overloads",
      "left out: open_it, since open_it is another method already",
    ]);
    expect(value?.text).toContain("again: { kind: call, returns: number }");
  });

  it("is said with the names that are there", async () => {
    const source = { path: "a.ts", text: "export interface Desk { ping(): Promise<void> }\n" };
    const { value, diagnostics } = await importTypeScript(source, { interface: "Desk2" });
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: "unknown-interface", message: 'there is no interface "Desk2" in a.ts', help: 'did you mean "Desk"?' },
    ]);
  });

  it("is a file that is no TypeScript, with its place", async () => {
    const source = { path: "a.ts", text: "export interface Desk { ping(: }\n" };
    const { diagnostics } = await importTypeScript(source, { interface: "Desk" });
    expect(diagnostics).toMatchObject([{ code: "typescript-syntax", range: { path: "a.ts" } }]);
  });
});
