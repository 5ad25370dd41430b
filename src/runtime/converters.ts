import type { Converter } from "./descriptor.js";

/** Converters by the names under which a definition uses them. */
export interface Converters {
  /** @throws {TypeError} when neither the user nor the runtime has it */
  get(name: string): Converter<unknown>;
  /** Whether the runtime's own converter is meant, which leaves a value of the declared type. */
  isBuiltIn(name: string): boolean;
}

/** The user's converters, as a generated client or dispatcher takes them. */
export type UserConverters = object;

/** The user's converters before the built-in ones. */
export function convertersOf(user: UserConverters | undefined, service: string): Converters {
  const given = new Map<string, Converter<unknown>>(Object.entries(user ?? {}));
  return {
    get(name) {
      const converter = given.get(name) ?? BUILT_IN.get(name);
      if (converter === undefined) {
        throw new TypeError(`${service} needs the converter "${name}"; pass it in the option "converters"`);
      }
      return converter;
    },
    isBuiltIn: (name) => !given.has(name) && BUILT_IN.has(name),
  };
}

const BUILT_IN: ReadonlyMap<string, Converter<unknown>> = new Map<string, Converter<unknown>>([
  ["to_primitive", { encode: toPrimitive, decode: (wire) => wire }],
  ["extract_host", { encode: (host) => extractHost(host, "backend") }],
  ["extract_host(backend)", { encode: (host) => extractHost(host, "backend") }],
  ["extract_host(host)", { encode: (host) => extractHost(host, "host") }],
  ["extract_host(pool)", { encode: (host) => extractHost(host, "pool") }],
  ["utcnow", { encode: (given) => given ?? utcnow(new Date()), decode: (wire) => wire }],
]);

/** Plain JSON data of a value with dates, maps and sets. Source: oslo_serialization.jsonutils.to_primitive. */
function toPrimitive(value: unknown): unknown {
  if (value instanceof Date) return utcnow(value);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), toPrimitive(item)]));
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, toPrimitive);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPrimitive(item)]));
}

/**
 * A part of `node@backend#pool`: `host` is the node, `backend` is the node and its backend, `pool` what is behind `#`, null
 * where nothing is. Source: cinder.volume.volume_utils.extract_host, whose levels have these names.
 */
function extractHost(host: unknown, level: "host" | "backend" | "pool"): unknown {
  if (typeof host !== "string") return host;
  const [backend = "", pool = null] = host.split("#", 2);
  if (level === "pool") return pool;
  return level === "backend" ? backend : backend.split("@", 1)[0];
}

/** ISO 8601 in UTC without a zone and with microseconds, as oslo_utils.timeutils.utcnow().isoformat() writes it. */
function utcnow(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000`;
}
