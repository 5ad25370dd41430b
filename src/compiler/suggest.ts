/** The candidate that is most like the name, when one is like enough to have been meant. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > longestName) return undefined;
  const folded = fold(name);
  let best: string | undefined;
  // A third of the letters may differ, but not all of a short name.
  let bestDistance = (folded.length < 3 ? 0 : Math.max(1, Math.floor(folded.length / 3))) + 1;
  let tried = 0;
  for (const candidate of candidates) {
    if (++tried > mostCandidates) break;
    if (candidate === name) continue;
    const distance = editDistance(folded, fold(candidate), bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "x"?`, or what else can be said. */
export function didYouMean(name: string, candidates: Iterable<string>, otherwise?: string): { help?: string } {
  const found = suggest(name, candidates);
  if (found !== undefined) return { help: `did you mean "${found}"?` };
  return otherwise === undefined ? {} : { help: otherwise };
}

/** `"a", "b" or "c"`, shortened where there are many. */
export function listOf(names: Iterable<string>, conjunction = "or"): string {
  const quoted = [...names].map((name) => `"${name}"`);
  const shown = quoted.length > 8 ? [...quoted.slice(0, 7), `${quoted.length - 7} more`] : quoted;
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} ${conjunction} ${last}`;
}

const longestName = 64;
const mostCandidates = 1000;

/** Case, underscores and dashes are what people mix up most, so they count for nothing. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** Damerau's distance (a swap of neighbours is one step), or anything above `most` where it is larger. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(value);
      smallest = Math.min(smallest, value);
    }
    if (smallest > most) return most + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
