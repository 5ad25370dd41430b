/** Keys that say nothing about what programs send or get. */
const silent: ReadonlySet<string> = new Set(["range", "source", "description", "deprecated", "examples", "extensions"]);

/** Whether two parts of a Model mean the same: places, prose and examples do not count. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => sameMeaning(item, b[at]))
    );
  }
  const left = meaningful(a);
  const right = new Map(meaningful(b));
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && sameMeaning(value, right.get(key)))
  );
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

function meaningful(value: object): [string, unknown][] {
  return Object.entries(value).filter(([key, item]) => item !== undefined && !silent.has(key));
}
