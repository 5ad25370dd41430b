import { randomUUID } from "node:crypto";

/**
 * The JSON dialect of Python's `json` module, as oslo.messaging peers write and read it: integers of any size are plain
 * digits, and NaN, Infinity and -Infinity are bare tokens.
 *
 * Reading: an integer that a JavaScript number cannot hold exactly becomes a bigint; everything else is a number.
 * Writing: a bigint becomes digits, a number that is not finite its token. Ordinary texts go through `JSON` alone.
 */

/** Text that may hold an integer beyond 2^53: sixteen digits where a value can start. */
const LONG_INTEGER = /(?:^|[[:,])\s*-?\d{16}/;
/** The shortest text with one. */
const LONG = 16;

/**
 * Arrays and objects inside each other, at most, in what is received: validators, codecs and managers walk through it,
 * most of them by recursion. `JSON.parse` itself takes any depth.
 */
export const MAX_DEPTH = 256;

/** The same in a text that needs the careful reader, which walks by recursion too. */
const READER_DEPTH = 1000;

/** Digits of an integer, at most, as in Python; reading and printing one takes time that grows faster than its length. */
const MOST_DIGITS = 4300;

/** Marks a value which is printed without its quotes; random, so that no peer can forge one. */
const BARE = randomUUID();
const BARE_STRING = new RegExp(`"${BARE}([^"]*)"`, "g");

/** @throws {SyntaxError} when the text is not JSON, also by Python's rules */
export function parseJSON(text: string): unknown {
  const { value, isTooDeep } = readJSON(text);
  // So deep a value was not looked through to its end.
  return isTooDeep && LONG_INTEGER.test(text) ? new Reader(text).read() : value;
}

/**
 * Reads a text, and says whether the value is nested deeper than `MAX_DEPTH`. One that is may have lost digits of its
 * integers, and is not to be used.
 *
 * @throws {SyntaxError} when the text is not JSON, also by Python's rules
 */
export function readJSON(text: string): { readonly value: unknown; readonly isTooDeep: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // A bare token is the one thing that Python writes and JSON.parse refuses.
    if (!/NaN|Infinity/.test(text)) throw error;
    value = new Reader(text).read();
    return { value, isTooDeep: look(value, MAX_DEPTH) === "too-deep" };
  }
  const found = text.length < LONG ? "plain" : look(value, MAX_DEPTH);
  return found === "inexact" ? readExactly(text) : { value, isTooDeep: found === "too-deep" };
}

function readExactly(text: string): { readonly value: unknown; readonly isTooDeep: boolean } {
  const value = new Reader(text).read();
  return { value, isTooDeep: look(value, MAX_DEPTH) === "too-deep" };
}

/**
 * Whether a parsed value has a number that `JSON.parse` may have read inexactly, or is nested too deep. Measured: a tenth
 * of what parsing costs; looking for long integers in the text costs three times that.
 */
function look(value: unknown, levels: number): "plain" | "inexact" | "too-deep" {
  if (typeof value === "number") return isInexact(value) ? "inexact" : "plain";
  if (typeof value !== "object" || value === null) return "plain";
  if (levels === 0) return "too-deep";
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = look(item, levels - 1);
      if (found !== "plain") return found;
    }
    return "plain";
  }
  for (const key in value) {
    // What JSON.parse makes has no other properties than its own.
    const found = look((value as Readonly<Record<string, unknown>>)[key], levels - 1);
    if (found !== "plain") return found;
  }
  return "plain";
}

function isInexact(value: number): boolean {
  return value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER;
}

/** @throws {TypeError} when the value has no JSON form: a cycle, a function, undefined */
export function stringifyJSON(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
    // JSON.stringify prints NaN as null; only a text with a null in it can have lost one.
    if (text?.includes("null") && holdsNonFinite(value)) text = stringifyBare(value);
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.includes("BigInt")) throw error;
    text = stringifyBare(value);
  }
  if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON form`);
  return text;
}

function stringifyBare(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item)) ? `${BARE}${item}` : item,
  );
  return text.replace(BARE_STRING, "$1");
}

function holdsNonFinite(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNonFinite);
}

/** A recursive-descent reader for the texts that `JSON.parse` would misread. */
class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): unknown {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case "t":
        return this.#token("true", true);
      case "f":
        return this.#token("false", false);
      case "n":
        return this.#token("null", null);
      case "N":
        return this.#token("NaN", Number.NaN);
      case "I":
        return this.#token("Infinity", Number.POSITIVE_INFINITY);
      default:
        return this.#number();
    }
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > READER_DEPTH) throw new SyntaxError(`JSON is nested deeper than ${READER_DEPTH} levels`);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at += 1;
    if (this.#taken("}")) return object;
    do {
      this.#space();
      const key = this.#string();
      this.#expect(":");
      const value = this.#value();
      // Assigning to __proto__ would change the prototype instead of adding a key, as JSON.parse does.
      if (key === "__proto__") {
        Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
      } else {
        object[key] = value;
      }
    } while (this.#taken(","));
    this.#expect("}");
    return object;
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    if (this.#taken("]")) return array;
    do {
      array.push(this.#value());
    } while (this.#taken(","));
    this.#expect("]");
    return array;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#unexpected();
    let end = this.#at + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) throw new SyntaxError("JSON has a string without its end");
      end += this.#text[end] === "\\" ? 2 : 1;
    }
    const value: string = JSON.parse(this.#text.slice(this.#at, end + 1));
    this.#at = end + 1;
    return value;
  }

  #number(): number | bigint {
    const pattern = /-?(?:Infinity|(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#unexpected();
    this.#at = pattern.lastIndex;
    const [token, fraction, exponent] = match;
    const number = Number(token);
    const isInteger = fraction === undefined && exponent === undefined && !token.endsWith("y");
    if (!isInteger || Number.isSafeInteger(number)) return number;
    if (token.length > MOST_DIGITS) throw new SyntaxError(`JSON has an integer of more than ${MOST_DIGITS} digits`);
    return BigInt(token);
  }

  #token<T>(token: string, value: T): T {
    if (!this.#text.startsWith(token, this.#at)) throw this.#unexpected();
    this.#at += token.length;
    return value;
  }

  #space(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at += 1;
  }

  #taken(char: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #expect(char: string): void {
    if (!this.#taken(char)) throw this.#unexpected();
  }

  #unexpected(): SyntaxError {
    const char = this.#text[this.#at];
    return new SyntaxError(
      `JSON has an unexpected ${char === undefined ? "end" : JSON.stringify(char)} at ${this.#at}`,
    );
  }
}
