import { createCodec, envelopeOf } from "./codec.js";
import type { Codec, ServiceDescriptor, VersionedObject } from "./descriptor.js";
import { anyText, isEscaped, stringText } from "./wire/escaped.js";

export { anyText, stringText };

/**
 * Prints a value as JSON text, escaped for the JSON string which is the payload inside oslo's envelope: in one pass
 * what `JSON.stringify(stringifyJSON(value))` makes in two, without its outer quotes.
 *
 * @throws {TypeError} when the value has no JSON form: a cycle, a function, undefined
 */
export type Encoder = (value: never) => string;

/** The encoders of one method, for what goes out in today's shape. What has none is printed the general way. */
export interface MethodEncoders {
  /** By the parameter's name, as in the descriptor. */
  readonly params?: Readonly<Record<string, Encoder>>;
  readonly result?: Encoder;
}

/** The encoders of a service, by the method's wire name. */
export type Encoders = Readonly<Record<string, MethodEncoders>>;

/**
 * Makes encoders of the printing functions in generated code. A printing function knows its declared type alone: a value
 * that does not fit makes it throw, and is printed the general way, with its errors.
 */
export function createEncoders({ codecs, methods }: ServiceDescriptor, printers: Encoders): Encoders {
  const codec = createCodec(codecs);
  const entries = Object.entries(printers).map(([method, { params, result }]) => {
    const descriptor = methods[method];
    const general = (form: Codec | undefined) => (value: unknown) => anyText(codec.encode(value, form));
    const printed = Object.entries(params ?? {}).map(
      ([name, print]) => [name, encoder(print, general(descriptor?.params?.[name]?.codec))] as const,
    );
    const encoders: MethodEncoders = {
      ...(params === undefined ? {} : { params: Object.fromEntries(printed) }),
      ...(result === undefined ? {} : { result: encoder(result, general(descriptor?.result)) }),
    };
    return [method, encoders] as const;
  });
  return Object.fromEntries(entries);
}

/** After so many values in a row that did not fit, a program has others than the definition says: most are not tried. */
const PATIENCE = 8;
const TRIED_THEN = 32;

function encoder(print: Encoder, general: (value: unknown) => string): Encoder {
  let unfit = 0;
  return (value) => {
    if (unfit < PATIENCE || unfit % TRIED_THEN === 0) {
      try {
        const text = print(value);
        unfit = 0;
        return text;
      } catch {
        // JSON leaves out a property that is a function, prints null for an item that is, and a cycle is its own error.
      }
    }
    unfit += 1;
    return general(value);
  };
}

/** A number; integers and others alike. */
export function numberText(value: number): string {
  return typeof value === "number" && Number.isFinite(value) ? `${value}` : unfitText(value);
}

/** A boolean. */
export function booleanText(value: boolean): string {
  return typeof value === "boolean" ? `${value}` : unfitText(value);
}

/** An integer of any size: its digits. */
export function bigintText(value: bigint): string {
  return typeof value === "bigint" ? `${value}` : unfitText(value);
}

/** A list, each item printed by a function. */
export function listText<Item>(value: readonly Item[], print: (item: Item) => string): string {
  if (!isList(value)) return unfitText(value);
  let text = "[";
  for (let index = 0; index < value.length; index += 1) {
    // What is missing or of another type is the printing function's to refuse.
    const item = value[index] as Item;
    text += index === 0 ? print(item) : `,${print(item)}`;
  }
  return `${text}]`;
}

/** A list of texts. Measured: joining them is up to twice as fast as printing one by one. */
export function stringsText(value: readonly string[]): string {
  if (!isList(value)) return unfitText(value);
  for (let index = 0; index < value.length; index += 1) {
    const item = value[index];
    if (typeof item !== "string" || isEscaped(item)) return listText(value, stringText);
  }
  return value.length === 0 ? "[]" : `[\\"${value.join('\\",\\"')}\\"]`;
}

/** A list of numbers: there is nothing to escape in it. */
export function numbersText(value: readonly number[]): string {
  if (!isList(value)) return unfitText(value);
  for (let index = 0; index < value.length; index += 1) {
    if (!Number.isFinite(value[index])) return listText(value, numberText);
  }
  return JSON.stringify(value);
}

function isList(value: readonly unknown[]): boolean {
  return Array.isArray(value) && !("toJSON" in value);
}

/** An object whose keys are data, each value printed by a function. */
export function mapText<Item>(value: Readonly<Record<string, Item>>, print: (item: Item) => string): string {
  if (!isPlain(value)) return unfitText(value);
  let text = "{";
  let separator = "";
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    text += `${separator}${stringText(key)}:${print(item)}`;
    separator = ",";
  }
  return `${text}}`;
}

/** Whether a value is an object that has nothing from a class: it prints its own keys. */
export function isPlain(value: object): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a plain object has `count` properties that are not undefined. */
export function hasFields(value: object, count: number): boolean {
  let keys = 0;
  // Measured: Object.keys makes a list, and takes twice as long. Nothing is inherited but from a program that wants trouble.
  for (const _ in value) keys += 1;
  return keys === count || Object.values(value).filter((item) => item !== undefined).length === count;
}

/** What is not of its type: a scalar prints as any other. Of an object nothing is known, so the whole value is not printed. */
export function unfitText(value: unknown): string {
  if (value === undefined || (typeof value === "object" && value !== null)) throw UNFIT;
  return anyText(value);
}

/** Made once, and always caught: a stack would cost more than printing. */
const UNFIT = new TypeError("the value is not of its type");

/** Makes the function that puts the printed data of a versioned object into its envelope. */
export function sealer({ name, namespace, version, prefix }: VersionedObject): (value: object, data: string) => string {
  const key = (word: string): string => stringText(`${prefix}.${word}`);
  const start = `{${key("name")}:${stringText(name)},${key("namespace")}:${stringText(namespace)},${key("version")}:`;
  const own = stringText(version);
  const middle = `,${key("data")}:`;
  return (value, data) => {
    const envelope = envelopeOf(value);
    if (envelope === undefined) return `${start}${own}${middle}${data}}`;
    // It came over the wire, and goes out again with the version and the changes that it had.
    const changes = envelope[`${prefix}.changes`];
    const end = changes === undefined ? "" : `,${key("changes")}:${anyText(changes)}`;
    return `${start}${anyText(envelope[`${prefix}.version`] ?? version)}${middle}${data}${end}}`;
  };
}
