import type { Codec, TypeCodec, VersionedObject } from "./descriptor.js";
import { isRecord } from "./wire/envelope.js";

/** Changes values between program and wire in the places where the two differ. */
export interface ValueCodec {
  /** To the wire. */
  encode(value: unknown, codec: Codec | undefined): unknown;
  /** From the wire. A value that does not have the expected form is handed through, for the validator to refuse. */
  decode(value: unknown, codec: Codec | undefined): unknown;
}

type Types = Readonly<Record<string, TypeCodec>>;
type Direction = "encode" | "decode";

export function createCodec(types: Types = {}): ValueCodec {
  const convert = (direction: Direction, value: unknown, codec: Codec | undefined): unknown => {
    if (codec === undefined || value === undefined || value === null) return value;
    if (codec === "bigint") return bigint(direction, value);
    if ("list" in codec) {
      return Array.isArray(value) ? value.map((item) => convert(direction, item, codec.list)) : value;
    }
    if ("map" in codec) return mapValues(value, (item) => convert(direction, item, codec.map));
    return named(direction, value, types[codec.ref]);
  };

  const named = (direction: Direction, value: unknown, type: TypeCodec | undefined): unknown => {
    if (type === undefined) return value;
    if ("alias" in type) return convert(direction, value, type.alias);
    if (!isRecord(value)) return value;
    if ("variants" in type) {
      const variant = value[type.tag];
      return typeof variant === "string" && Object.hasOwn(type.variants, variant)
        ? convert(direction, value, type.variants[variant])
        : value;
    }
    const fields = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
      mapRecord(record, (item, name) =>
        Object.hasOwn(type.fields, name) ? convert(direction, item, type.fields[name]) : item,
      );
    if (type.object === undefined) return fields(value);
    return direction === "encode" ? seal(value, type.object, fields) : open(value, type.object, fields);
  };

  return {
    encode: (value, codec) => convert("encode", value, codec),
    decode: (value, codec) => convert("decode", value, codec),
  };
}

/** Small integers arrive as numbers; a program gets a bigint for each. Both are digits on the wire. */
function bigint(direction: Direction, value: unknown): unknown {
  return direction === "decode" && Number.isSafeInteger(value) ? BigInt(Number(value)) : value;
}

function mapValues(value: unknown, change: (item: unknown) => unknown): unknown {
  return isRecord(value) ? mapRecord(value, change) : value;
}

function mapRecord(
  record: Readonly<Record<string, unknown>>,
  change: (item: unknown, name: string) => unknown,
): Record<string, unknown> {
  // fromEntries defines its keys, so a key named __proto__ stays a key.
  return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, change(item, name)]));
}

/** Where the envelope of an object that came over the wire is remembered, so that it goes out again as it came. */
const envelopes = new WeakMap<object, Readonly<Record<string, unknown>>>();

function seal(
  value: Readonly<Record<string, unknown>>,
  object: VersionedObject,
  fields: (record: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): unknown {
  const key = (name: string): string => `${object.prefix}.${name}`;
  // An object that the program never opened is on its way in its envelope already.
  if (Object.hasOwn(value, key("data"))) return value;
  const envelope = envelopes.get(value);
  const changes = envelope?.[key("changes")];
  return {
    [key("name")]: object.name,
    [key("namespace")]: object.namespace,
    [key("version")]: envelope?.[key("version")] ?? object.version,
    [key("data")]: fields(value),
    ...(changes === undefined ? {} : { [key("changes")]: changes }),
  };
}

function open(
  value: Readonly<Record<string, unknown>>,
  object: VersionedObject,
  fields: (record: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): unknown {
  const data = value[`${object.prefix}.data`];
  if (!isRecord(data)) return value;
  const plain = fields(data);
  envelopes.set(plain, value);
  return plain;
}
