// Prints the validators of our own schemas as code, so that the compiler starts without compiling them (45 ms).
// Run it after each change of a schema; a test says when it was forgotten.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";

const outputs = [
  {
    schema: "../schemas/service.schema.json",
    module: "../src/compiler/generated/service-validator.ts",
    name: "service",
  },
  {
    schema: "../schemas/config.schema.json",
    module: "../src/compiler/generated/config-validator.ts",
    name: "config",
  },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, text } of printSchemas()) writeFileSync(path, text);
}

/** The modules as they should be; a test compares them with those that are there. */
export function printSchemas() {
  return outputs.map(({ schema, module, name }) => ({
    path: fileURLToPath(new URL(module, import.meta.url)),
    text: print(JSON.parse(readFileSync(new URL(schema, import.meta.url), "utf8")), name),
  }));
}

function print(schema, name) {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  const bare = withoutProse(schema);
  const code = standalone.default(ajv, ajv.compile(bare));
  if (/\brequire\(/.test(code))
    throw new Error(`the validator of ${name} needs more than itself: leave out minLength, maxLength and uniqueItems`);
  const body = code
    .replace('"use strict";', "")
    .replace(/export const validate = \w+;/, "")
    .replace(/export default (\w+);/, "const validate = $1;")
    // ajv joins lists of errors by copying, which takes minutes for a file with a hundred thousand mistakes.
    .replaceAll(/(\w+) === null \? (\w+)\.errors : \1\.concat\(\2\.errors\)/g, "joined($1, $2.errors)");
  if (body.includes(".concat(")) throw new Error("ajv joins errors in another way than this script knows");
  return `// Printed by scripts/build-schemas.mjs from schemas/${name}.schema.json. DO NOT EDIT.
// biome-ignore-all lint: printed by ajv
// biome-ignore-all format: printed by ajv
// biome-ignore-all assist: printed by ajv
// @ts-nocheck

/** What does not fit, as ajv tells it; its texts are left out. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks plain data against schemas/${name}.schema.json; an empty list where it fits. */
export function ${name}Errors(data: unknown): readonly SchemaError[] {
  return validate(data) ? [] : (validate.errors ?? []);
}

/** The schema without its prose, to find what is known at a place. */
export const ${name}Schema: SchemaNode = ${JSON.stringify(bare)};

/** A part of a JSON Schema. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

function joined(errors, more) {
  if (errors === null) return more;
  for (const error of more) errors.push(error);
  return errors;
}

${body}
`;
}

/** Descriptions and examples are for editors; in the printed code they would only be weight. */
function withoutProse(schema) {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== "object" || schema === null) return schema;
  const prose = (key, value) =>
    (typeof value === "string" && (key === "description" || key === "title")) ||
    (key === "examples" && Array.isArray(value)) ||
    key === "default";
  const isProperties = Object.values(schema).every((value) => typeof value === "object" && !Array.isArray(value));
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => isProperties || !prose(key, value))
      .map(([key, value]) => [key, withoutProse(value)]),
  );
}
