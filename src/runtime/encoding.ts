import { stringifyJSON } from "./wire/json.js";

/**
 * Prints a value as JSON text, escaped for the JSON string which is the payload inside oslo's envelope: in one pass
 * what `JSON.stringify(stringifyJSON(value))` makes in two, without its outer quotes.
 *
 * @throws {TypeError} when the value has no JSON form: a cycle, a function, undefined
 */
export type Encoder = (value: never) => string;

/** The encoders of one method, for what goes out in today's shape. What has none takes {@link anyText}. */
export interface MethodEncoders {
  /** By the parameter's name, as in the descriptor. */
  readonly params?: Readonly<Record<string, Encoder>>;
  readonly result?: Encoder;
}

/** The encoders of a service, by the method's wire name. */
export type Encoders = Readonly<Record<string, MethodEncoders>>;

/**
 * Makes an encoder of a printing function. A printing function hands what is not of its type to {@link anyText}. That
 * throws where a value alone has no JSON form, and inside others it may have one: JSON leaves out a property that is
 * a function, and prints null for an item that is. Then the whole value is printed the general way, with its errors.
 */
export function encoder<Value>(print: (value: Value) => string): (value: Value) => string {
  return (value) => {
    try {
      return print(value);
    } catch {
      return anyText(value);
    }
  };
}

/** Any value, the general way. */
export function anyText(value: unknown): string {
  return JSON.stringify(stringifyJSON(value)).slice(1, -1);
}

/** What JSON escapes: quotes, backslashes, control characters, halves of surrogate pairs (and whole ones, to be looked at). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text. */
export function stringText(value: string): string {
  return typeof value === "string" && !ESCAPED.test(value) ? `\\"${value}\\"` : anyText(value);
}

/** A number; integers and others alike. */
export function numberText(value: number): string {
  return typeof value === "number" && Number.isFinite(value) ? `${value}` : anyText(value);
}

/** A boolean. */
export function booleanText(value: boolean): string {
  return value === true ? "true" : value === false ? "false" : anyText(value);
}

/** An integer of any size: its digits. */
export function bigintText(value: bigint): string {
  return typeof value === "bigint" ? `${value}` : anyText(value);
}

/** A list, each item printed by a function. */
export function listText<Item>(value: readonly Item[], print: (item: Item) => string): string {
  if (!Array.isArray(value) || "toJSON" in value) return anyText(value);
  let text = "[";
  for (let index = 0; index < value.length; index += 1) {
    // What is missing is no item of the type, and its printing function says so.
    text += index === 0 ? print(value[index] as Item) : `,${print(value[index] as Item)}`;
  }
  return `${text}]`;
}

/** An object whose keys are data, each value printed by a function. */
export function mapText<Item>(value: Readonly<Record<string, Item>>, print: (item: Item) => string): string {
  if (!isPlain(value)) return anyText(value);
  let text = "";
  for (const key of Object.keys(value)) {
    // A key of the object is there.
    const item = value[key] as Item;
    if (item !== undefined) text += `${text === "" ? "" : ","}${stringText(key)}:${print(item)}`;
  }
  return `{${text}}`;
}

/** Whether a value is an object that has nothing from a class and no JSON form of its own: it prints its own keys. */
export function isPlain(value: object): boolean {
  if (typeof value !== "object" || value === null || "toJSON" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a plain object has `count` properties that are not undefined. */
export function hasFields(value: object, count: number): boolean {
  if (Object.keys(value).length === count) return true;
  return Object.values(value).filter((item) => item !== undefined).length === count;
}
