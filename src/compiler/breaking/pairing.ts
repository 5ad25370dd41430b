/** What two lists have in common by a key, and what only one of them has. */
export function pairItems<T>(
  previous: readonly T[],
  current: readonly T[],
  keyOf: (item: T) => string,
): { readonly pairs: (readonly [T, T])[]; readonly removed: T[]; readonly added: T[] } {
  const open = new Map(current.map((item) => [keyOf(item), item]));
  const pairs: (readonly [T, T])[] = [];
  const removed: T[] = [];
  for (const item of previous) {
    const key = keyOf(item);
    const found = open.get(key);
    if (found === undefined) removed.push(item);
    else {
      pairs.push([item, found]);
      open.delete(key);
    }
  }
  return { pairs, removed, added: [...open.values()] };
}
