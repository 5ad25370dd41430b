import { violationOf } from "./constraints.js";
import { jsonOf, type Node, setOwn } from "./document.js";
import { formats } from "./formats.js";
import type { Constraints, NamedType, Scalar, Type } from "./model.js";
import { checkAgainstSchema } from "./raw-schema.js";
import type { Reporter } from "./report.js";
import { didYouMean, listOf } from "./suggest.js";
import type { TypeLookup } from "./types.js";

/** What a value in a definition is: its name in messages, and the code of its mistakes. */
export interface ValueRole {
  readonly code: "invalid-default" | "invalid-example" | "invalid-fill" | "invalid-const";
  /** `the default of "tail_length"`. */
  readonly what: string;
}

/**
 * Reads a value that a definition gives (a default, an example, a fill, a constant) and reports each place where it does
 * not fit the type. Integers of type bigint become bigints.
 */
export function readValue(
  node: Node,
  expected: { readonly type: Type; readonly constraints: Constraints },
  role: ValueRole,
  lookup: TypeLookup,
  reporter: Reporter,
): unknown {
  const fail: Fail = (at, problem, help) =>
    reporter.report(role.code, at.range, { what: role.what, problem, ...(help === undefined ? {} : { help }) });
  return read(node, expected.type, expected.constraints, { lookup, fail }, 0);
}

type Fail = (at: Node, problem: string, help?: string) => void;

interface Reading {
  readonly lookup: TypeLookup;
  readonly fail: Fail;
}

function read(node: Node, type: Type, constraints: Constraints, reading: Reading, depth: number): unknown {
  if (node.kind === "hole" || depth > 200) return null;
  switch (type.kind) {
    case "nullable":
      return isNull(node) ? null : read(node, type.type, constraints, reading, depth);
    case "scalar": {
      let fits = true;
      const value = readScalar(node, type.scalar, (...problem) => {
        fits = false;
        reading.fail(...problem);
      });
      return fits ? checked(node, value, constraints, reading.fail) : value;
    }
    case "list": {
      if (node.kind !== "list") return wrongKind(node, "a list", reading.fail);
      const value = node.items.map((item) => read(item, type.items, {}, reading, depth + 1));
      return checked(node, value, constraints, reading.fail);
    }
    case "map": {
      if (node.kind !== "map") return wrongKind(node, "a map", reading.fail);
      const value: Record<string, unknown> = {};
      for (const entry of node.entries)
        setOwn(value, entry.key, read(entry.value, type.values, {}, reading, depth + 1));
      return checked(node, value, constraints, reading.fail);
    }
    case "schema": {
      const problem = checkAgainstSchema(jsonOf(node), type.schema);
      if (problem !== undefined) reading.fail(node, problem);
      return jsonOf(node);
    }
    case "ref": {
      const named = reading.lookup(type.name);
      return named === undefined ? jsonOf(node) : readNamed(node, named, constraints, reading, depth + 1);
    }
  }
}

function readNamed(node: Node, named: NamedType, constraints: Constraints, reading: Reading, depth: number): unknown {
  switch (named.kind) {
    case "alias":
      return checked(node, read(node, named.type, named.constraints, reading, depth), constraints, reading.fail);
    case "enum": {
      const values = named.values.map(({ value }) => value);
      if (node.kind !== "scalar" || typeof node.value !== "string" || !values.includes(node.value)) {
        const { help } = node.kind === "scalar" ? didYouMean(node.text, values) : {};
        reading.fail(node, `must be one of ${listOf(values)}`, help);
      }
      return jsonOf(node);
    }
    case "object":
      return readObject(node, named.fields, new Set(), named.name, reading, depth, constraints);
    case "union": {
      if (node.kind !== "map") return wrongKind(node, `an object of type "${named.name}"`, reading.fail);
      const tag = node.byKey.get(named.tag);
      const variant = named.variants.find(({ value }) => tag?.value.kind === "scalar" && tag.value.value === value);
      if (variant === undefined) {
        const values = named.variants.map(({ value }) => value);
        reading.fail(tag?.value ?? node, `needs "${named.tag}" to be ${listOf(values)}`);
        return jsonOf(node);
      }
      const type = reading.lookup(variant.type);
      if (type?.kind !== "object") return jsonOf(node);
      return readObject(node, type.fields, new Set([named.tag]), type.name, reading, depth, constraints);
    }
  }
}

/** A value that lacks more fields than this is another thing altogether. */
const mostMissing = 10;

function readObject(
  node: Node,
  fields: Extract<NamedType, { kind: "object" }>["fields"],
  beside: ReadonlySet<string>,
  name: string,
  reading: Reading,
  depth: number,
  constraints: Constraints,
): unknown {
  if (node.kind !== "map") return wrongKind(node, `an object of type "${name}"`, reading.fail);
  const value: Record<string, unknown> = {};
  const known = new Map(fields.map((field) => [field.name, field]));
  for (const entry of node.entries) {
    const field = known.get(entry.key);
    // Fields that the type does not know are legal: a newer peer may send them.
    const item =
      field === undefined ? jsonOf(entry.value) : read(entry.value, field.type, field.constraints, reading, depth);
    setOwn(value, entry.key, item);
  }
  const missing = fields.filter((field) => !field.optional && !node.byKey.has(field.name) && !beside.has(field.name));
  const unknown = node.entries.map(({ key }) => key).filter((key) => !known.has(key));
  for (const field of missing.slice(0, mostMissing)) {
    reading.fail(node, `needs "${field.name}", a field of ${name}`, didYouMean(field.name, unknown).help);
  }
  return checked(node, value, constraints, reading.fail);
}

function readScalar(node: Node, scalar: Scalar, fail: Fail): unknown {
  const value = node.kind === "scalar" ? node.value : undefined;
  switch (scalar) {
    case "any":
      return jsonOf(node);
    case "none":
      return isNull(node) ? null : wrongKind(node, "null", fail);
    case "boolean":
      return typeof value === "boolean" ? value : wrongKind(node, "true or false", fail);
    case "integer":
      if (typeof value === "bigint") {
        fail(node, "is beyond 2^53 - 1, which an integer cannot hold", "use the type bigint");
        return Number(value);
      }
      return typeof value === "number" && Number.isInteger(value) ? value : wrongKind(node, "an integer", fail);
    case "bigint":
      if (typeof value === "bigint") return value;
      return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : wrongKind(node, "an integer", fail);
    case "number":
      if (typeof value === "bigint") return Number(value);
      return typeof value === "number" ? value : wrongKind(node, "a number", fail);
    case "string":
      return typeof value === "string" ? value : wrongKind(node, "a string", fail);
    case "datetime":
      return formatted(node, formats["date-time"], 'a datetime such as "2026-01-31T12:00:00"', fail);
    case "date":
      return formatted(node, formats.date, 'a date such as "2026-01-31"', fail);
    case "uuid":
      return formatted(node, formats.uuid, "a uuid", fail);
    case "bytes":
      return formatted(node, formats.byte, "base64 text", fail);
  }
}

function formatted(node: Node, pattern: RegExp, expected: string, fail: Fail): unknown {
  const value = node.kind === "scalar" ? node.value : undefined;
  return typeof value === "string" && pattern.test(value) ? value : wrongKind(node, expected, fail);
}

function checked(node: Node, value: unknown, constraints: Constraints, fail: Fail): unknown {
  const problem = violationOf(value, constraints);
  if (problem !== undefined) fail(node, problem);
  return value;
}

function wrongKind(node: Node, expected: string, fail: Fail): unknown {
  fail(node, `must be ${expected}`, wayOut(node, expected));
  return jsonOf(node);
}

function wayOut(node: Node, expected: string): string | undefined {
  if (isNull(node)) return 'write a "?" behind the type where null is meant';
  if (node.kind !== "scalar") return undefined;
  const { text, value } = node;
  if (expected === "a string") return `quote it: "${text}"`;
  if (typeof value !== "string") return undefined;
  if (expected === "true or false" && /^(yes|on|true)$/i.test(text)) return "write true";
  if (expected === "true or false" && /^(no|off|false)$/i.test(text)) return "write false";
  if (/integer|number/.test(expected) && /^-?\d+(\.\d+)?$/.test(text)) return `remove the quotes: ${text}`;
  return undefined;
}

function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}
