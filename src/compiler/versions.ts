/** Versions are totally ordered pairs of integers: 5.9 < 5.13 < 6.0. */
export function compareVersions(a: string, b: string): number {
  const [aMajor, aMinor] = parse(a);
  const [bMajor, bMinor] = parse(b);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Whether the version is in `[since, until)`. */
export function inInterval(interval: { readonly since: string; readonly until?: string }, version: string): boolean {
  return (
    compareVersions(interval.since, version) <= 0 &&
    (interval.until === undefined || compareVersions(version, interval.until) < 0)
  );
}

export function majorOf(version: string): number {
  return parse(version)[0];
}

function parse(version: string): [number, number] {
  const dot = version.indexOf(".");
  return [Number(version.slice(0, dot)), Number(version.slice(dot + 1))];
}
