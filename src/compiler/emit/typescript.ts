import type { Scalar, Type } from "../model.js";
import { choice, group, indent, join, type Layout, line, print } from "./layout.js";
import { literal, memberName } from "./literal.js";

/** The TypeScript of a type expression as it follows a `:` or `=`, with the space between. */
export function annotation(type: Type): Layout {
  return unionAnnotation(alternatives(type));
}

/** The TypeScript of a type expression in one line. */
export function typeText(type: Type): string {
  return flatUnion(alternatives(type));
}

/** ` A | B`, each on a line of its own where they do not fit. */
export function unionAnnotation(parts: readonly Layout[]): Layout {
  return parts.length === 1 || isNullableName(parts)
    ? [" ", join(parts, " | ")]
    : group(indent([line, choice("| ", ""), join(parts, [line, "| "])]));
}

/** `name?: type` as a member of an interface or an object type. */
export function memberLayout(name: string, optional: boolean, type: Type): Layout {
  return [memberName(name), optional ? "?:" : ":", annotation(type)];
}

/** The names of the types which the expression mentions. */
export function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "list":
      return namesIn(type.items);
    case "map":
      return namesIn(type.values);
    case "nullable":
      return namesIn(type.type);
    default:
      return [];
  }
}

const scalars: Readonly<Record<Scalar, string>> = {
  string: "string",
  boolean: "boolean",
  integer: "number",
  number: "number",
  bigint: "bigint",
  datetime: "string",
  date: "string",
  uuid: "string",
  bytes: "string",
  any: "unknown",
  none: "null",
};

/** The members of the union that the type is; one for any other type. */
function alternatives(type: Type): readonly Layout[] {
  switch (type.kind) {
    case "scalar":
      return [scalars[type.scalar]];
    case "ref":
      return [type.name];
    case "list":
      return [arrayText(alternatives(type.items))];
    case "map":
      return [`Record<string, ${typeText(type.values)}>`];
    case "nullable":
      return distinct([...alternatives(type.type), "null"]);
    case "schema":
      return distinct(schemaAlternatives(type.schema));
  }
}

/** What TypeScript can say of raw JSON Schema; `unknown` where it cannot. */
function schemaAlternatives(schema: unknown): readonly Layout[] {
  if (!isRecord(schema)) {
    return schema === false ? ["never"] : ["unknown"];
  }
  if ("const" in schema) {
    return isLiteral(schema["const"]) ? [literal(schema["const"])] : ["unknown"];
  }
  const { type } = schema;
  const values = schema["enum"];
  if (Array.isArray(values)) {
    return values.length > 0 && values.every(isLiteral) ? values.map(literal) : ["unknown"];
  }
  const branches = schema["oneOf"] ?? schema["anyOf"];
  if (Array.isArray(branches) && type === undefined) {
    return branches.flatMap((branch: unknown) => schemaAlternatives(branch));
  }
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.flatMap((each) => schemaType(each, schema));
}

function schemaType(type: unknown, schema: Readonly<Record<string, unknown>>): readonly Layout[] {
  switch (type) {
    case "string":
    case "boolean":
    case "number":
    case "null":
      return [type];
    case "integer":
      return ["number"];
    case "array": {
      const items = schema["items"];
      return [arrayText(Array.isArray(items) ? ["unknown"] : schemaAlternatives(items))];
    }
    case "object":
      return [objectType(schema)];
    default:
      return ["unknown"];
  }
}

function objectType(schema: Readonly<Record<string, unknown>>): Layout {
  const { properties } = schema;
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  if (!isRecord(properties) || Object.keys(properties).length === 0) {
    const values = schema["additionalProperties"] ?? true;
    return `Record<string, ${flatUnion(distinct(schemaAlternatives(values)))}>`;
  }
  const members = Object.entries(properties).map(([name, value]): Layout => {
    const mark = required.includes(name) ? ":" : "?:";
    return [memberName(name), mark, unionAnnotation(distinct(schemaAlternatives(value)))];
  });
  return group(["{", indent([line, join(members, [";", line])]), choice(";", ""), line, "}"]);
}

function arrayText(items: readonly Layout[]): string {
  const text = flatUnion(items);
  return items.length > 1 ? `(${text})[]` : `${text}[]`;
}

function flatUnion(parts: readonly Layout[]): string {
  return parts.map(flatText).join(" | ");
}

/** In one line, however long. */
function flatText(layout: Layout): string {
  return print(layout, 0, Number.POSITIVE_INFINITY);
}

/** Without repetitions; `unknown` takes everything in. */
function distinct(parts: readonly Layout[]): readonly Layout[] {
  const texts = new Map(parts.map((part) => [flatText(part), part]));
  return texts.has("unknown") ? ["unknown"] : [...texts.values()];
}

/** Formatters leave a named type with null on one line, however long. */
function isNullableName(parts: readonly Layout[]): boolean {
  const [first, second, third] = parts;
  const isName = typeof first === "string" && /^[A-Z]\w*(<.*>)?$/.test(first);
  return isName && second === "null" && third === undefined;
}

function isLiteral(value: unknown): boolean {
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
