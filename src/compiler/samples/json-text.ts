/**
 * JSON as people read it: two spaces a level, and what is short on one line. Integers of any size are digits, as they
 * are on the wire.
 */
export function jsonText(value: unknown, width = 88): string {
  return print(value, "", width);
}

function print(value: unknown, indent: string, width: number): string {
  if (typeof value !== "object" || value === null) return scalar(value);
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((item: unknown) => ["", item] as const)
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[`${JSON.stringify(key)}: `, item] as const],
      );
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return `${open}${close}`;
  const flat = entries.map(([key, item]) => (isSimple(item) ? `${key}${print(item, "", width)}` : undefined));
  if (flat.every((text) => text !== undefined)) {
    const line = isList ? `[${flat.join(", ")}]` : `{ ${flat.join(", ")} }`;
    if (indent.length + line.length <= width * 0.7) return line;
  }
  const inner = `${indent}  `;
  const lines = entries.map(([key, item]) => `${inner}${key}${print(item, inner, width)}`);
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** A scalar, or nothing at all: what may stand on a line with others. */
function isSimple(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

function scalar(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  return JSON.stringify(value) ?? "null";
}
