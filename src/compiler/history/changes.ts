import type { Interval, Method, NamedType, Param, Service, Version } from "../model.js";
import { ruleAt, topicsAt } from "../routes.js";
import { typeText } from "../types.js";
import { compareVersions, inInterval } from "../versions.js";

/** One thing that is different from a version on. */
export interface Change {
  readonly kind:
    | "method-added"
    | "method-removed"
    | "method-renamed"
    | "argument-added"
    | "argument-removed"
    | "argument-renamed"
    | "argument-changed"
    | "topic-changed"
    | "server-changed"
    | "type-changed"
    | "kind-changed"
    | "label-changed"
    | "error-added"
    | "error-removed";
  /** The method's name from this version on; absent for errors. */
  readonly method?: string;
  /** The argument, error or type; for a topic, server, kind or label what it is from now on. */
  readonly name?: string;
  /** What a name, type, topic, kind or label was before. */
  readonly former?: string;
  /** Fields that an object has from now on. */
  readonly fields?: readonly string[];
  /** The type that an argument has from now on, or the version that a versioned object has, where that is what has changed. */
  readonly type?: string;
}

/** What a version brought, as `since`, `until`, `was` and rules say it. */
export function changesAt(service: Service, version: Version, before: Version): readonly Change[] {
  return [
    ...service.methods.flatMap((method) => methodChanges(service, method, version, before)),
    ...service.types.flatMap((type) => typeChanges(type, version)),
    ...service.errors.flatMap(({ name, interval }) => beginsOrEnds(interval, version, before, "error", { name })),
  ];
}

function methodChanges(service: Service, method: Method, version: Version, before: Version): readonly Change[] {
  const named = { method: nameAt(method, version) };
  const own = beginsOrEnds(method.interval, version, before, "method", named);
  // A method that comes or goes takes everything about it along.
  if (own.length > 0 || !inInterval(method.interval, version)) return own;
  const former = nameAt(method, before);
  const topic = (at: Version): string => topicsAt(method, at).join(", or ") || service.topic;
  const server = (at: Version): string => ruleAt(method.server, at)?.join(", ") ?? "";
  return [
    ...(former === named.method ? [] : [{ kind: "method-renamed" as const, ...named, former }]),
    ...method.params.flatMap((param) => paramChanges(param, named, version, before)),
    ...differs("topic-changed", named, topic(version), topic(before)),
    ...differs("server-changed", named, server(version), server(before)),
    ...differs("kind-changed", named, kindText(method, version), kindText(method, before)),
    ...differs("label-changed", named, ruleAt(method.label, version) ?? "", ruleAt(method.label, before) ?? ""),
  ];
}

function paramChanges(
  param: Param,
  method: { readonly method: string },
  version: Version,
  before: Version,
): readonly Change[] {
  const named = { ...method, name: nameAt(param, version) };
  const own = beginsOrEnds(param.interval, version, before, "argument", named);
  if (own.length > 0 || !inInterval(param.interval, version)) return own;
  const former = nameAt(param, before);
  return [
    ...(former === named.name ? [] : [{ kind: "argument-renamed" as const, ...named, former }]),
    ...shapeChanges(param, named, version),
  ];
}

/** What is different beside the name: the type, or how its value is made. */
function shapeChanges(
  param: Param,
  named: { readonly method: string; readonly name: string },
  version: Version,
): readonly Change[] {
  const index = param.was.findIndex((entry) => entry.before === version);
  const ended = param.was[index];
  const type = typeText(param.was[index + 1]?.type ?? param.type);
  const former = ended?.type === undefined ? type : typeText(ended.type);
  if (former !== type) return [{ kind: "argument-changed", ...named, former, type }];
  const isOther = ended?.convert !== undefined || ended?.fill !== undefined || param.convert?.before === version;
  return isOther ? [{ kind: "argument-changed", ...named }] : [];
}

/** The shape that an object has from the version on: until today, or until the next entry. */
function typeChanges(type: NamedType, version: Version): readonly Change[] {
  if (type.kind !== "object") return [];
  const index = type.was.findIndex(({ before }) => before === version);
  const ended = type.was[index];
  if (ended === undefined) return [];
  const next = type.was[index + 1];
  const fields = ended.without.filter((field) => next?.without.includes(field) !== true);
  const now = next?.version ?? type.object?.version;
  const isNewer = ended.version !== undefined && now !== undefined && ended.version !== now;
  if (fields.length === 0 && !isNewer) return [];
  const versions = isNewer ? { former: ended.version, type: now } : {};
  return [{ kind: "type-changed", name: type.name, ...versions, fields }];
}

function beginsOrEnds(
  interval: Interval,
  version: Version,
  before: Version,
  what: "method" | "argument" | "error",
  named: { readonly method?: string; readonly name?: string },
): readonly Change[] {
  const is = inInterval(interval, version);
  if (is === inInterval(interval, before)) return [];
  return [{ kind: `${what}-${is ? "added" : "removed"}`, ...named }];
}

function differs(
  kind: Change["kind"],
  named: { readonly method: string },
  name: string,
  former: string,
): readonly Change[] {
  return name === former ? [] : [{ kind, ...named, name, former }];
}

/** The name of a method or parameter at a version. */
function nameAt(
  {
    name,
    was,
  }: { readonly name: string; readonly was: readonly { readonly before: Version; readonly name?: string }[] },
  version: Version,
): string {
  return was.find(({ before }) => compareVersions(version, before) < 0)?.name ?? name;
}

function kindText({ kind }: Method, version: Version): string {
  const value = ruleAt(kind, version);
  return typeof value === "object" ? `${value.true} or ${value.false}` : (value ?? "call");
}
