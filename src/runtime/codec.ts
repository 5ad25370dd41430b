import type { Codec, FormerObject, TypeCodec, VersionedObject } from "./descriptor.js";
import { IncompatibleObjectError } from "./errors.js";
import { majorOf, type Ordinal, ordinalOf, servedVersion } from "./version.js";
import { isRecord } from "./wire/envelope.js";

/** Changes values between program and wire in the places where the two differ. */
export interface ValueCodec {
  /** To the wire. */
  encode(value: unknown, codec: Codec | undefined): unknown;
  /**
   * From the wire. A value that does not have the expected form is handed through, for the validator to refuse.
   *
   * @throws {IncompatibleObjectError} when a versioned object is too new
   */
  decode(value: unknown, codec: Codec | undefined): unknown;
  /** Whether something of it goes to the wire in a shape of the past. */
  hasFormer(codec: Codec | undefined): boolean;
  /**
   * The first version that knows it in the shape in which it is sent; zero where it has always been as it is. A versioned
   * object says its version itself.
   */
  since(codec: Codec | undefined): Ordinal;
}

type Types = Readonly<Record<string, TypeCodec>>;

/**
 * Makes the codec of a service from its descriptor's named types.
 *
 * @param cap the newest version that its values may speak: objects are written as servers of that version know them
 */
export function createCodec(types: Types = {}, cap: Ordinal = Number.POSITIVE_INFINITY): ValueCodec {
  const formerOf = (type: TypeCodec): FormerObject | undefined =>
    "was" in type ? type.was?.find(({ before }) => cap < ordinalOf(before)) : undefined;
  const withFormers = typesWith(types, (type) => formerOf(type) !== undefined);
  const withObjects = typesWith(types, (type) => "object" in type || formerOf(type) !== undefined);

  // By the type's name: many parameters have few types, and each may reach all others.
  const changes = new Map<string, Ordinal>();

  const encode = (value: unknown, codec: Codec | undefined): unknown => {
    // Numbers and bigints are written as they are; only versioned objects have another form on the wire.
    if (codec === undefined || typeof codec === "string" || typeof value !== "object" || value === null) return value;
    if (!holdsObject(codec, withObjects)) return value;
    if ("list" in codec) return Array.isArray(value) ? value.map((item) => encode(item, codec.list)) : value;
    if ("map" in codec) return isRecord(value) ? mapRecord(value, (item) => encode(item, codec.map)) : value;
    const type = types[codec.ref];
    if (type === undefined) return value;
    if ("alias" in type) return encode(value, type.alias);
    if (!isRecord(value)) return value;
    if ("variants" in type) return encode(value, variantOf(type, value));
    const former = formerOf(type);
    const fields = mapRecord(former === undefined ? value : without(value, former), (item, name) =>
      encode(item, Object.hasOwn(type.fields, name) ? type.fields[name] : undefined),
    );
    return type.object === undefined ? fields : seal(value, fields, type.object, former);
  };

  /** What came over the wire belongs to nobody else, so it is changed in place. */
  const decode = (value: unknown, codec: Codec | undefined): unknown => {
    if (codec === undefined || value === undefined || value === null) return value;
    if (codec === "bigint") return Number.isSafeInteger(value) ? BigInt(Number(value)) : value;
    if (codec === "number") return typeof value === "bigint" ? Number(value) : value;
    if ("list" in codec) return Array.isArray(value) ? value.map((item) => decode(item, codec.list)) : value;
    if ("map" in codec) return isRecord(value) ? mapRecord(value, (item) => decode(item, codec.map)) : value;
    const type = types[codec.ref];
    if (type === undefined) return value;
    if ("alias" in type) return decode(value, type.alias);
    if (!isRecord(value)) return value;
    if ("variants" in type) return decode(value, variantOf(type, value));
    const plain = type.object === undefined ? value : open(value, type.object);
    for (const [name, field] of Object.entries(type.fields)) {
      if (Object.hasOwn(plain, name)) plain[name] = decode(plain[name], field);
    }
    return plain;
  };

  return {
    encode,
    decode,
    hasFormer: (codec) => codec !== undefined && holdsObject(codec, withFormers),
    since(codec) {
      const name = codec === undefined ? undefined : refOf(codec);
      if (name === undefined) return 0;
      const newest = changes.get(name) ?? newestChange(name, types, cap);
      changes.set(name, newest);
      return newest;
    },
  };
}

/** The newest version up to the cap at which an object that is not versioned has changed, at any depth. */
function newestChange(start: string, types: Types, cap: Ordinal): Ordinal {
  let newest = 0;
  const seen = new Set([start]);
  const visit = (codec: Codec): void => {
    const name = refOf(codec);
    if (name !== undefined) seen.add(name);
  };
  // What is added to a set while it is walked is walked too: types may refer to each other in circles.
  for (const name of seen) {
    const type = types[name];
    if (type === undefined) continue;
    if ("alias" in type) visit(type.alias);
    else if ("variants" in type) Object.values(type.variants).forEach(visit);
    else {
      Object.values(type.fields).forEach(visit);
      const changes = type.object === undefined ? (type.was ?? []).map(({ before }) => ordinalOf(before)) : [];
      newest = Math.max(newest, ...changes.filter((at) => at <= cap));
    }
  }
  return newest;
}

/** The named type of a codec, or of what is in its lists and maps. */
function refOf(codec: Codec): string | undefined {
  if (typeof codec === "string") return undefined;
  return "ref" in codec ? codec.ref : refOf("list" in codec ? codec.list : codec.map);
}

/** The named types that are such, or have such a type inside, at any depth. They may refer to each other in circles. */
function typesWith(types: Types, isSuch: (type: TypeCodec) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const holds = (codec: Codec): boolean => holdsObject(codec, found);
  const typeHolds = (type: TypeCodec): boolean => {
    if ("alias" in type) return holds(type.alias);
    if ("variants" in type) return Object.values(type.variants).some(holds);
    return isSuch(type) || Object.values(type.fields).some(holds);
  };
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [name, type] of Object.entries(types)) if (typeHolds(type)) found.add(name);
  }
  return found;
}

function holdsObject(codec: Codec, withObjects: ReadonlySet<string>): boolean {
  if (typeof codec === "string") return false;
  if ("ref" in codec) return withObjects.has(codec.ref);
  return holdsObject("list" in codec ? codec.list : codec.map, withObjects);
}

function variantOf(
  type: Extract<TypeCodec, { tag: string }>,
  value: Readonly<Record<string, unknown>>,
): Codec | undefined {
  const variant = value[type.tag];
  return typeof variant === "string" && Object.hasOwn(type.variants, variant) ? type.variants[variant] : undefined;
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

/** The envelope in which a versioned object came over the wire. */
export function envelopeOf(value: object): Readonly<Record<string, unknown>> | undefined {
  return envelopes.get(value);
}

function seal(
  value: object,
  fields: Readonly<Record<string, unknown>>,
  object: VersionedObject,
  former: FormerObject | undefined,
): unknown {
  const key = (name: string): string => `${object.prefix}.${name}`;
  // An object that the program never opened is on its way in its envelope already.
  if (Object.hasOwn(value, key("data"))) return value;
  const envelope = envelopeOf(value);
  const changes = envelope?.[key("changes")];
  const gone = former?.without ?? [];
  return {
    [key("name")]: object.name,
    [key("namespace")]: object.namespace,
    [key("version")]: olderOf(envelope?.[key("version")] ?? object.version, former?.version),
    [key("data")]: fields,
    ...(changes === undefined
      ? {}
      : { [key("changes")]: Array.isArray(changes) ? changes.filter((name) => !gone.includes(name)) : changes }),
  };
}

/** An object that came in an older version than servers know stays at its own. */
function olderOf(version: unknown, former: string | undefined): unknown {
  if (former === undefined || typeof version !== "string") return version;
  return ordinalOf(version) <= ordinalOf(former) ? version : former;
}

/** The fields that servers know. */
function without(
  value: Readonly<Record<string, unknown>>,
  { without: gone = [] }: FormerObject,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !gone.includes(name)));
}

/**
 * Takes a versioned object out of its envelope; what is in none is handed through.
 *
 * @throws {IncompatibleObjectError} when the peer's object is of another major version, or of a newer minor one
 */
function open(value: Record<string, unknown>, object: VersionedObject): Record<string, unknown> {
  const data = value[`${object.prefix}.data`];
  if (!isRecord(data)) return value;
  const version = value[`${object.prefix}.version`];
  // Source: oslo.versionedobjects refuses by the same rule, and leaves older minor versions to the program.
  if (typeof version === "string" && servedVersion(supportedBy(object), version) === undefined) {
    throw new IncompatibleObjectError(object.name, version, object.version);
  }
  envelopes.set(data, value);
  return data;
}

function supportedBy({ version }: VersionedObject): ReadonlyMap<number, Ordinal> {
  const ordinal = ordinalOf(version);
  return new Map([[majorOf(ordinal), ordinal]]);
}
