import { child, jsonOf, type MapNode, type Node, setOwn } from "./document.js";
import { type Format, formats, isFormat } from "./formats.js";
import type { Constraints, Type } from "./model.js";
import type { Reporter } from "./report.js";
import { baseOf, type TypeLookup, typeText } from "./types.js";

type Family = "number" | "text" | "list" | "map" | "every";

/** JSON Schema's words that a type, field or parameter may have, and what they apply to. */
export const constraintWords: ReadonlyMap<string, Family> = new Map([
  ["minimum", "number"],
  ["maximum", "number"],
  ["exclusiveMinimum", "number"],
  ["exclusiveMaximum", "number"],
  ["multipleOf", "number"],
  ["minLength", "text"],
  ["maxLength", "text"],
  ["pattern", "text"],
  ["format", "text"],
  ["minItems", "list"],
  ["maxItems", "list"],
  ["uniqueItems", "list"],
  ["minProperties", "map"],
  ["maxProperties", "map"],
  ["enum", "every"],
]);

/** The constraints that a definition writes beside a type. */
export function readConstraints(node: MapNode): Constraints {
  const constraints: Record<string, unknown> = {};
  for (const { key, value } of node.entries) {
    if (constraintWords.has(key)) setOwn(constraints, key, jsonOf(value));
  }
  return constraints;
}

/** Reports constraints that cannot hold: on a type which they do not apply to, in the wrong order, a broken pattern. */
export function checkConstraints(node: Node, type: Type, lookup: TypeLookup, reporter: Reporter): void {
  if (node.kind !== "map") return;
  const base = baseOf(type, lookup);
  const family = base === undefined ? undefined : familyOf(base, lookup);
  for (const entry of node.entries) {
    const wanted = constraintWords.get(entry.key);
    if (wanted === undefined) continue;
    if (family !== undefined && wanted !== "every" && family !== "every" && wanted !== family) {
      const params = { word: entry.key, appliesTo: familyNames[wanted], type: typeText(type) };
      reporter.report("constraint-type", entry.keyNode.range, params);
    }
    if (entry.key === "pattern") checkPattern(entry.value, reporter);
    if (entry.key === "format") checkFormat(entry.value, reporter);
  }
  for (const [low, high] of pairs) {
    const lowest = child(node, low);
    const highest = child(node, high);
    const a = lowest === undefined ? undefined : jsonOf(lowest);
    const b = highest === undefined ? undefined : jsonOf(highest);
    if (
      (typeof a === "number" || typeof a === "bigint") &&
      (typeof b === "number" || typeof b === "bigint") &&
      highest !== undefined
    ) {
      const empty = a > b || (a === b && (low.startsWith("excl") || high.startsWith("excl")));
      if (empty)
        reporter.report("constraint-empty", highest.range, { low, high, lowest: String(a), highest: String(b) });
    }
  }
}

/** What is wrong with a value of the right type, in words that follow "it"; undefined where nothing is. */
export function violationOf(value: unknown, constraints: Constraints): string | undefined {
  for (const [word, limit] of Object.entries(constraints)) {
    const problem = violationOfWord(value, word, limit);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const familyNames: Record<Family, string> = {
  number: "numbers",
  text: "strings",
  list: "lists",
  map: "maps",
  every: "everything",
};

const pairs = [
  ["minimum", "maximum"],
  ["minimum", "exclusiveMaximum"],
  ["exclusiveMinimum", "maximum"],
  ["exclusiveMinimum", "exclusiveMaximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

function familyOf(type: Exclude<Type, { kind: "nullable" }>, lookup: TypeLookup): Family | "none" | undefined {
  switch (type.kind) {
    case "list":
      return "list";
    case "map":
      return "map";
    case "schema":
      return "every";
    case "ref": {
      const named = lookup(type.name);
      return named === undefined ? undefined : named.kind === "enum" ? "text" : "map";
    }
    case "scalar":
      switch (type.scalar) {
        case "integer":
        case "number":
        case "bigint":
          return "number";
        case "any":
          return "every";
        case "boolean":
        case "none":
          return "none";
        default:
          return "text";
      }
  }
}

function checkPattern(node: Node, reporter: Reporter): void {
  if (node.kind !== "scalar" || typeof node.value !== "string") return;
  try {
    new RegExp(node.value, "u");
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/u: /s, "") : "";
    reporter.report("bad-pattern", node.range, { reason });
    return;
  }
  // A group that repeats and holds a repetition: (a+)+. A hostile text keeps such a pattern busy for hours.
  if (/\([^()]*[+*}][^()]*\)[+*{]/.test(node.value)) reporter.report("slow-pattern", node.range);
}

function checkFormat(node: Node, reporter: Reporter): void {
  if (node.kind !== "scalar" || typeof node.value !== "string" || isFormat(node.value)) return;
  reporter.report("unknown-format", node.range, { name: node.value, candidates: Object.keys(formats) });
}

function violationOfWord(value: unknown, word: string, limit: unknown): string | undefined {
  if (word === "enum") {
    return Array.isArray(limit) && !limit.some((one) => equal(one, value))
      ? `must be one of ${limit
          .slice(0, 10)
          .map((one) => show(one))
          .join(", ")}`
      : undefined;
  }
  if (typeof value === "number" || typeof value === "bigint") return ofNumber(value, word, limit);
  if (typeof value === "string") return ofText(value, word, limit);
  if (Array.isArray(value)) {
    if (word === "uniqueItems" && limit === true) {
      return new Set(value.map(show)).size < value.length ? "must not have an item twice" : undefined;
    }
    return ofSize(value.length, word, limit, "minItems", "maxItems", "items");
  }
  if (typeof value === "object" && value !== null) {
    return ofSize(Object.keys(value).length, word, limit, "minProperties", "maxProperties", "keys");
  }
  return undefined;
}

function ofNumber(value: number | bigint, word: string, limit: unknown): string | undefined {
  if (typeof limit !== "number" && typeof limit !== "bigint") return undefined;
  switch (word) {
    case "minimum":
      return value < limit ? `must be at least ${limit}` : undefined;
    case "maximum":
      return value > limit ? `must be at most ${limit}` : undefined;
    case "exclusiveMinimum":
      return value <= limit ? `must be more than ${limit}` : undefined;
    case "exclusiveMaximum":
      return value >= limit ? `must be less than ${limit}` : undefined;
    case "multipleOf":
      return isMultiple(value, limit) ? undefined : `must be a multiple of ${limit}`;
    default:
      return undefined;
  }
}

function isMultiple(value: number | bigint, of: number | bigint): boolean {
  if (typeof value === "bigint" || typeof of === "bigint") {
    return (
      Number(of) > 0 &&
      Number.isInteger(Number(of)) &&
      Number.isInteger(Number(value)) &&
      BigInt(value) % BigInt(of) === 0n
    );
  }
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function ofText(value: string, word: string, limit: unknown): string | undefined {
  if (word === "pattern" && typeof limit === "string") return matches(value, limit) ? undefined : `must match ${limit}`;
  if (word === "format" && typeof limit === "string") {
    return isFormat(limit) && !hasFormat(value, limit) ? `must have the format ${limit}` : undefined;
  }
  // JSON Schema counts characters, not UTF-16 units.
  return ofSize([...value].length, word, limit, "minLength", "maxLength", "characters");
}

function hasFormat(value: string, format: Format): boolean {
  return formats[format].test(value);
}

function matches(value: string, pattern: string): boolean {
  // A pattern that could take for ever is not tried here; it has its own warning.
  if (/\([^()]*[+*}|][^()]*\)[+*{]/.test(pattern) || /[+*}][^+*{]*[+*{][^+*{]*[+*{]/.test(pattern)) return true;
  try {
    return new RegExp(pattern, "u").test(value.slice(0, 10_000));
  } catch {
    // A broken pattern was reported where it is written.
    return true;
  }
}

function ofSize(
  size: number,
  word: string,
  limit: unknown,
  low: string,
  high: string,
  what: string,
): string | undefined {
  if (typeof limit !== "number") return undefined;
  if (word === low && size < limit) return `must have at least ${limit} ${what}`;
  if (word === high && size > limit) return `must have at most ${limit} ${what}`;
  return undefined;
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || show(a) === show(b);
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? "nothing"
  );
}
