import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { definitionsIn } from "./cases.js";

const script = new URL("../../scripts/build-schemas.mjs", import.meta.url).href;
// Why the cast: scripts are JavaScript without declarations.
const { printSchemas } = (await import(script)) as { printSchemas: () => { path: string; text: string }[] };

type Schema = Readonly<Record<string, unknown>>;

// Why the cast: JSON.parse has no types, and ajv checks below that it is a schema.
const schema = JSON.parse(
  readFileSync(new URL("../../schemas/service.schema.json", import.meta.url), "utf8"),
) as Schema & { readonly definitions: Readonly<Record<string, Schema>> };

describe("schemas/service.schema.json", () => {
  it("describes every key, for the hover of editors", () => {
    const silent: string[] = [];
    for (const [path, part] of parts(schema, "#")) {
      if (typeof part["properties"] !== "object") continue;
      for (const [key, value] of Object.entries(part["properties"] as Record<string, Schema>)) {
        if (typeof (deref(value)["description"] ?? undefined) !== "string") silent.push(`${path}/${key}`);
      }
    }
    expect(silent).toEqual([]);
  });

  it("refuses unknown keys in every map with keys of its own, except x-", () => {
    const open = [...parts(schema, "#")].filter(
      ([, part]) => typeof part["properties"] === "object" && part["additionalProperties"] !== false,
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });

  it("is valid, and accepts the definitions which the compiler accepts", () => {
    const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
    const validate = ajv.compile(schema);
    for (const { path, text } of [...definitionsIn("resolve/whole_language"), ...ours]) {
      validate(parse(text));
      expect(validate.errors, path).toBeNull();
    }
  });

  it("has examples that fit, for the completion of editors", () => {
    const ajv = new Ajv({ strict: false });
    const wrong: string[] = [];
    ajv.addSchema({ ...schema, $id: "service" });
    for (const [name, part] of Object.entries(schema.definitions)) {
      const validate = ajv.compile({ $ref: `service#/definitions/${name}` });
      for (const example of Array.isArray(part["examples"]) ? part["examples"] : []) {
        if (!validate(example)) wrong.push(`${name}: ${JSON.stringify(example)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("is what the compiler's printed validators were made from", () => {
    for (const { path, text } of printSchemas()) {
      expect(readFileSync(path, "utf8") === text, `${path} is old: run node scripts/build-schemas.mjs`).toBe(true);
    }
  });
});

const ours = ["common.yaml", "compute.yaml"].map((path) => ({
  path,
  text: readFileSync(new URL(`../../schemas/${path}`, import.meta.url), "utf8"),
}));

function* parts(part: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, part];
  for (const [key, value] of Object.entries(part)) {
    // Examples are values, not schemas.
    if (typeof value === "object" && value !== null && key !== "examples")
      yield* parts(value as Schema, `${path}/${key}`);
  }
}

function deref(part: Schema): Schema {
  const name = typeof part["$ref"] === "string" ? part["$ref"].slice("#/definitions/".length) : undefined;
  return name === undefined ? part : (schema.definitions[name] ?? {});
}
