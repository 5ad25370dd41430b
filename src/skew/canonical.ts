const known = new WeakMap<object, string>();

/**
 * A text that is the same for equal values of plain data: keys sorted, what is undefined left out. A number and a
 * bigint of the same digits are equal: whether a manager gets the one or the other is for its validator to say.
 *
 * Samples are never changed, so the text of each object is made once.
 */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const text = known.get(value) ?? print(value);
  known.set(value, text);
  return text;
}

function print(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
