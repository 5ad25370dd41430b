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
  minimum: { fails: (data: string, limit: string) => `${data} < ${limit}`, relation: ">=" },
  maximum: { fails: (data: string, limit: string) => `${data} > ${limit}`, relation: "<=" },
  exclusiveMinimum: { fails: (data: string, limit: string) => `${data} <= ${limit}`, relation: ">" },
  exclusiveMaximum: { fails: (data: string, limit: string) => `${data} >= ${limit}`, relation: "<" },
  multipleOf: {
    fails: (data: string, limit: string) => `${data} % ${limit} !== BigInt(0)`,
    relation: "a multiple of",
  },
} as const;

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
if (Object.is(a, b)) return true;
if (typeof a != "object" || typeof b != "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
const keys = Object.keys(a);
return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}`;

/** A function that finds two items that are the same. */
export function twinsCode(equal: string): string {
  return `(items) => {
for (let i = items.length - 1; i > 0; i--) for (let j = i - 1; j >= 0; j--) if (${equal}(items[i], items[j])) return { i, j };
return undefined;
}`;
}

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
  return `(vErrors ??= []).push({instancePath:${path},keyword:"${keyword}",params:${params},message:${message}}),errors++;`;
}

/** A step of a JSON pointer as a literal. */
export function pathText(name: string): string {
  return quoted(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

/** Two expressions of text as one; literals side by side become one literal. */
export function concat(left: string, right: string): string {
  return `${left}+${right}`.replace('"+"', "");
}

/** Data as an expression. */
export function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
