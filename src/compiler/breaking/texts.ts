import type { Version } from "../model.js";

/** `"6.0"`, `"6.0" and "6.1"`, or `"6.0" to "6.5"` for neighbours in a list of all versions. */
export function versionsText(versions: readonly Version[], all: readonly Version[]): string {
  const [first = ""] = versions;
  const last = versions.at(-1) ?? first;
  if (versions.length <= 1) return first;
  const areNeighbours = all.indexOf(last) - all.indexOf(first) === versions.length - 1;
  if (areNeighbours && versions.length > 2) return `${first} to ${last}`;
  if (versions.length > 6) return `${first}, ${versions[1]} and ${versions.length - 2} more up to ${last}`;
  return joined(versions);
}

/** `a`, `a and b`, `a, b and c`; many are shortened to the first few. */
export function joined(texts: readonly string[], most = 6): string {
  const shown = texts.length > most ? [...texts.slice(0, most - 1), `${texts.length - most + 1} more`] : [...texts];
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

/** A value as YAML would have it, short. */
export function valueText(value: unknown): string {
  const text =
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
