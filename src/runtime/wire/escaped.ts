import { stringifyJSON } from "./json.js";

/**
 * Any value as JSON text, escaped for the JSON string which is the payload inside oslo's envelope.
 *
 * @throws {TypeError} when the value has no JSON form: a cycle, a function, undefined
 */
export function anyText(value: unknown): string {
  if (typeof value === "string") return stringText(value);
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) return `${value}`;
  return JSON.stringify(stringifyJSON(value)).slice(1, -1);
}

/** What JSON escapes: quotes, backslashes, control characters, halves of surrogate pairs (whole ones only look like it). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text, as {@link anyText} prints it. */
export function stringText(value: string): string {
  if (typeof value !== "string") return anyText(value);
  return isEscaped(value) ? JSON.stringify(JSON.stringify(value)).slice(1, -1) : `\\"${value}\\"`;
}

/** Whether JSON escapes something in a text. */
export function isEscaped(value: string): boolean {
  return ESCAPED.test(value);
}
