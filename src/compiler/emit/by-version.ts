import type { ChosenKind, Interval, Method, MethodKind, Service } from "../model.js";
import { ruleAt } from "../routes.js";
import { inInterval } from "../versions.js";

/** What holds from a version on, up to the one of the stretch before it. */
export interface Stretch<T> {
  readonly since: string;
  readonly value: T;
}

/** What holds at the versions of an interval, newest first; neighbours that are the same are one. */
export function stretchesOf<T>(
  { versions }: Service,
  interval: Interval,
  at: (version: string) => T,
): readonly Stretch<T>[] {
  const stretches: Stretch<T>[] = [];
  for (const { version } of versions) {
    if (!inInterval(interval, version)) continue;
    const value = at(version);
    if (stretches.length === 0 || stretches[0]?.value !== value) stretches.unshift({ since: version, value });
  }
  return stretches;
}

/** `a cast since 3.1, before a call`; what always holds is said without a version. */
export function stretchesText<T>(stretches: readonly Stretch<T>[], textOf: (value: T) => string): string {
  return stretches
    .map(({ since, value }, index) => {
      if (index < stretches.length - 1) return `${textOf(value)} since ${since}`;
      return index === 0 ? textOf(value) : `before ${textOf(value)}`;
    })
    .join(", ");
}

/** How a method is sent, where that depends on the version: `a cast since 3.1, before a call`. */
export function kindByVersion(service: Service, { interval, kind }: Method): string | undefined {
  const stretches = stretchesOf(service, interval, (version) => ruleAt(kind, version) ?? "call");
  return stretches.length < 2 ? undefined : stretchesText(stretches, kindText);
}

/** `a cast`, or how its caller chooses. */
export function kindText(kind: MethodKind | ChosenKind): string {
  return typeof kind === "string" ? `a ${kind}` : `a ${kind.true} where ${kind.by} is true, otherwise a ${kind.false}`;
}
