import { type Format, formats } from "../formats.js";

/** A value that a validator looks at, and the function in which it does. */
export interface Place {
  /** The expression of the value. */
  readonly data: string;
  /** The expression of its JSON pointer. */
  readonly path: string;
  /** How many variables the function has of each kind: they are numbered. */
  readonly within: { items: number; keys: number };
}

/** The types that have rules of their own, in the order in which ajv looks at them, and their words beside limits. */
export const families = [
  { type: "number", test: (data: string) => `typeof ${data} == "number"`, words: [] },
  { type: "string", test: (data: string) => `typeof ${data} == "string"`, words: ["format", "pattern"] },
  { type: "array", test: (data: string) => `Array.isArray(${data})`, words: ["items", "uniqueItems"] },
  { type: "object", test: objectTest, words: ["additionalProperties"] },
] as const;

/** One of those types. */
export type Family = (typeof families)[number];

/** A keyword whose value is a number, which stands for `#` in its texts. */
interface Limit {
  readonly type: Family["type"];
  readonly keyword: string;
  /** The expression that is true for what is wrong. */
  readonly fails: (data: string, length: string) => string;
  readonly params: string;
  readonly message: string;
}

/** Limits, in the order in which ajv looks at them. `length` is the name of a function that counts characters. */
export const limits: readonly Limit[] = [
  bound("maximum", ">", "<="),
  bound("minimum", "<", ">="),
  bound("exclusiveMaximum", ">=", "<"),
  bound("exclusiveMinimum", "<=", ">"),
  {
    type: "number",
    keyword: "multipleOf",
    fails: (data) => `${data} / # !== parseInt(${data} / #)`,
    params: "{multipleOf:#}",
    message: "must be multiple of #",
  },
  ...sizes("string", "Length", (data, length) => `${length}(${data})`, "characters"),
  ...sizes("array", "Items", (data) => `${data}.length`, "items"),
  ...sizes("object", "Properties", (data) => `Object.keys(${data}).length`, "properties"),
];

function bound(keyword: string, wrong: string, right: string): Limit {
  return {
    type: "number",
    keyword,
    fails: (data) => `${data} ${wrong} # || isNaN(${data})`,
    params: `{comparison:"${right}",limit:#}`,
    message: `must be ${right} #`,
  };
}

function sizes(type: Family["type"], word: string, size: Limit["fails"], what: string): readonly Limit[] {
  const limit = (keyword: string, wrong: string, relation: string): Limit => ({
    type,
    keyword,
    fails: (data, length) => `${size(data, length)} ${wrong} #`,
    params: "{limit:#}",
    message: `must NOT have ${relation} than # ${what}`,
  });
  return [limit(`max${word}`, ">", "more"), limit(`min${word}`, "<", "fewer")];
}

/** JSON Schema's words for limits of numbers, as they are for bigints. */
export const bigintRules = {
  minimum: { fails: (data: string, limit: string) => `${data} < ${bigintCode(limit)}`, relation: ">=" },
  maximum: { fails: (data: string, limit: string) => `${data} > ${bigintCode(limit)}`, relation: "<=" },
  exclusiveMinimum: { fails: (data: string, limit: string) => `${data} <= ${bigintCode(limit)}`, relation: ">" },
  exclusiveMaximum: { fails: (data: string, limit: string) => `${data} >= ${bigintCode(limit)}`, relation: "<" },
  multipleOf: {
    // The compiler takes no whole number for a multiple of a fraction, and a bigint cannot be divided by one.
    fails: (data: string, limit: string) => (isWhole(limit) ? `${data} % ${bigintCode(limit)} !== BigInt(0)` : "true"),
    relation: "a multiple of",
  },
} as const;

/** What a bigint is compared with, as an expression: a limit may be a fraction, of which `BigInt` makes an error. */
export function bigintCode(limit: string): string {
  return isWhole(limit) ? `BigInt("${limit}")` : String(Number(limit));
}

function isWhole(limit: string): boolean {
  return /^-?\d+$/.test(limit);
}

/** A word and its digits. */
export type BigintLimit = readonly [word: keyof typeof bigintRules, digits: string];

/** A function that counts the characters of a text, not its UTF-16 units. */
export const lengthCode = `(text) => {
let length = 0;
for (const _ of text) length++;
return length;
}`;

/** A function that tells whether two values of JSON are the same. */
export const equalCode = `function equal(a, b) {
if (a === b || (a !== a && b !== b)) return true;
if (typeof a != "object" || typeof b != "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
const keys = Object.keys(a);
return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}`;

/** A function that gives the same text for values of JSON that are the same, and for no others. */
const keyCode = `function key(value) {
if (typeof value == "string") return JSON.stringify(value);
if (typeof value == "bigint") return value + "n";
if (typeof value != "object" || value === null) return String(value);
if (Array.isArray(value)) return "[" + value.map(key).join() + "]";
return "{" + Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + key(value[name])).join() + "}";
}`;

/** A function that finds two items that are the same: the last one that has a twin, and its nearest twin. */
export const twinsCode = `(items) => {
const keyOf = ${keyCode};
const places = new Map();
let twins;
for (let i = 0; i < items.length; i++) {
const text = keyOf(items[i]);
const j = places.get(text);
if (j !== undefined) twins = { i, j };
places.set(text, i);
}
return twins;
}`;

/** A function that adds a list of mistakes to another, which may be null; `concat` would copy both each time. */
export function joinCode(most = Number.POSITIVE_INFINITY): string {
  return `(errors, more) => {
if (errors === null) return more;
for (let i = 0; i < more.length && errors.length < ${most}; i++) errors.push(more[i]);
return errors;
}`;
}

/** What tests a text for a format, as an expression. */
export function formatCode(format: Format): string {
  return format === "byte" ? byteCode : String(formats[format]);
}

/** The regular expression repeats a group, and throws for texts of some megabytes: V8 remembers each repetition. */
const byteCode = "{ test: (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) }";

/** So many mistakes are listed. Without an end, a list of millions of wrong items would take all memory. */
export const mostErrors = 1000;

/** The message of an integer that is none, or none that a JavaScript number holds. */
export function integerMessage(data: string): string {
  // The runtime reads integers beyond 2^53 - 1 as bigints.
  const tooBig = '"must be a safe integer; declare bigint for larger values"';
  return `typeof ${data} == "bigint" || Number.isInteger(${data}) ? ${tooBig} : "must be an integer"`;
}

/** Whether a value is an object, as an expression. */
export function objectTest(data: string): string {
  return `${data} && typeof ${data} == "object" && !Array.isArray(${data})`;
}

/** The statement that finds values which are not of a type. */
export function wrongType(place: Place, type: string): string {
  const { data } = place;
  const tests: Readonly<Record<string, string>> = {
    null: `${data} !== null`,
    array: `!Array.isArray(${data})`,
    object: `!(${objectTest(data)})`,
  };
  const test = tests[type] ?? `typeof ${data} != "${type}"`;
  return wrongIf(test, place, "type", `{type:"${type}"}`, `"must be ${type}"`);
}

/** The statement that adds a mistake where the condition holds. */
export function wrongIf(condition: string, { path }: Place, keyword: string, params: string, message: string): string {
  return `if(${condition})${errorText(path, keyword, params, message)}`;
}

/** The statement that adds a mistake; params and message are expressions. */
export function errorText(path: string, keyword: string, params: string, message: string): string {
  const error = `{instancePath:${path},keyword:"${keyword}",params:${params},message:${message}}`;
  return `(errors ??= []).length < ${mostErrors} && errors.push(${error});`;
}

/** A step of a JSON pointer as a literal. */
export function pathText(name: string): string {
  return quoted(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

/** Two expressions of text as one; literals side by side become one literal. */
export function concat(left: string, right: string): string {
  const areLiterals = left.endsWith('"') && right.startsWith('"');
  return areLiterals ? `${left.slice(0, -1)}${right.slice(1)}` : `${left}+${right}`;
}

/** Data as an expression. */
export function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
