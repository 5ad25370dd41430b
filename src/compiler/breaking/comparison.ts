import type { ErrorType, Method, Model, Param, Service, Type, Version } from "../model.js";
import { compareVersions, majorOf } from "../versions.js";
import { existsAt, isSent, kindsAt, methodNameAt, paramAt } from "./at-version.js";
import { pairItems } from "./pairing.js";
import { sameMeaning } from "./same.js";
import { TypeChanges } from "./type-changes.js";

/** Two states of definitions, with what belongs together side by side. Rules read this and nothing else. */
export interface Comparison {
  readonly services: readonly ServicePair[];
  /** Services of the previous state which nothing has taken the place of. */
  readonly removed: readonly Service[];
}

/** One service in its two states. */
export interface ServicePair {
  readonly previous: Service;
  readonly current: Service;
  /** Versions of the previous state in a major that is still served, oldest first: their shapes are promised. */
  readonly shared: readonly Version[];
  readonly versions: VersionSteps;
  readonly methods: readonly MethodPair[];
  readonly removed: readonly Method[];
  readonly added: readonly Method[];
  /** Methods which seem to have got another name, and nothing says so. */
  readonly renamed: readonly Renamed<Method>[];
  readonly errors: readonly ErrorPair[];
  readonly types: TypeChanges;
}

export interface Renamed<T> {
  readonly previous: T;
  readonly current: T;
}

/** What the versions of a service tell. */
export interface VersionSteps {
  /** The newest of each state. */
  readonly previous: Version;
  readonly current: Version;
  /** The first version that the next minor and the next major step have, or would have. */
  readonly minor: Version;
  readonly major: Version;
  /** Whether no server of the previous state knows the version. */
  readonly isFresh: (version: Version) => boolean;
  /** Whether the version is fresh and its major is not. */
  readonly isMinorStep: (version: Version) => boolean;
}

/** When something exists in the two states; shared versions alone. */
export interface Presence {
  readonly both: readonly Version[];
  readonly lost: readonly Version[];
  readonly gained: readonly Version[];
}

/** One method in its two states. */
export interface MethodPair extends Presence {
  readonly previous: Method;
  readonly current: Method;
  /** False where the two mean the same; named types may differ all the same. */
  readonly changed: boolean;
  /** Those of methods that have changed; nothing is to be said of others. */
  readonly params: readonly ParamPair[];
  readonly removed: readonly Param[];
  /** Shared versions at which a parameter without a former self exists. */
  readonly added: readonly { readonly param: Param; readonly claims: readonly Version[] }[];
  readonly renamed: readonly Renamed<Param>[];
}

/** One parameter in its two states. */
export interface ParamPair extends Presence {
  readonly previous: Param;
  readonly current: Param;
}

/** One declared error in its two states. */
export interface ErrorPair {
  readonly previous: ErrorType;
  readonly current: ErrorType;
}

/** Puts two Models side by side. */
export function compare(previous: Model, current: Model): Comparison {
  const { pairs, removed, added } = pairItems(previous.services, current.services, ({ name }) => name);
  const services = pairs.map(([before, now]) => comparedServices(before, now));
  // A service with another name that takes the same messages is the same one.
  const gone = removed.filter((before) => {
    const heirs = added.filter(({ topic, namespace }) => topic === before.topic && namespace === before.namespace);
    const [heir] = heirs;
    if (heir === undefined || heirs.length > 1) return true;
    services.push(comparedServices(before, heir));
    return false;
  });
  return { services, removed: gone };
}

// ---------------------------------------------------------------------------------------------------------- services

function comparedServices(previous: Service, current: Service): ServicePair {
  const majors = new Set(current.versions.map(({ version }) => majorOf(version)));
  const shared = previous.versions.map(({ version }) => version).filter((version) => majors.has(majorOf(version)));
  const found = pairedMethods(previous, current, shared);
  const errors = pairedErrors(previous, current);
  return {
    previous,
    current,
    shared,
    versions: stepsOf(previous, current),
    ...found,
    errors,
    types: typeChangesOf(previous, current, found.methods, errors),
  };
}

function stepsOf(previous: Service, current: Service): VersionSteps {
  const newestBefore = previous.versions.at(-1)?.version ?? "1.0";
  const newestNow = current.versions.at(-1)?.version ?? "1.0";
  const known = new Map<number, Version>(previous.versions.map(({ version }) => [majorOf(version), version]));
  const isFresh = (version: Version): boolean => {
    const newest = known.get(majorOf(version));
    return newest === undefined || compareVersions(version, newest) > 0;
  };
  const isMinorStep = (version: Version): boolean => isFresh(version) && known.has(majorOf(version));
  const fresh = current.versions
    .map(({ version }) => version)
    .filter((version) => compareVersions(version, newestBefore) > 0);
  const [major, minor] = newestBefore.split(".").map(Number);
  return {
    previous: newestBefore,
    current: newestNow,
    minor: fresh.find((version) => majorOf(version) === major) ?? `${major}.${(minor ?? 0) + 1}`,
    major: fresh.find((version) => majorOf(version) !== major) ?? `${(major ?? 0) + 1}.0`,
    isFresh,
    isMinorStep,
  };
}

function pairedErrors(previous: Service, current: Service): ErrorPair[] {
  const { pairs, removed, added } = pairItems(previous.errors, current.errors, ({ name }) => name);
  const renamed = pairItems(removed, added, ({ wire }) => wire).pairs;
  return [...pairs, ...renamed].map(([before, now]) => ({ previous: before, current: now }));
}

// ----------------------------------------------------------------------------------------------------------- methods

type PairedMethods = Pick<ServicePair, "methods" | "removed" | "added" | "renamed">;

function pairedMethods(previous: Service, current: Service, shared: readonly Version[]): PairedMethods {
  const heirs = heirsOf(previous.methods, current.methods, shared, methodNameAt);
  const lost = previous.methods.filter(
    (method) => !heirs.has(method) && shared.some((version) => existsAt(method, version)),
  );
  const taken = new Set(heirs.values());
  const fresh = current.methods.filter((method) => !taken.has(method));
  const renamed = likelyRenames(lost, fresh, sameMethod);
  const moved = new Set(renamed.flatMap((each) => [each.previous, each.current]));
  return {
    methods: [...heirs].map(([before, now]) => pairedMethod(before, now, shared)),
    removed: lost.filter((method) => !moved.has(method)),
    added: fresh.filter((method) => !moved.has(method)),
    renamed,
  };
}

function pairedMethod(previous: Method, current: Method, shared: readonly Version[]): MethodPair {
  const presence = presenceOf(previous, current, shared);
  if (sameMeaning(previous, current)) {
    return { previous, current, ...presence, changed: false, params: [], removed: [], added: [], renamed: [] };
  }
  const { both } = presence;
  const heirs = heirsOf(previous.params, current.params, both, (param, version) => paramAt(param, version).name);
  const isThere = (param: Param): boolean => both.length === 0 || both.some((version) => existsAt(param, version));
  const lost = previous.params.filter((param) => !heirs.has(param) && isThere(param));
  const taken = new Set(heirs.values());
  const fresh = current.params.filter((param) => !taken.has(param));
  const renamed = likelyRenames(lost.filter(isSent), fresh.filter(isSent), sameParam);
  const moved = new Set(renamed.flatMap((each) => [each.previous, each.current]));
  return {
    previous,
    current,
    ...presence,
    changed: true,
    params: [...heirs].map(([before, now]) => ({ previous: before, current: now, ...presenceOf(before, now, both) })),
    removed: lost.filter((param) => !moved.has(param)),
    added: fresh
      .filter((param) => !moved.has(param))
      .map((param) => ({ param, claims: both.filter((version) => existsAt(param, version)) })),
    renamed,
  };
}

type Versioned = Method | Param;

function presenceOf(previous: Versioned, current: Versioned, versions: readonly Version[]): Presence {
  const both: Version[] = [];
  const lost: Version[] = [];
  const gained: Version[] = [];
  for (const version of versions) {
    const [before, now] = [existsAt(previous, version), existsAt(current, version)];
    if (before && now) both.push(version);
    else if (before) lost.push(version);
    else if (now) gained.push(version);
  }
  return { both, lost, gained };
}

/**
 * What has become of each thing of the previous state: what has its wire name at the newest version that both know, or
 * else its own name.
 */
function heirsOf<T extends Versioned>(
  previous: readonly T[],
  current: readonly T[],
  versions: readonly Version[],
  nameAt: (item: T, version: Version) => string,
): Map<T, T> {
  const byName = new Map(current.map((item) => [item.name, item]));
  const renamed = current.filter(({ was }) => was.length > 0);
  const heirs = new Map<T, T>();
  const taken = new Set<T>();
  const take = (before: T, now: T | undefined): void => {
    if (now === undefined || taken.has(now) || heirs.has(before)) return;
    heirs.set(before, now);
    taken.add(now);
  };
  const open: T[] = [];
  for (const before of previous) {
    const version = versions.findLast((each) => existsAt(before, each));
    const wireName = version === undefined ? before.name : nameAt(before, version);
    const named = byName.get(wireName);
    const answers = (now: T): boolean => version === undefined || nameAt(now, version) === wireName;
    if (named !== undefined && answers(named)) take(before, named);
    else if (version !== undefined) {
      take(
        before,
        renamed.find((now) => existsAt(now, version) && nameAt(now, version) === wireName),
      );
    }
    if (!heirs.has(before)) open.push(before);
  }
  for (const before of open) take(before, byName.get(before.name));
  return new Map(
    previous.flatMap((before) => {
      const now = heirs.get(before);
      return now === undefined ? [] : [[before, now] as const];
    }),
  );
}

/** What is gone and what is new are the same thing where they are alike in all but the name, and nothing else is. */
function likelyRenames<T extends Versioned>(
  lost: readonly T[],
  fresh: readonly T[],
  alike: (a: T, b: T) => boolean,
): Renamed<T>[] {
  // Of many candidates none is likely, and comparing all with all takes time.
  if (lost.length > 50 || fresh.length > 50) return [];
  return lost.flatMap((previous) => {
    const heirs = fresh.filter((current) => alike(previous, current));
    const [current] = heirs;
    if (current === undefined || heirs.length > 1) return [];
    return lost.filter((other) => alike(other, current)).length > 1 ? [] : [{ previous, current }];
  });
}

function sameMethod(a: Method, b: Method): boolean {
  const shape = ({ params, returns, kind, errors }: Method) => ({
    params: params.map(({ name, type }) => ({ name, type })),
    returns: returns.type,
    kind: kind.map(({ value }) => value),
    errors,
  });
  // Two methods without anything are alike by chance.
  return a.params.length > 0 && sameMeaning(shape(a), shape(b));
}

function sameParam(a: Param, b: Param): boolean {
  return (
    a.optional === b.optional &&
    sameMeaning(a.type, b.type) &&
    sameMeaning(a.constraints, b.constraints) &&
    sameMeaning(a.default, b.default)
  );
}

// ------------------------------------------------------------------------------------------------------------- types

function typeChangesOf(
  previous: Service,
  current: Service,
  methods: readonly MethodPair[],
  errors: readonly ErrorPair[],
): TypeChanges {
  const changes = new TypeChanges(previous, current);
  const areSame = sameMeaning(previous.types, current.types);
  for (const { previous: before, current: now, both, changed, params } of methods) {
    if (both.length === 0 || (areSame && !changed)) continue;
    const pairs = changed ? params : sameParams(before, now, both);
    for (const param of pairs) {
      if (!isSent(param.previous) || !isSent(param.current)) continue;
      for (const [a, b] of shapesOf(param)) changes.compareParam(now.name, param.previous, param.current, a, b);
    }
    if (mayAnswer(before, both) && mayAnswer(now, both)) changes.compareResult(before, now);
  }
  for (const { previous: before, current: now } of errors) changes.compareError(before, now);
  return changes;
}

/** The parameters of a method that is the same: their types may have changed all the same. */
function sameParams(previous: Method, current: Method, versions: readonly Version[]): ParamPair[] {
  return previous.params.flatMap((before, index) => {
    const now = current.params[index];
    return now === undefined ? [] : [{ previous: before, current: now, both: versions, lost: [], gained: [] }];
  });
}

/** Of what is only cast, nobody sees a result. */
function mayAnswer(method: Method, versions: readonly Version[]): boolean {
  return versions.some((version) => kindsAt(method, version).includes("call"));
}

type Typed = { readonly type: Type; readonly isOwnType: boolean };

/** The pairs of types that a parameter has at the versions of both states, each once. */
function shapesOf({ previous, current, both }: ParamPair): (readonly [Typed, Typed])[] {
  const isSimple = previous.was.length + current.was.length === 0;
  const found: (readonly [Typed, Typed])[] = [];
  for (const version of isSimple ? both.slice(-1) : both) {
    const [a, b] = [paramAt(previous, version), paramAt(current, version)];
    if (!found.some(([one, other]) => one.type === a.type && other.type === b.type)) found.push([a, b]);
  }
  return found;
}
