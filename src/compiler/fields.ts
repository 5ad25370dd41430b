import { checkConstraints, readConstraints } from "./constraints.js";
import {
  booleanOf,
  child,
  type Entry,
  entriesOf,
  itemsOf,
  jsonOf,
  type MapNode,
  type Node,
  setOwn,
  textOf,
} from "./document.js";
import type { Constraints, Field, NamedType, Type } from "./model.js";
import { dangerousNames, longestName, type NameKind, namePatterns, repairName } from "./names.js";
import { readRawSchema } from "./raw-schema.js";
import type { Reporter } from "./report.js";
import { readType, type TypeNames } from "./types.js";
import { readValue } from "./values.js";

/** What declarations are read with. */
export interface DeclarationScope {
  readonly names: TypeNames;
  /** Only for use in `later`: before, a type that is named may not have been read. */
  readonly lookup: (name: string) => NamedType | undefined;
  readonly reporter: Reporter;
  /** Does something once every type is known. */
  readonly later: (check: () => void) => void;
  readonly path: string;
}

/** A readonly thing while it is made. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the fields of an object type or an error. */
export function readFields(node: Node | undefined, owner: string, scope: DeclarationScope): Field[] {
  const fields: Field[] = [];
  for (const entry of entriesOf(node)) {
    const usable = checkName(entry, "field", scope.reporter);
    const field = readField(entry, `"${owner}.${entry.key}"`, scope);
    if (usable && field !== undefined) fields.push(field);
  }
  return fields;
}

/** Reads `name: type` or `name: { type: …, … }`. Undefined where the type was reported. */
export function readField(
  entry: Entry,
  what: string,
  scope: DeclarationScope,
  fallback?: Type,
): Draft<Field> | undefined {
  const long = entry.value.kind === "map" ? entry.value : undefined;
  const type = readTypeOf(entry.value, scope) ?? (hasType(long) ? undefined : fallback);
  if (type?.kind === "scalar" && type.scalar === "none") {
    scope.reporter.report("none-misplaced", (child(long, "type") ?? entry.value).range);
    return undefined;
  }
  if (type === undefined) return undefined;
  const field: Draft<Field> = {
    name: entry.key,
    type,
    constraints: {},
    optional: booleanOf(child(long, "optional")) ?? false,
    sensitive: booleanOf(child(long, "sensitive")) ?? false,
    examples: [],
    extensions: {},
    range: entry.keyNode.range,
  };
  if (long !== undefined) readLongForm(long, field, what, scope);
  return field;
}

/** The type of a short form, or of `type:` or `schema:` in a long one. */
export function readTypeOf(node: Node, scope: DeclarationScope): Type | undefined {
  if (node.kind !== "map") return readType(node, scope.names, scope.reporter);
  const schema = child(node, "schema");
  if (schema === undefined) return readType(child(node, "type"), scope.names, scope.reporter);
  const clash = node.byKey.get("type");
  if (clash !== undefined) scope.reporter.report("exclusive-keys", clash.keyNode.range, { keys: ["type", "schema"] });
  const raw = readRawSchema(schema, scope.reporter);
  return raw === undefined ? undefined : { kind: "schema", schema: raw };
}

/** Reads and checks the constraints beside a type. */
export function readChecked(node: Node | undefined, type: Type, scope: DeclarationScope): Constraints {
  if (node?.kind !== "map") return {};
  scope.later(() => checkConstraints(node, type, scope.lookup, scope.reporter));
  return readConstraints(node);
}

/** The values of `example:` and `examples:`. */
export function exampleNodes(node: Node | undefined): readonly Node[] {
  const one = child(node, "example");
  return [...(one === undefined ? [] : [one]), ...itemsOf(child(node, "examples"))];
}

/** The keys that start with `x-`. */
export function readExtensions(node: Node | undefined): Record<string, unknown> {
  const extensions: Record<string, unknown> = {};
  for (const { key, value } of entriesOf(node)) if (key.startsWith("x-")) setOwn(extensions, key, jsonOf(value));
  return extensions;
}

/** A property for a spread, which is left out where there is no text. */
export function optionalText<K extends string>(node: Node | undefined, key: K): { [P in K]?: string } {
  const text = textOf(child(node, key));
  // Why the cast: TypeScript widens a computed key to string.
  return (text === undefined ? {} : { [key]: text }) as { [P in K]?: string };
}

/** Reports a name that is not written as its kind asks; tells whether it can be used. */
export function checkName(entry: Entry, kind: NameKind, reporter: Reporter): boolean {
  const { key, keyNode } = entry;
  if (dangerousNames.has(key)) {
    reporter.report("reserved-name", keyNode.range, {
      kind,
      name: key,
      reason: "is a member of every JavaScript object",
    });
    return false;
  }
  if (key.length > longestName) {
    reporter.report("long-name", keyNode.range, { kind, length: key.length, limit: longestName });
    return false;
  }
  const { pattern, like } = namePatterns[kind];
  if (pattern.test(key)) return true;
  reporter.report("bad-name", keyNode.range, { kind, name: key, like, repaired: repairName(key, kind) });
  return false;
}

function hasType(long: MapNode | undefined): boolean {
  return long === undefined || long.byKey.has("type") || long.byKey.has("schema");
}

function readLongForm(long: MapNode, field: Draft<Field>, what: string, scope: DeclarationScope): void {
  Object.assign(field, optionalText(long, "description"), optionalText(long, "deprecated"));
  field.constraints = readChecked(long, field.type, scope);
  field.extensions = readExtensions(long);
  const { type, constraints } = field;
  const given = child(long, "default");
  if (given !== undefined) {
    field.optional = true;
    field.default = { value: null };
    scope.later(() => {
      const role = { code: "invalid-default", what: `the default of ${what}` } as const;
      field.default = { value: readValue(given, { type, constraints }, role, scope.lookup, scope.reporter) };
    });
  }
  const examples = exampleNodes(long);
  if (examples.length > 0) {
    scope.later(() => {
      const role = { code: "invalid-example", what: `the example of ${what}` } as const;
      field.examples = examples.map((node) =>
        readValue(node, { type, constraints }, role, scope.lookup, scope.reporter),
      );
    });
  }
}
