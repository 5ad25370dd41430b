import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Source } from "../../src/compiler/index.js";

/** The definitions of a folder under test/compiler/cases/, with paths relative to it. */
export function definitionsIn(folder: string): Source[] {
  const path = fileURLToPath(new URL(`./cases/${folder}/`, import.meta.url));
  return readdirSync(path)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path + file, "utf8") }));
}
