// Turns schemas/config.schema.json into src/compiler/generated/config-schema.ts, so that reading the project file loads
// no ajv. Run it after each change of the schema; a test says when it was forgotten.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

const root = fileURLToPath(new URL("../", import.meta.url));

export function precompiledConfigSchema() {
  const schema = JSON.parse(readFileSync(`${root}schemas/config.schema.json`, "utf8"));
  // With `unicode` ajv would count characters with a function of its own, which printed code would have to import.
  const ajv = new Ajv.default({
    allErrors: true,
    unicode: false,
    logger: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  return `// Made from schemas/config.schema.json by scripts/precompile-config-schema.mjs. DO NOT EDIT.
// biome-ignore-all lint: printed by ajv
// biome-ignore-all format: printed by ajv
// biome-ignore-all assist: printed by ajv
// @ts-nocheck
${code
  .replace(/^"use strict";\n?/, "")
  .replace(
    "export const validate =",
    "/** Whether a value is a project file. */\nexport const validateConfig: ValidateConfig =",
  )
  .replace(/^export default .*;\n?/m, "")
  .trim()}

/** A function that ajv printed, with what it found. */
export interface ValidateConfig {
  (value: unknown): boolean;
  errors?: readonly ConfigError[] | null;
}

/** The part of ajv's error object that is read. */
export interface ConfigError {
  /** A JSON pointer: \`/inputs/0\`. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}src/compiler/generated/config-schema.ts`, precompiledConfigSchema());
}
