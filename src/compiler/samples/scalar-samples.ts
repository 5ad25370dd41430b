import type { Constraints, Scalar } from "../model.js";
import { textFor } from "./pattern.js";

/** A value of a scalar type, within the constraints. */
export function scalarSample(scalar: Scalar, constraints: Constraints, name: string, variant: number): unknown {
  const number = numberFor(name, variant);
  const day = String((number % 28) + 1).padStart(2, "0");
  switch (scalar) {
    case "any":
      return variant === 0 ? name : `${name}-${variant + 1}`;
    case "string":
      return stringSample(constraints, name, variant);
    case "boolean":
      return variant % 2 === 0;
    case "integer":
      return within(number, constraints);
    case "number":
      return constraints["multipleOf"] === undefined ? within(number + 0.5, constraints) : within(number, constraints);
    case "bigint":
      return bigintWithin(2n ** 64n + BigInt(number), constraints);
    case "datetime":
      return `2024-01-${day}T12:00:00.000000`;
    case "date":
      return `2024-01-${day}`;
    case "uuid":
      return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
    case "bytes":
      return Buffer.from(stringSample({}, name, variant)).toString("base64");
    case "none":
      return null;
  }
}

const formatted: Readonly<Record<string, (name: string, number: number) => string>> = {
  "date-time": (_, number) => `2024-01-${String((number % 28) + 1).padStart(2, "0")}T12:00:00.000000`,
  date: (_, number) => `2024-01-${String((number % 28) + 1).padStart(2, "0")}`,
  time: (_, number) => `12:00:${String(number % 60).padStart(2, "0")}`,
  uuid: (_, number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  email: (name) => `${name}@example.org`,
  hostname: (name) => name.replaceAll(/[^A-Za-z0-9-]/g, "-"),
  ipv4: (_, number) => `192.0.2.${number % 250}`,
  ipv6: (_, number) => `2001:db8::${(number % 9000) + 1}`,
  uri: (name) => `https://example.org/${encodeURIComponent(name)}`,
  byte: (name) => Buffer.from(name).toString("base64"),
};

/** A text that says whose it is, within the constraints. */
export function stringSample(constraints: Constraints, name: string, variant: number): string {
  const { pattern, format } = constraints;
  if (typeof pattern === "string") return textFor(pattern) ?? name;
  const text = variant === 0 ? name : `${name}-${variant + 1}`;
  const shaped = typeof format === "string" ? formatted[format]?.(text, numberFor(name, variant)) : undefined;
  if (shaped !== undefined) return shaped;
  const padded = text.padEnd(limit(constraints, "minLength") ?? 0, "x");
  const longest = limit(constraints, "maxLength");
  // What is different about a name is more often at its end.
  return longest === undefined || padded.length <= longest ? padded : padded.slice(padded.length - longest);
}

/** The number nearest to one that the constraints allow. */
export function within(number: number, constraints: Constraints): number {
  const step = limit(constraints, "multipleOf");
  const low = limit(constraints, "minimum") ?? above(limit(constraints, "exclusiveMinimum"), step ?? 1);
  const high = limit(constraints, "maximum") ?? above(limit(constraints, "exclusiveMaximum"), -(step ?? 1));
  const inside = Math.min(high ?? number, Math.max(low ?? number, number));
  if (step === undefined) return inside;
  const rounded = Math.floor(inside / step) * step;
  return low !== undefined && rounded < low ? rounded + step : rounded;
}

function bigintWithin(number: bigint, constraints: Constraints): bigint {
  const read = (word: string): bigint | undefined => {
    const value = constraints[word];
    return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined;
  };
  const exclusive = { low: read("exclusiveMinimum"), high: read("exclusiveMaximum") };
  const low = read("minimum") ?? (exclusive.low === undefined ? undefined : exclusive.low + 1n);
  const high = read("maximum") ?? (exclusive.high === undefined ? undefined : exclusive.high - 1n);
  const step = read("multipleOf") ?? 1n;
  const raised = low !== undefined && number < low ? low : number;
  const inside = high !== undefined && raised > high ? high : raised;
  return inside - (inside % step);
}

function above(bound: number | undefined, distance: number): number | undefined {
  return bound === undefined ? undefined : bound + distance;
}

/** A number of the constraints. */
export function limit(constraints: Constraints, word: string): number | undefined {
  const value = constraints[word];
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

/** A small number that other names hardly have too. */
export function numberFor(name: string, variant: number): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 997;
  return hash + 1 + variant;
}
