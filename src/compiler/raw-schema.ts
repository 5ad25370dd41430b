import { createRequire } from "node:module";
import type { Ajv as AjvClass, ErrorObject } from "ajv";
import { jsonOf, type MapNode, type Node } from "./document.js";
import type { Reporter } from "./report.js";

/** Raw JSON Schema (`schema:`), checked where it is written: it compiles, and is complete in itself. */
export function readRawSchema(
  node: Node | undefined,
  reporter: Reporter,
): Readonly<Record<string, unknown>> | undefined {
  if (node?.kind !== "map") return undefined;
  const schema = jsonOf(node);
  // Why the cast: jsonOf of a map is a record.
  const record = schema as Readonly<Record<string, unknown>>;
  if (!refersOnlyToItself(node, reporter)) return undefined;
  const ajv = validator();
  if (ajv.validateSchema(record) !== true) {
    const [first] = ajv.errors ?? [];
    const at = first === undefined ? node : nodeAt(node, first.instancePath);
    reporter.report("bad-schema", at.range, { problem: first === undefined ? "is no schema" : wordsFor(first) });
    return undefined;
  }
  try {
    ajv.compile(record);
  } catch {
    reporter.report("bad-schema", node.range, { problem: "has a $ref or a pattern that leads nowhere" });
    return undefined;
  }
  return record;
}

/** What is wrong with a value of a raw schema, in words that follow "it"; undefined where nothing is. */
export function checkAgainstSchema(value: unknown, schema: Readonly<Record<string, unknown>>): string | undefined {
  // A hostile pattern could be tried for hours, and no value in a definition is worth that.
  if (/"pattern(Properties)?":/.test(JSON.stringify(schema))) return undefined;
  try {
    const validate = validator().compile(schema);
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    const at =
      first === undefined || first.instancePath === ""
        ? ""
        : `at ${first.instancePath.slice(1).replaceAll("/", ".")}, `;
    return `does not fit the schema: ${at}it ${first === undefined ? "is refused" : wordsFor(first)}`;
  } catch {
    // A broken schema was reported where it is written.
    return undefined;
  }
}

/** JSON Schema's keywords in words that follow "it"; the library's own texts are for programmers. */
export function wordsFor(error: Pick<ErrorObject, "keyword" | "params">): string {
  const { keyword } = error;
  // Why the cast: ajv types each keyword's parameters as a record of any.
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case "type":
      return `must be ${String(params["type"]).replaceAll(",", " or ")}`;
    case "required":
      return `needs "${String(params["missingProperty"])}"`;
    case "additionalProperties":
      return `must not have "${String(params["additionalProperty"])}"`;
    case "enum":
      return `must be one of ${JSON.stringify(params["allowedValues"])}`;
    case "const":
      return `must be ${JSON.stringify(params["allowedValue"])}`;
    case "format":
      return `must have the format ${String(params["format"])}`;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return `must be ${String(params["comparison"])} ${String(params["limit"])}`;
    default:
      return `does not hold "${keyword}"`;
  }
}

let instance: AjvClass | undefined;

/** Made at first use: ajv takes 30 ms to load, and most definitions have no raw schema. */
function validator(): AjvClass {
  if (instance === undefined) {
    const require = createRequire(import.meta.url);
    // Why the cast: require has no types of its own.
    const { Ajv } = require("ajv") as { Ajv: typeof AjvClass };
    instance = new Ajv({ strict: false, addUsedSchema: false, logger: false });
  }
  return instance;
}

function refersOnlyToItself(node: MapNode, reporter: Reporter): boolean {
  let fine = true;
  const visit = (at: Node): void => {
    if (at.kind === "list") at.items.forEach(visit);
    if (at.kind !== "map") return;
    for (const { key, value } of at.entries) {
      if (
        key === "$ref" &&
        value.kind === "scalar" &&
        typeof value.value === "string" &&
        !value.value.startsWith("#")
      ) {
        reporter.report("bad-schema", value.range, { problem: "refers to another document; a $ref starts with #" });
        fine = false;
      } else visit(value);
    }
  };
  visit(node);
  return fine;
}

/** The node that a JSON pointer leads to, or the last one on the way. */
export function nodeAt(root: Node, pointer: string): Node {
  let at = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const next = at.kind === "map" ? at.byKey.get(key)?.value : at.kind === "list" ? at.items[Number(key)] : undefined;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}
