import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compilation, type Config, compile, defaultConfig, type Source } from "../../../src/compiler/index.js";

/** The folder of the golden cases of the emitter. */
export const casesFolder = fileURLToPath(new URL("../cases/generate/", import.meta.url));

/** The names of the golden cases: folders with definitions, perhaps a config.json and templates/, and expected/. */
export function caseNames(): readonly string[] {
  return readdirSync(casesFolder).sort();
}

/** Compiles all definitions of a case, perhaps with another Config or in another order. */
export function compileCase(
  name: string,
  change: Partial<Config> = {},
  reorder: (sources: readonly Source[]) => readonly Source[] = (sources) => sources,
): Compilation {
  const folder = join(casesFolder, name);
  const sources = [...readTree(folder)]
    .filter(([path]) => path.endsWith(".yaml") && !path.startsWith("expected/"))
    .map(([path, text]) => ({ path, text }));
  return compile(reorder(sources), { ...defaultConfig, ...configOf(folder), ...change });
}

/** What a case is expected to give, by path. */
export function expectedOf(name: string): ReadonlyMap<string, string> {
  return readTree(join(casesFolder, name, "expected"));
}

/** All files below a folder by their path in it, sorted. */
export function readTree(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) {
    return new Map();
  }
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(entries.map((path) => [path.slice(folder.length).replace(/^\//, ""), readFileSync(path, "utf8")]));
}

function configOf(folder: string): Partial<Config> {
  const path = join(folder, "config.json");
  // A case's file is as trustworthy as the test.
  const config = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<Config>) : {};
  const templates = readTree(join(folder, "templates"));
  return templates.size === 0 ? config : { ...config, templates: Object.fromEntries(templates) };
}
