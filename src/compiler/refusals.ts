import { child, type Entry, entriesOf, jsonOf, type Node, setOwn, textOf } from "./document.js";
import type { Draft } from "./fields.js";
import type { Refusal } from "./model.js";
import type { ServiceScope } from "./service-scope.js";
import { readValue } from "./values.js";

/** Reads the error of `when_older` or `too_old`: a name, or `{ error: NAME, fields: { … } }`. Undefined where it was reported. */
export function readRefusal(entry: Entry, scope: ServiceScope, words: readonly string[] = []): Refusal | undefined {
  const nameNode = entry.value.kind === "map" ? child(entry.value, "error") : entry.value;
  const name = textOf(nameNode);
  if (name === undefined || nameNode === undefined || !isKnownError(nameNode, name, scope, words)) return undefined;
  const refusal: Draft<Refusal> = { error: name, fields: {} };
  scope.later(() => {
    refusal.fields = readRefusalFields(nameNode, name, child(entry.value, "fields"), scope);
  });
  return refusal;
}

/** Reports the name of an error that is not declared; `words` are what may stand there beside errors. */
export function isKnownError(node: Node, name: string, scope: ServiceScope, words: readonly string[] = []): boolean {
  if (scope.hasError(name)) return true;
  if (!scope.names.incomplete) {
    scope.reporter.report("unknown-error", node.range, { name, candidates: () => [...words, ...scope.errorNames()] });
  }
  return false;
}

/** What a field of the error may stand for: the client knows it when it refuses. */
const refusalWords: readonly string[] = ["$cap", "$needed"];

function readRefusalFields(
  nameNode: Node,
  name: string,
  given: Node | undefined,
  scope: ServiceScope,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const error = scope.errorType(name);
  if (error === undefined) return values;
  const fields = new Map(error.fields.map((field) => [field.name, field]));
  for (const { key, keyNode, value } of entriesOf(given)) {
    const field = fields.get(key);
    if (field === undefined) {
      const candidates = error.fields.map((one) => one.name);
      scope.reporter.report("refusal-unknown-field", keyNode.range, { error: name, field: key, candidates });
      setOwn(values, key, jsonOf(value));
      continue;
    }
    const word = textOf(value) ?? "";
    if (word.startsWith("$") && !refusalWords.includes(word)) {
      scope.reporter.report("refusal-word", value.range, { word, words: refusalWords });
      continue;
    }
    const role = { code: "invalid-const", what: `the field "${key}" of ${name}` } as const;
    setOwn(values, key, readValue(value, field, role, scope.lookup, scope.reporter));
  }
  const missing = error.fields
    .filter((field) => !field.optional && child(given, field.name) === undefined)
    .map((field) => field.name);
  if (missing.length > 0) scope.reporter.report("refusal-fields", nameNode.range, { error: name, missing });
  return values;
}
