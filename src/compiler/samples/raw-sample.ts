import { numberFor, stringSample, within } from "./scalar-samples.js";

type Schema = Readonly<Record<string, unknown>>;

/** A value for raw JSON Schema, as far as its plain words say what one looks like. */
export function rawSample(schema: Schema, name: string, variant: number, root: Schema = schema, depth = 0): unknown {
  const inner = (part: unknown, label: string): unknown =>
    isSchema(part) && depth < 20 ? rawSample(part, label, variant, root, depth + 1) : name;
  const { enum: values, const: constant, default: fallback, examples, $ref: reference } = schema;
  if ("const" in schema) return constant;
  if (Array.isArray(examples) && examples.length > 0) return examples[variant % examples.length];
  if (Array.isArray(values) && values.length > 0) return values[variant % values.length];
  if (typeof reference === "string") return inner(lookUp(reference, root), name);
  for (const word of ["oneOf", "anyOf", "allOf"]) {
    const parts = schema[word];
    if (Array.isArray(parts) && parts.length > 0)
      return inner(word === "allOf" ? Object.assign({}, ...parts) : parts[0], name);
  }
  const type: unknown = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "integer":
    case "number":
      return within(numberFor(name, variant), schema);
    case "boolean":
      return variant % 2 === 0;
    case "null":
      return null;
    case "array": {
      const length = Math.max(1, Number(schema["minItems"] ?? 1));
      return schema["items"] === undefined ? [] : Array.from({ length }, () => inner(schema["items"], name));
    }
    case "object": {
      const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
      const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
      return Object.fromEntries(
        required.map((key) => [String(key), inner(properties[String(key)] ?? {}, String(key))]),
      );
    }
    default:
      return fallback ?? stringSample(schema, name, variant);
  }
}

function lookUp(reference: string, root: Schema): unknown {
  const keys = reference.replace(/^#\/?/, "").split("/").filter(Boolean);
  return keys.reduce<unknown>((at, key) => (isSchema(at) ? at[key] : undefined), root);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
