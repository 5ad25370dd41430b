// Prints the validators of our own schemas as code, so that the compiler starts without compiling them (45 ms).
// `node scripts/build-schemas.mjs` writes; with --check it only tells whether the files are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";

const outputs = [
  {
    schema: "../schemas/service.schema.json",
    module: "../src/compiler/generated/service-validator.ts",
    name: "service",
  },
];

let stale = 0;
for (const { schema, module, name } of outputs) {
  const url = new URL(module, import.meta.url);
  const text = print(JSON.parse(readFileSync(new URL(schema, import.meta.url), "utf8")), name);
  if (read(url) === text) continue;
  stale += 1;
  if (process.argv.includes("--check"))
    console.error(`${module.slice(3)} is not up to date: run node scripts/build-schemas.mjs`);
  else writeFileSync(url, text);
}
if (stale > 0 && process.argv.includes("--check")) process.exitCode = 1;

function print(schema, name) {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv, ajv.compile(schema));
  if (/\brequire\(/.test(code))
    throw new Error(`the validator of ${name} needs more than itself: leave out minLength, maxLength and uniqueItems`);
  const body = code
    .replace('"use strict";', "")
    .replace(/export const validate = \w+;/, "")
    .replace(/export default (\w+);/, "const validate = $1;");
  return `// Printed by scripts/build-schemas.mjs from schemas/${name}.schema.json. DO NOT EDIT.
// biome-ignore-all lint: printed by ajv
// biome-ignore-all format: printed by ajv
// biome-ignore-all assist: printed by ajv
// @ts-nocheck

/** What does not fit, as ajv tells it; its texts are left out. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks plain data against schemas/${name}.schema.json; an empty list where it fits. */
export function ${name}Errors(data: unknown): readonly SchemaError[] {
  return validate(data) ? [] : (validate.errors ?? []);
}

/** The keys that each map of the schema knows, by the map's place in the schema. */
export const ${name}Keys: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(knownKeys(schema, "#"))};

${body}
`;
}

function knownKeys(schema, path) {
  const found = {};
  if (schema.properties !== undefined) found[path] = Object.keys(schema.properties);
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== "object" || value === null || key === "examples" || key === "default") continue;
    Object.assign(found, knownKeys(value, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`));
  }
  return found;
}

function read(url) {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return undefined;
  }
}
