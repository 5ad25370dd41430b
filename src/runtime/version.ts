import type { ByVersion, Interval, ServiceDescriptor, Version } from "./descriptor.js";
import { silentLogger } from "./logger.js";

/** A version as one number, so that versions compare as numbers do. */
export type Ordinal = number;

const MINORS = 100_000;

export function ordinalOf(version: Version): Ordinal {
  const dot = version.indexOf(".");
  return Number(version.slice(0, dot)) * MINORS + Number(version.slice(dot + 1));
}

export function versionOf(ordinal: Ordinal): Version {
  return `${Math.floor(ordinal / MINORS)}.${ordinal % MINORS}`;
}

/** Whether the ordinal is in `[since, until)`. */
export function isIn(interval: Interval, ordinal: Ordinal): boolean {
  return (
    (interval.since === undefined || ordinalOf(interval.since) <= ordinal) &&
    (interval.until === undefined || ordinal < ordinalOf(interval.until))
  );
}

/** The value that holds at a version: the first rule whose interval has it. */
export function valueAt<T>(rules: ByVersion<T> | undefined, ordinal: Ordinal): T | undefined {
  if (!isRules(rules)) return rules;
  return rules.find((rule) => isIn(rule, ordinal))?.value;
}

/** All values that hold at a version, in the order of their rules. */
export function valuesAt<T>(rules: ByVersion<T> | undefined, ordinal: Ordinal): readonly T[] {
  if (!isRules(rules)) return rules === undefined ? [] : [rules];
  return rules.filter((rule) => isIn(rule, ordinal)).map(({ value }) => value);
}

function isRules<T>(rules: ByVersion<T> | undefined): rules is readonly (Interval & { readonly value: T })[] {
  return Array.isArray(rules) && typeof rules[0] !== "string";
}

/** The newest version of each major that the definition serves, by major. */
export function newestByMajor(service: ServiceDescriptor): ReadonlyMap<number, Ordinal> {
  return new Map(service.versions.map(ordinalOf).map((ordinal) => [Math.floor(ordinal / MINORS), ordinal]));
}

/** The oldest version of each major, by major: the lowest label of a request in it. */
export function oldestByMajor(service: ServiceDescriptor): ReadonlyMap<number, Ordinal> {
  return new Map(
    service.versions
      .map(ordinalOf)
      .reverse()
      .map((ordinal) => [Math.floor(ordinal / MINORS), ordinal]),
  );
}

export function majorOf(ordinal: Ordinal): number {
  return Math.floor(ordinal / MINORS);
}

/** A request's version: numbers with dots between, leading zeros and spaces around allowed, as Python's `int` takes them. */
const REQUESTED = /^\s*(\d{1,9})\.(\d{1,5})(?:\.(\d{1,9}))?(?:\.\d+)*\s*$/;

/**
 * The version of the definition in which a request speaks, or undefined when the server does not serve it: the major
 * must be one of the definition's, and the minor and revision not above its newest.
 * Source: oslo_messaging._utils.version_is_compatible.
 */
export function servedVersion(newest: ReadonlyMap<number, Ordinal>, requested: string | null): Ordinal | undefined {
  const match = requested === null ? null : REQUESTED.exec(requested);
  if (match === null) return undefined;
  const ordinal = Number(match[1]) * MINORS + Number(match[2]);
  const implemented = newest.get(Number(match[1]));
  if (implemented === undefined || ordinal > implemented) return undefined;
  return ordinal === implemented && Number(match[3] ?? 0) > 0 ? undefined : ordinal;
}

/** A version as definitions write it. In oslo 2.04 is 2.4, and here a cap that is written so is taken for a slip. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/**
 * The version that a cap names: a version, or a release of the definition. A cap above the newest version of its major
 * is that newest version, since no more is known: programs of several ages may share a configuration. The logger is
 * told, as it may be a slip too.
 *
 * @throws {RangeError} when the cap is no release of the definition, and no version from the oldest of its majors on
 */
export function resolveCap(service: ServiceDescriptor, cap: string | undefined, logger = silentLogger): Ordinal {
  const newest = newestByMajor(service);
  if (cap === undefined) return Math.max(...newest.values());
  // A configuration in YAML or JSON has numbers easily, and 1.10 would be 1.1.
  if (typeof cap !== "string") throw new TypeError(`a version cap is a text, and ${cap} is none; quote it`);
  const version = service.releases !== undefined && Object.hasOwn(service.releases, cap) ? service.releases[cap] : cap;
  if (version === undefined || !VERSION.test(version)) {
    throw new RangeError(`${service.name} has no release "${cap}" for a version cap; it has ${known(service)}`);
  }
  const ordinal = ordinalOf(version);
  const oldest = oldestByMajor(service).get(majorOf(ordinal));
  const limit = newest.get(majorOf(ordinal));
  if (limit === undefined || oldest === undefined || ordinal < oldest) {
    throw new RangeError(`${service.name} has no version ${cap} for a version cap; it has ${known(service)}`);
  }
  if (ordinal > limit) {
    const newest = versionOf(limit);
    logger.warn(
      { service: service.name, cap, newest },
      "the version cap is newer than the definition; its newest is sent",
    );
  }
  return Math.min(ordinal, limit);
}

function known({ versions, releases }: ServiceDescriptor): string {
  const names = Object.keys(releases ?? {});
  const range = `versions ${versions[0]} to ${versions.at(-1)}`;
  return names.length === 0 ? range : `${range} and the releases ${names.join(", ")}`;
}

/** The newest of some versions; zero where there is none. */
export function latest(...versions: readonly (Version | undefined)[]): Ordinal {
  return Math.max(0, ...versions.map((version) => (version === undefined ? 0 : ordinalOf(version))));
}
