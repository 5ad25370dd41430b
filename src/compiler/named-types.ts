import { child, type Entry, entriesOf, itemsOf, jsonOf, type Node, textOf } from "./document.js";
import {
  checkName,
  type DeclarationScope,
  type Draft,
  exampleNodes,
  optionalText,
  readChecked,
  readExtensions,
  readFields,
  readTypeOf,
} from "./fields.js";
import { readFormerObjects } from "./former-objects.js";
import { serviceSchema } from "./generated/service-validator.js";
import type { EnumValue, Field, NamedType, Type, Variant, VersionedObject } from "./model.js";
import { takenTypes } from "./names.js";
import { readType } from "./types.js";
import { readValue } from "./values.js";

/** Reads one entry of `types:`. Undefined where it was reported. */
export function readNamedType(entry: Entry, objectPrefix: string, scope: DeclarationScope): NamedType | undefined {
  const usable = checkName(entry, "type", scope.reporter) && isFree(entry, scope);
  const named = readKind(entry, objectPrefix, scope);
  if (named === undefined || !usable) return undefined;
  const examples = exampleNodes(entry.value);
  if (examples.length > 0) {
    scope.later(() => {
      const role = { code: "invalid-example", what: `the example of "${entry.key}"` } as const;
      const expected = { type: { kind: "ref", name: entry.key }, constraints: {} } as const;
      named.examples = examples.map((node) => readValue(node, expected, role, scope.lookup, scope.reporter));
    });
  }
  return named;
}

/** Reports type and error names that generated code needs for something else; tells whether the name can be used. */
export function isFree(
  { key, keyNode }: Entry,
  { reporter }: DeclarationScope,
  kind: "type" | "error" = "type",
): boolean {
  const reason = takenTypes.get(key);
  if (reason !== undefined) reporter.report("reserved-name", keyNode.range, { kind, name: key, reason });
  return reason === undefined;
}

const forms = ["fields", "enum", "one_of", "type", "schema"] as const;

function readKind(entry: Entry, objectPrefix: string, scope: DeclarationScope): Draft<NamedType> | undefined {
  const node = entry.value;
  const base = {
    name: entry.key,
    ...optionalText(node, "description"),
    ...optionalText(node, "deprecated"),
    examples: [],
    extensions: readExtensions(node),
    source: scope.path,
    range: entry.keyNode.range,
  };
  if (node.kind === "scalar") {
    // The short form of an alias: `Port: integer`.
    const type = readType(node, scope.names, scope.reporter);
    if (type === undefined || refuseNone(type, node, scope)) return undefined;
    return { ...base, kind: "alias", type, constraints: {} };
  }
  if (node.kind !== "map") return undefined;
  const given = forms.filter((form) => node.byKey.has(form));
  const [form, second] = given;
  if (form === undefined) {
    // A key that is not known may have been meant as one of the forms, and was reported.
    const known = serviceSchema.definitions?.["type"]?.properties ?? {};
    if (node.partial || node.entries.some(({ key }) => !Object.hasOwn(known, key) && !key.startsWith("x-")))
      return undefined;
    scope.reporter.report("type-without-form", entry.keyNode.range, { name: entry.key });
    return undefined;
  }
  // `enum` beside `type` is a constraint: { type: integer, enum: [1, 2] }.
  const isConstraint = form === "enum" && second === "type";
  if (second !== undefined && !isConstraint) {
    const clash = node.byKey.get(second);
    scope.reporter.report("exclusive-keys", clash?.keyNode.range ?? entry.keyNode.range, { keys: given });
    return undefined;
  }
  for (const key of form === "fields" ? [] : ["object", "was"]) {
    const range = node.byKey.get(key)?.keyNode.range;
    if (range !== undefined) scope.reporter.report("object-without-fields", range, { name: entry.key, key });
  }
  if (form === "fields") {
    const fields = readFields(child(node, "fields"), entry.key, scope);
    const object = readObject(child(node, "object"), objectPrefix);
    const was = readFormerObjects(child(node, "was"), entry.key, fields, object, scope);
    return { ...base, kind: "object", fields, ...(object === undefined ? {} : { object }), was };
  }
  if (form === "enum" && !isConstraint) return { ...base, kind: "enum", values: readEnum(entry, scope) };
  if (form === "one_of") {
    const tag = textOf(child(node, "tag")) ?? "kind";
    return { ...base, kind: "union", tag, variants: readVariants(node, tag, entry.key, scope) };
  }
  const type = readTypeOf(node, scope);
  if (type === undefined || refuseNone(type, child(node, "type") ?? node, scope)) return undefined;
  return { ...base, kind: "alias", type, constraints: readChecked(node, type, scope) };
}

function refuseNone(type: Type, node: Node, { reporter }: DeclarationScope): boolean {
  const isNone = type.kind === "scalar" && type.scalar === "none";
  if (isNone) reporter.report("none-misplaced", node.range);
  return isNone;
}

function readObject(node: Node | undefined, objectPrefix: string): VersionedObject | undefined {
  const name = textOf(child(node, "name"));
  const namespace = textOf(child(node, "namespace"));
  const version = textOf(child(node, "version"));
  if (name === undefined || namespace === undefined || version === undefined) return undefined;
  return { name, namespace, version, prefix: textOf(child(node, "prefix")) ?? objectPrefix };
}

function readEnum(entry: Entry, { reporter }: DeclarationScope): EnumValue[] {
  const node = child(entry.value, "enum");
  const values: EnumValue[] = [];
  const seen = new Set<string>();
  const add = (at: Node, value: string, description?: string): void => {
    if (seen.has(value)) reporter.report("duplicate-item", at.range, { item: value, where: `the enum "${entry.key}"` });
    else values.push(description === undefined ? { value } : { value, description });
    seen.add(value);
  };
  for (const item of itemsOf(node)) {
    if (item.kind !== "scalar") continue;
    if (typeof item.value === "string") add(item, item.value);
    else reporter.report("enum-not-text", item.range, { text: item.text, value: jsonOf(item) });
  }
  for (const { key, keyNode, value } of entriesOf(node)) {
    if (typeof keyNode.value !== "string")
      reporter.report("enum-not-text", keyNode.range, { text: key, value: keyNode.value });
    add(keyNode, key, textOf(value));
  }
  return values;
}

function readVariants(node: Node, tag: string, name: string, scope: DeclarationScope): Variant[] {
  const variants: Variant[] = [];
  for (const { key, value } of entriesOf(child(node, "one_of"))) {
    const type = readType(value, scope.names, scope.reporter);
    if (type === undefined) continue;
    scope.later(() => checkVariant(value, type, tag, name, scope));
    if (type.kind === "ref") variants.push({ value: key, type: type.name });
  }
  return variants;
}

function checkVariant(
  node: Node,
  type: Type,
  tag: string,
  union: string,
  { lookup, reporter }: DeclarationScope,
): void {
  const named = type.kind === "ref" ? lookup(type.name) : undefined;
  if (type.kind === "ref" && named === undefined) return;
  if (named?.kind !== "object") {
    reporter.report("variant-not-object", node.range, { union, type: node.kind === "scalar" ? node.text : "" });
    return;
  }
  if (named.object !== undefined) {
    reporter.report("variant-versioned-object", node.range, { union, type: named.name });
  }
  const declared = named.fields.find((field: Field) => field.name === tag);
  if (declared !== undefined) {
    const related = [{ message: `"${named.name}" declares it here`, range: declared.range }];
    reporter.report("variant-declares-tag", { range: node.range, related }, { type: named.name, tag });
  }
}
