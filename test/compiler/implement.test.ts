import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, implement, type Source } from "../../src/compiler/index.js";
import { typeErrors } from "./support/type-errors.js";

const folder = fileURLToPath(new URL("./cases/implement/", import.meta.url));
const update = process.env["UPDATE_GOLDEN"] === "1";
const names = readdirSync(folder).sort();

/** What `after.json` of a case says: everything that is not the text. */
interface Outcome {
  readonly added?: readonly string[];
  readonly updated?: readonly string[];
  readonly gone?: readonly string[];
  readonly diagnostics: readonly string[];
}

async function run(
  name: string,
  text?: string,
): Promise<{ readonly outcome: Outcome; readonly text: string | undefined }> {
  const before = text ?? readFileSync(join(folder, name, "before.ts"), "utf8");
  const optionsPath = join(folder, name, "options.json");
  const options: object = existsSync(optionsPath) ? JSON.parse(readFileSync(optionsPath, "utf8")) : {};
  const { value, diagnostics } = await implement({ path: "src/desk.ts", text: before }, [definition(name)], {
    out: "src/generated",
    ...options,
  });
  const found = diagnostics.map(({ severity, code, message, range }) => {
    const marked = range === undefined ? "" : before.slice(range.start, range.end);
    return `${severity} ${code} at ${JSON.stringify(marked)}: ${message}`;
  });
  if (value === undefined) return { outcome: { diagnostics: found }, text: undefined };
  const { added, updated, gone } = value;
  return { outcome: { added, updated, gone, diagnostics: found }, text: value.text };
}

function definition(name: string): Source {
  return { path: "definition.yaml", text: readFileSync(join(folder, name, "definition.yaml"), "utf8") };
}

describe("a class becomes what its case expects; UPDATE_GOLDEN=1 makes the cases anew", () => {
  it.each(names)("%s", async (name) => {
    const { outcome, text } = await run(name);

    const paths = { text: join(folder, name, "after.ts"), outcome: join(folder, name, "after.json") };
    if (update) {
      rmSync(paths.text, { force: true });
      if (text !== undefined) writeFileSync(paths.text, text);
      writeFileSync(paths.outcome, `${JSON.stringify(outcome, undefined, 2)}\n`);
    }
    expect(outcome).toEqual(JSON.parse(readFileSync(paths.outcome, "utf8")));
    expect(text).toBe(existsSync(paths.text) ? readFileSync(paths.text, "utf8") : undefined);
  });
});

describe("what implement has written", () => {
  const done = names.filter((name) => existsSync(join(folder, name, "after.ts")));

  it.each(done)("is up to date for it: %s", async (name) => {
    const after = readFileSync(join(folder, name, "after.ts"), "utf8");

    const { outcome, text } = await run(name, after);

    expect({ ...outcome, diagnostics: [] }).toMatchObject({ added: [], updated: [], diagnostics: [] });
    expect(text).toBe(after);
  });

  it.each(done)("keeps every line of the user's but those of imports and signatures: %s", async (name) => {
    const before = readFileSync(join(folder, name, "before.ts"), "utf8").split("\n");
    const after = new Set(readFileSync(join(folder, name, "after.ts"), "utf8").split("\n"));
    const isTouched = (line: string): boolean => /^(import| {2}\w+,|})|async \w+\(|class \w+ .*\{\}/.test(line);

    expect(before.filter((line) => !after.has(line) && !isTouched(line))).toEqual([]);
  });

  it("compiles, with nothing unused", () => {
    const files = new Map<string, string>();
    for (const name of done) {
      files.set(`${name}/src/desk.ts`, readFileSync(join(folder, name, "after.ts"), "utf8"));
      for (const { path, text } of compile([definition(name)]).files) files.set(`${name}/src/generated/${path}`, text);
    }

    expect(typeErrors(files)).toEqual([]);
  }, 60_000);
});
