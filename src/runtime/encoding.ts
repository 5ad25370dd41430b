import { createCodec, envelopeOf } from "./codec.js";
import type { Codec, ServiceDescriptor, VersionedObject } from "./descriptor.js";
import { stringifyJSON } from "./wire/json.js";

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
 * Makes encoders of the printing functions in generated code. A printing function takes a value of its declared type;
 * a part that does not fit, it hands to {@link anyText} or {@link unfitText}. Those throw where the part alone cannot
 * be printed, and then the whole value goes the general way: JSON leaves out a property that is a function, prints
 * null for an item that is, and a cycle is an error only there.
 */
export function createEncoders({ codecs, methods }: ServiceDescriptor, printers: Encoders): Encoders {
  const codec = createCodec(codecs);
  const encoder =
    (print: Encoder, form: Codec | undefined): Encoder =>
    (value) => {
      try {
        return print(value);
      } catch {
        return anyText(codec.encode(value, form));
      }
    };
  const entries = Object.entries(printers).map(([method, { params, result }]) => {
    const descriptor = methods[method];
    const printed = Object.entries(params ?? {}).map(
      ([name, print]) => [name, encoder(print, descriptor?.params?.[name]?.codec)] as const,
    );
    const encoders: MethodEncoders = {
      ...(params === undefined ? {} : { params: Object.fromEntries(printed) }),
      ...(result === undefined ? {} : { result: encoder(result, descriptor?.result) }),
    };
    return [method, encoders] as const;
  });
  return Object.fromEntries(entries);
}

/** Any value that is the same in the program and on the wire. */
export function anyText(value: unknown): string {
  if (typeof value === "string") return stringText(value);
  if (value === null || typeof value === "boolean") return `${value}`;
  return JSON.stringify(stringifyJSON(value)).slice(1, -1);
}

/** What JSON escapes: quotes, backslashes, control characters, halves of surrogate pairs (whole ones only look like it). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text. */
export function stringText(value: string): string {
  if (typeof value !== "string") return anyText(value);
  return ESCAPED.test(value) ? JSON.stringify(JSON.stringify(value)).slice(1, -1) : `\\"${value}\\"`;
}

/** A number; integers and others alike. */
export function numberText(value: number): string {
  return typeof value === "number" && Number.isFinite(value) ? `${value}` : anyText(value);
}

/** A boolean. */
export function booleanText(value: boolean): string {
  return typeof value === "boolean" ? `${value}` : anyText(value);
}

/** An integer of any size: its digits. */
export function bigintText(value: bigint): string {
  return typeof value === "bigint" ? `${value}` : anyText(value);
}

/** A list, each item printed by a function. */
export function listText<Item>(value: readonly Item[], print: (item: Item) => string): string {
  if (!Array.isArray(value)) return anyText(value);
  if ("toJSON" in value) return unfitText(value);
  let text = "[";
  for (let index = 0; index < value.length; index += 1) {
    // What is missing or of another type is the printing function's to refuse.
    const item: Item = value[index];
    text += index === 0 ? print(item) : `,${print(item)}`;
  }
  return `${text}]`;
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

/**
 * What is not of its type, where that type has versioned objects in it: an object may have some, so the whole value
 * goes the general way.
 */
export function unfitText(value: unknown): string {
  if (typeof value === "object" && value !== null) throw UNFIT;
  return anyText(value);
}

/** Made once: it is always caught, and a stack would cost more than printing. */
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
