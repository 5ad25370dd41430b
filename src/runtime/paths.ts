import type { Converters } from "./converters.js";
import type { ServiceDescriptor } from "./descriptor.js";
import { isRecord } from "./wire/envelope.js";

/** A compiled path into the arguments: `instance.host`, `instances.0.host`, `volume.host | extract_host`. */
export type PathReader = (args: Readonly<Record<string, unknown>>) => unknown;

/**
 * Compiles a path; a name behind `|` is a function, which is applied to a value that is set. The reader gives undefined
 * where the path leads nowhere.
 *
 * @param envelopes the keys under which versioned objects that a program hands through unopened have their fields
 */
export function compilePath(path: string, converters: Converters, envelopes: readonly string[] = []): PathReader {
  const [route = "", ...functions] = path.split("|").map((part) => part.trim());
  const keys = route.split(".").map((key) => key.trim());
  const apply = functions.map((name) => converters.get(name));
  return (args) => {
    let value: unknown = args;
    for (const key of keys) value = step(value, key, envelopes);
    return apply.reduce((result, converter) => (isSet(result) ? converter.encode(result) : result), value);
  };
}

/** Whether a value counts as given where a request is routed: not absent, null or empty text. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Compiles a text with `{path}` places, such as a topic template; undefined as its result when a place is not set. */
export function compileTemplate(
  template: string,
  converters: Converters,
  envelopes: readonly string[] = [],
): (args: Readonly<Record<string, unknown>>) => string | undefined {
  const parts = template.split(/\{([^}]*)\}/);
  if (parts.length === 1) return () => template;
  const readers = parts.map((part, index) => (index % 2 === 0 ? () => part : compilePath(part, converters, envelopes)));
  return (args) => {
    const values = readers.map((read) => read(args));
    return values.every((value, index) => index % 2 === 0 || isSet(value)) ? values.join("") : undefined;
  };
}

/** The argument in which a path begins. */
export function rootOf(path: string): string {
  return path.split(/[.|]/, 1)[0]?.trim() ?? "";
}

/** The arguments in which the places of a template begin. */
export function rootsIn(template: string): readonly string[] {
  return [...template.matchAll(/\{([^}]*)\}/g)].map(([, path = ""]) => rootOf(path));
}

/** The keys of the fields of every kind of envelope that a service knows: `versioned_object.data`. */
export function envelopesOf({ codecs = {} }: ServiceDescriptor): readonly string[] {
  const prefixes = Object.values(codecs).flatMap((type) =>
    "object" in type && type.object ? [type.object.prefix] : [],
  );
  return [...new Set(prefixes)].map((prefix) => `${prefix}.data`);
}

function step(value: unknown, key: string, envelopes: readonly string[]): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, key)) return value[key];
  const fields = envelopes.map((envelope) => value[envelope]).find(isRecord);
  return fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined;
}
