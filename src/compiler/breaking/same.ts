/** Keys that say nothing about what programs send or get. */
const silent: ReadonlySet<string> = new Set(["range", "source", "description", "deprecated", "examples", "extensions"]);

/** Whether two parts of a Model mean the same: places, prose and examples do not count. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, at) => sameMeaning(item, b[at]));
  }
  // Most of what is compared is the same, so that nothing is made for it.
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]; // Plain objects.
  for (const key in left) if (!silent.has(key) && !sameMeaning(left[key], right[key])) return false;
  for (const key in right) if (!silent.has(key) && right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

/** Whether two values of a definition are equal as data, whatever the order of keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}
