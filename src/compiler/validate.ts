import type { Staged } from "./diagnostic.js";
import { type Document, type Entry, entriesOf, jsonOf, type MapNode, type Node, setOwn } from "./document.js";
import { durationForm } from "./durations.js";
import { type SchemaError, type SchemaNode, serviceErrors, serviceSchema } from "./generated/service-validator.js";
import { createReporter, type Reporter } from "./report.js";
import { expectations, forms, habits, keyMeanings, owners, typeWords } from "./shape-words.js";
import type { Range } from "./source.js";
import { suggest } from "./suggest.js";

/** Checks the shape of a definition against schemas/service.schema.json. The value tells whether it fits. */
export function validate(document: Document): Staged<boolean> {
  const reporter = createReporter();
  const errors = serviceErrors(withNumbers(jsonOf(document.root)));
  for (const error of errors) {
    const place = find(document.root, error.instancePath);
    if (place !== undefined) explain(error, place, reporter);
  }
  return { value: errors.length === 0, diagnostics: reporter.diagnostics };
}

/** Our reader keeps the digits of large numbers as bigints, which ajv takes for no numbers. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, withNumbers(item));
  return copy;
}

/** Where an error of the schema is: the node, and the entry or list that holds it. */
interface Place {
  readonly node: Node;
  /** The entry whose value it is, or whose list has it as an item. Absent for the whole definition. */
  readonly entry: Entry | undefined;
  readonly inList: boolean;
}

/** Undefined where a hole is on the way, about which everything was said. */
function find(root: Node, pointer: string): Place | undefined {
  let place: Place = { node: root, entry: undefined, inList: false };
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const { node, entry } = place;
    if (node.kind === "map") {
      const next = node.byKey.get(key);
      if (next === undefined) return undefined;
      place = { node: next.value, entry: next, inList: false };
    } else if (node.kind === "list") {
      const next = node.items[Number(key)];
      if (next === undefined) return undefined;
      place = { node: next, entry, inList: true };
    } else return undefined;
  }
  return place.node.kind === "hole" ? undefined : place;
}

function explain(error: SchemaError, place: Place, reporter: Reporter): void {
  const { keyword, params } = error;
  const { node } = place;
  const at = schemaAt(error.instancePath);
  const schemaPath = `${at.path}/${keyword}`;
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const entry = node.kind === "map" ? node.byKey.get(key) : undefined;
      if (entry === undefined) return;
      const misplaced = at.path === "#/definitions/type" ? fieldsWithoutKey(node, at.schema) : [];
      if (misplaced.length > 0) {
        // One diagnostic for all of them: what is wrong is their level.
        if (misplaced[0] === entry) reporter.report("fields-without-key", entry.keyNode.range, { first: key });
        return;
      }
      const known = Object.keys(at.schema.properties ?? {});
      const meant = habits.get(key.toLowerCase());
      reporter.report("unknown-key", entry.keyNode.range, { key, known, owner: ownerName(at.path), meant });
      return;
    }
    case "required":
    case "dependencies": {
      const key = String(params["missingProperty"]);
      if (node.kind === "map" && (node.partial || isMeant(key, node, at.schema))) return;
      const owner = keyword === "dependencies" ? "a service" : ownerName(at.path);
      reporter.report("missing-key", keyRange(place), { key, owner, what: keyMeanings.get(key) });
      return;
    }
    case "type":
      explainType(schemaPath, [params["type"]].flat().map(String), place, reporter);
      return;
    case "enum": {
      const allowed = Array.isArray(params["allowedValues"]) ? params["allowedValues"].map(String) : [];
      reporter.report("wrong-value", node.range, { where: where(place), value: textIn(node), allowed });
      return;
    }
    case "const":
      reporter.report("wrong-edition", node.range, {
        text: textIn(node),
        isQuoted: foundWords(node) === 'the text "1"',
      });
      return;
    case "pattern":
      explainPattern(schemaPath, place, reporter);
      return;
    case "minItems":
    case "minProperties":
      reporter.report("empty-collection", keyRange(place), { where: where(place) });
      return;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
      reporter.report("out-of-range", node.range, { where: where(place), limit: limitText(keyword, params["limit"]) });
      return;
    default:
      // "if" only says that its "then" failed, and that has an error of its own.
      return;
  }
}

const typeForms = ["fields", "enum", "one_of", "type", "schema"];

/** The fields of an object that stand where the key `fields` should; none where the type has a form, or a slip of one. */
function fieldsWithoutKey(node: Node, schema: SchemaNode): readonly Entry[] {
  const known = Object.keys(schema.properties ?? {});
  const entries = entriesOf(node);
  const unknown = entries.filter(({ key }) => !known.includes(key) && !key.startsWith("x-"));
  const isSlip = ({ key }: Entry): boolean => habits.has(key.toLowerCase()) || suggest(key, known) !== undefined;
  return entries.some(({ key }) => typeForms.includes(key)) || unknown.some(isSlip) ? [] : unknown;
}

/** Whether a key that is not known was surely meant as this one. */
function isMeant(key: string, node: MapNode, schema: SchemaNode): boolean {
  const known = Object.keys(schema.properties ?? {});
  return node.entries.some((entry) => {
    const isUnknown = !known.includes(entry.key) && !entry.key.startsWith("x-");
    return isUnknown && (habits.get(entry.key.toLowerCase()) ?? suggest(entry.key, known)) === key;
  });
}

/** The schema of a place in the data; its path starts at the definition it is in, such as `#/definitions/method`. */
function schemaAt(pointer: string): { path: string; schema: SchemaNode } {
  let path = "#";
  let schema = serviceSchema;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const { properties = {}, additionalProperties, items } = schema;
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const next = property ?? items ?? (additionalProperties === false ? undefined : additionalProperties);
    if (next === undefined) break;
    path += property !== undefined ? `/properties/${key}` : next === items ? "/items" : "/additionalProperties";
    schema = next;
    if (schema.$ref !== undefined) {
      path = schema.$ref;
      schema = serviceSchema.definitions?.[path.slice("#/definitions/".length)] ?? {};
    }
  }
  return { path, schema };
}

function limitText(keyword: string, limit: unknown): string {
  return keyword === "maximum"
    ? `at most ${limit}`
    : keyword === "minimum"
      ? `at least ${limit}`
      : `more than ${limit}`;
}

// ------------------------------------------------------------------------------------------------------ wrong types

const isVersion = /(version|since|until|before|label)\/(type|pattern)$/;
const isDuration = /definitions\/(duration|heartbeat|profile|task)\/(type|pattern)$/;

function explainType(schemaPath: string, types: readonly string[], place: Place, reporter: Reporter): void {
  const { node } = place;
  const isNumber = node.kind === "scalar" && (typeof node.value === "number" || typeof node.value === "bigint");
  if (isNumber && isVersion.test(schemaPath)) {
    reporter.report("version-not-quoted", node.range, { text: node.text });
    return;
  }
  if (isNumber && (isDuration.test(schemaPath) || schemaPath.endsWith("/timeout/type"))) {
    reporter.report("duration-without-unit", node.range, { text: node.text });
    return;
  }
  const special = expectations.find(([path]) => schemaPath.endsWith(path))?.[1];
  const expected = special ?? types.map((type) => typeWords[type] ?? type).join(" or ");
  const range = node.kind === "scalar" && node.range.end > node.range.start ? node.range : keyRange(place);
  reporter.report("wrong-type", range, {
    where: where(place),
    expected,
    found: foundWords(node),
    help: typeHelp(place, types, special !== undefined),
  });
}

function foundWords(node: Node): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  if (node.kind === "hole" || node.value === null) return "empty";
  const text = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  switch (typeof node.value) {
    case "string":
      return `the text "${text}"`;
    case "boolean":
      return `the boolean ${text}`;
    default:
      return `the number ${text}`;
  }
}

/** Where beginners write a list of names. */
const mapForms = new Map([
  ["versions", 'give each what it brought: versions: { "1.0": First version. }'],
  ["params", "give each its type: params: { name: string }"],
  ["fields", "give each its type: fields: { name: string }"],
]);

const reasons = new Map([["deprecated", 'say what to use instead: deprecated: "use …"']]);

const trueWords = new Set(["yes", "on", "y", "true"]);
const falseWords = new Set(["no", "off", "n", "false"]);

function typeHelp({ node, entry }: Place, types: readonly string[], isSpecial: boolean): string | undefined {
  const reason = reasons.get(entry?.key ?? "");
  if (reason !== undefined && types.includes("string")) return reason;
  const form = mapForms.get(entry?.key ?? "");
  if (form !== undefined && node.kind === "list") return form;
  if (isSpecial) return undefined;
  if (node.kind === "map" && types.includes("array")) return 'write each entry behind a "- "';
  if (node.kind === "list" && types.includes("object")) return 'write NAME: VALUE without the "- "';
  if (node.kind !== "scalar") return undefined;
  if (node.value === null)
    return types.includes("object") ? "indent what belongs to it, or write {}" : "give it a value, or remove the key";
  if (typeof node.value !== "string") return types.includes("string") ? `quote it: "${node.text}"` : undefined;
  const text = node.value.toLowerCase();
  if (types.includes("boolean") && trueWords.has(text)) return "write true";
  if (types.includes("boolean") && falseWords.has(text)) return "write false";
  if ((types.includes("integer") || types.includes("number")) && /^[\d.]+$/.test(text))
    return `remove the quotes: ${node.value}`;
  if (types.includes("array")) return `write [${node.value}]`;
  return undefined;
}

// ------------------------------------------------------------------------------------------------------ wrong forms

function explainPattern(schemaPath: string, place: Place, reporter: Reporter): void {
  const { node } = place;
  const text = textIn(node);
  if (isVersion.test(schemaPath)) {
    reporter.report("bad-version", node.range, { text });
    return;
  }
  if (isDuration.test(schemaPath)) {
    if (/^[\d.]+$/.test(text)) reporter.report("duration-without-unit", node.range, { text });
    else
      reporter.report("wrong-form", node.range, {
        where: where(place),
        value: text,
        expected: durationForm,
      });
    return;
  }
  const expected = forms.find(([path]) => schemaPath.endsWith(path))?.[1] ?? "letters, digits and underscores";
  reporter.report("wrong-form", node.range, { where: where(place), value: text, expected });
}

function ownerName(path: string): string {
  return owners[path] ?? "this map";
}

function where({ entry, inList }: Place): string {
  if (entry === undefined) return "a definition";
  return inList ? `an item of "${entry.key}"` : `"${entry.key}"`;
}

function textIn(node: Node): string {
  const text = node.kind === "scalar" ? node.text : foundWords(node);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A map or list is shown by the key that holds it, an item of a list by its own first key. */
function keyRange({ node, entry, inList }: Place): Range {
  if (entry !== undefined && !inList) return entry.keyNode.range;
  return entriesOf(node)[0]?.keyNode.range ?? node.range;
}
