import { child, type Entry, textOf } from "./document.js";
import { checkName, type Draft, exampleNodes, optionalText, readExtensions, readFields } from "./fields.js";
import { readInterval } from "./intervals.js";
import type { ErrorType } from "./model.js";
import { isFree } from "./named-types.js";
import type { ServiceScope } from "./service-scope.js";
import { readValue } from "./values.js";

/** Reads one entry of `errors:`. Undefined where its name was reported. */
export function readErrorType(entry: Entry, scope: ServiceScope): ErrorType | undefined {
  const node = entry.value;
  const usable = checkName(entry, "error", scope.reporter) && isFree(entry, scope, "error");
  const fields = readFields(child(node, "fields"), entry.key, scope);
  const description = textOf(child(node, "description"));
  const message = textOf(child(node, "message")) ?? description ?? words(entry.key);
  checkPlaceholders(entry, fields, scope);
  if (!usable) return undefined;
  const error: Draft<ErrorType> = {
    name: entry.key,
    ...optionalText(node, "description"),
    ...optionalText(node, "deprecated"),
    wire: textOf(child(node, "wire")) ?? `${scope.service}.${entry.key}`,
    message,
    fields,
    interval: readInterval(node, scope.versions, scope.reporter),
    examples: [],
    extensions: readExtensions(node),
    source: scope.path,
    range: entry.keyNode.range,
  };
  const examples = exampleNodes(node);
  if (examples.length > 0) scope.later(() => readExamples(entry, error, scope));
  return error;
}

/** `InstanceNotFound` as a message: `Instance not found.` */
function words(name: string): string {
  const text = name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${text}.`;
}

function checkPlaceholders(entry: Entry, fields: ErrorType["fields"], { reporter }: ServiceScope): void {
  const node = child(entry.value, "message");
  const message = textOf(node);
  if (node === undefined || message === undefined) return;
  // A field that could not be read has been reported already.
  const written = child(entry.value, "fields");
  for (const [, name = ""] of message.matchAll(/\{([^{}]*)\}/g)) {
    if (written?.kind === "map" && written.byKey.has(name)) continue;
    reporter.report("unknown-placeholder", node.range, { name, candidates: fields.map((field) => field.name) });
  }
}

function readExamples(entry: Entry, error: Draft<ErrorType>, scope: ServiceScope): void {
  // An example of an error is an object of its fields, so it is read as one.
  const asObject = { ...error, kind: "object" as const, was: [] };
  const lookup = (name: string) => (name === error.name ? asObject : scope.lookup(name));
  const role = { code: "invalid-example", what: `the example of "${error.name}"` } as const;
  const expected = { type: { kind: "ref", name: error.name }, constraints: {} } as const;
  error.examples = exampleNodes(entry.value).map((node) => readValue(node, expected, role, lookup, scope.reporter));
}
