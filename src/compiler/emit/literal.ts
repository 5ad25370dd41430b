import { filled, group, indent, type Layout, list, softline, trailingComma } from "./layout.js";

/** A value of plain data as TypeScript writes it. Keys keep their order; an undefined value leaves its key out. */
export function literal(value: unknown): Layout {
  if (typeof value === "string") {
    return stringLiteral(value);
  }
  if (typeof value === "number") {
    return numberLiteral(value);
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (Array.isArray(value)) {
    return arrayLiteral(value);
  }
  if (typeof value === "object" && value !== null) {
    return objectLiteral(Object.entries(value).filter(([, item]) => item !== undefined));
  }
  return String(value);
}

/** A text in double quotes, or in single ones where that needs fewer escapes. */
export function stringLiteral(text: string): string {
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles > singles) {
    return `'${escapeText(text).replaceAll("'", "\\'")}'`;
  }
  return `"${escapeText(text).replaceAll('"', '\\"')}"`;
}

/** The text inside a template literal; `{name}` parts are the caller's. */
export function templateText(text: string): string {
  return escapeText(text).replaceAll("`", "\\`").replaceAll("${", "\\${");
}

/** A key of a JSON object inside a template literal, escaped for the JSON string which holds that object. */
export function escapedKey(name: string): string {
  return templateText(JSON.stringify(JSON.stringify(name)).slice(1, -1));
}

/** A number of milliseconds, with separators where it is long: `1_800_000`. */
export function milliseconds(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

/** An object literal of printed values. */
export function objectLayout(entries: readonly (readonly [string, Layout])[], broken = false): Layout {
  const parts = entries.map(([key, value]): Layout => [literalKey(key), ": ", value]);
  return list("{", parts, "}", { padded: true, broken });
}

/** A name as a member of a type: quoted only where it must be. */
export function memberName(name: string): string {
  return isIdentifier(name) ? name : stringLiteral(name);
}

/** `.name` or `["na-me"]`. */
export function memberAccess(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${stringLiteral(name)}]`;
}

/** An array of layouts; broken where a formatter always breaks it: several objects (or arrays), each of several entries. */
export function arrayLayout(items: readonly { readonly layout: Layout; readonly size: number }[]): Layout {
  const broken = items.length > 1 && items.every(({ size }) => size > 1);
  return list(
    "[",
    items.map(({ layout }) => layout),
    "]",
    { broken },
  );
}

function arrayLiteral(values: readonly unknown[]): Layout {
  if (values.length > 1 && values.every((value) => typeof value === "number")) {
    return fillNumbers(values);
  }
  const sameShape = values.every(Array.isArray) || values.every((value) => isRecord(value));
  return arrayLayout(values.map((value) => ({ layout: literal(value), size: sameShape ? sizeOf(value) : 0 })));
}

/** Formatters put as many numbers on a line as fit. */
function fillNumbers(values: readonly number[]): Layout {
  return group(["[", indent([softline, filled(values.map(numberLiteral))]), trailingComma, softline, "]"]);
}

function objectLiteral(entries: readonly (readonly [string, unknown])[]): Layout {
  return objectLayout(entries.map(([key, value]) => [key, literal(value)]));
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) {
    return "Number.NaN";
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? "Number.POSITIVE_INFINITY" : "Number.NEGATIVE_INFINITY";
  }
  // Formatters write 1e21 where String gives 1e+21.
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

/** A name as a key of an object literal, where `__proto__: x` would set the prototype. */
export function literalKey(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : memberName(name);
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Escapes what a literal cannot hold, and what an editor would not show. */
function escapeText(text: string): string {
  if (/^[ !#-&(-[\]-~]*$/.test(text)) {
    return text;
  }
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Control characters, line separators, marks that turn the direction of text, and halves of surrogate pairs. */
export const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the output
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
