import { builtInConverters } from "../converters.js";
import { Codecs } from "../emit/codec.js";
import { chosenKind, oldestVersion } from "../emit/shape.js";
import type { Interval, Method, MethodKind, Param, Service } from "../model.js";
import { builtInFunction, functionsOf, keysOf, placesOf, ruleAt, serverPathsAt, topicsAt } from "../routes.js";
import { compareVersions, inInterval } from "../versions.js";
import type { Examples } from "./examples.js";
import type { Sealer } from "./sealed.js";

/** What a call of a method puts on the wire, with values for its arguments. */
export interface SampleRequest {
  /** The version cap of the client that sends it: the newest at which the method exists. */
  readonly cap: string;
  readonly kind: MethodKind;
  /** The method's name on the wire at that cap. */
  readonly method: string;
  /** The label: what a server must speak to understand the request. */
  readonly version: string;
  readonly topic: string;
  /** The topic as the definition says it, `cinder-volume.{volume.service_topic_queue}`. */
  readonly topicRule: string;
  /** Undefined where the topic's queue takes the request. */
  readonly server: string | undefined;
  /** What the program gives. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What is sent. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Converters of the user: what they make is not known here. */
  readonly converters: readonly string[];
}

/**
 * What the runtime's client makes of a call at the newest cap that has the method. A test compares the two for every
 * method of nova's definitions.
 *
 * @param given the arguments; made-up ones where there are none
 */
export function sampleRequest(
  service: Service,
  method: Method,
  examples: Examples,
  sealer: Sealer,
  given: Readonly<Record<string, unknown>> = givenArguments(method, capOf(service, method), examples),
): SampleRequest {
  const cap = capOf(service, method);
  const rule = ruleAt(method.kind, cap) ?? "call";
  const chooser = typeof rule === "object" ? rule : undefined;
  const choice =
    chooser === undefined ? undefined : (given[chooser.by] ?? chooser.default ?? defaultOf(method, chooser.by));
  const kind = typeof rule === "object" ? rule[choice === true ? "true" : "false"] : rule;
  const args: Record<string, unknown> = {};
  const converters = new Set<string>();
  const codecs = new Codecs(service);
  let label = startingLabel(service, method, cap);
  for (const param of method.params) {
    if (param.local || param.name === chooser?.by || !inInterval(param.interval, cap)) continue;
    const value = givenValue(param, given);
    const converter = converterAt(param, cap);
    if (value === undefined && converter !== "utcnow") continue;
    const former = param.was.find(({ before }) => compareVersions(cap, before) < 0);
    const isUsers = converter !== undefined && !builtInConverters.has(converter);
    if (isUsers) converters.add(converter);
    args[former?.name ?? param.name] = isUsers
      ? `<made by ${converter}>`
      : builtIn(converter, sealer.seal(param.type, value), converter === undefined ? undefined : value);
    // What a converter makes is no object of today's type.
    const type = former?.type ?? (converter === undefined ? param.type : undefined);
    const changes = [...changesOf(param), ...(type === undefined ? [] : codecs.changesOf(type))];
    label = latest(label, param.interval.since, ...changes.filter((each) => compareVersions(each, cap) <= 0));
  }
  const topicRule = ruleAt(method.topic, cap) ?? service.topic;
  return {
    cap,
    kind,
    method: nameAt(method, cap),
    version: ruleAt(method.label, cap) ?? label,
    topic: topicRule.replace(/\{([^}]*)\}/g, (_, path: string) => String(readPath(path, given) ?? path)),
    topicRule,
    server: kind === "fanout" ? undefined : serverOf(method, cap, given),
    given,
    args,
    converters: [...converters],
  };
}

/** The newest version at which the method exists. */
export function capOf(service: Service, method: Method): string {
  const versions = service.versions.filter(({ version }) => inInterval(method.interval, version));
  return versions.at(-1)?.version ?? method.interval.since;
}

/** The paths that name the server or the topic's queue, without their functions. */
export function routingPaths(method: Method, cap: string): readonly (readonly string[])[] {
  const [server] = serverPathsAt(method, cap);
  const [topic] = topicsAt(method, cap);
  return [...(server === undefined ? [] : [server]), ...placesOf(topic ?? "")].map(keysOf);
}

/** Values for everything that a caller may give, also for what only routes. */
function givenArguments(method: Method, cap: string, examples: Examples): Readonly<Record<string, unknown>> {
  const paths = [
    ...routingPaths(method, cap),
    ...method.params.flatMap(({ from }) => (from === undefined ? [] : [keysOf(from)])),
  ];
  const chooser = chosenKind(method);
  const given: Record<string, unknown> = {};
  for (const param of method.params) {
    const { name, type, from, interval, deprecated } = param;
    if (from !== undefined || param.const !== undefined || !inInterval(interval, cap)) continue;
    // The call shows more than the cast: it has a reply.
    if (name === chooser?.by) given[name] = chooser.true === "call";
    else if (deprecated === undefined || !param.optional)
      given[name] = paths.reduce<unknown>(
        (value, [first, ...rest]) => {
          return first === name ? examples.withPath(type, value, rest) : value;
        },
        argumentValue(param, examples),
      );
  }
  return given;
}

/** A default tells more than something made up, unless it is nothing. */
function argumentValue(param: Param, examples: Examples): unknown {
  const { default: fallback, examples: own } = param;
  return fallback !== undefined && own.length === 0 && !isEmpty(fallback.value) ? fallback.value : examples.of(param);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function majorPart(version: string): string {
  return version.slice(0, version.indexOf("."));
}

function defaultOf(method: Method, name: string): unknown {
  return method.params.find((param) => param.name === name)?.default?.value;
}

/** Where the label begins: the method's own version, and the ends of arguments which older servers still want. */
function startingLabel(service: Service, method: Method, cap: string): string {
  const oldestOfMajor = service.versions.find(({ version }) => majorPart(version) === majorPart(cap))?.version ?? cap;
  const renamed = method.was.map(({ before }) => before).filter((before) => compareVersions(before, cap) <= 0);
  const label = latest(oldestOfMajor, method.interval.since, ...renamed);
  const ends = method.params
    .filter(({ local, optional, interval }) => !local && !optional && compareVersions(interval.since, label) <= 0)
    .flatMap(({ interval: { until } }) => (until === undefined ? [] : [until]))
    .filter((until) => compareVersions(until, cap) <= 0);
  return latest(label, oldestVersion(service), ...ends);
}

function givenValue(param: Param, given: Readonly<Record<string, unknown>>): unknown {
  const value =
    param.const !== undefined
      ? param.const.value
      : param.from !== undefined
        ? readPath(param.from, given)
        : given[param.name];
  return value === undefined ? param.fill?.value : value;
}

/** The versions at which the parameter changed its shape. */
function changesOf({ was, convert }: Param): readonly string[] {
  return [...was.map(({ before }) => before), ...(convert?.before === undefined ? [] : [convert.before])];
}

function converterAt({ convert, was }: Param, cap: string): string | undefined {
  const former = was.find(({ before }) => compareVersions(cap, before) < 0);
  if (former?.convert !== undefined) return former.convert;
  return convert === undefined || (convert.before !== undefined && compareVersions(cap, convert.before) >= 0)
    ? undefined
    : convert.name;
}

/** What the runtime's own converters make of a value. */
function builtIn(converter: string | undefined, sealed: unknown, value: unknown): unknown {
  switch (converter) {
    case "utcnow":
      return "2026-01-31T12:00:00.000000";
    case "extract_host":
      return applied("extract_host", value);
    case "to_primitive":
      return value;
    default:
      return sealed;
  }
}

function nameAt(method: Method, cap: string): string {
  return method.was.find(({ before }) => compareVersions(cap, before) < 0)?.name ?? method.name;
}

function serverOf(method: Method, cap: string, given: Readonly<Record<string, unknown>>): string | undefined {
  const values = serverPathsAt(method, cap).map((path) => readPath(path, given));
  const value = values.find((each) => each !== undefined && each !== null && each !== "");
  return value === undefined ? undefined : String(value);
}

function readPath(path: string, given: Readonly<Record<string, unknown>>): unknown {
  const value = keysOf(path).reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    given,
  );
  return functionsOf(path).reduce((result, name) => applied(name, result), value);
}

/** What a function of a path makes; one of the user's is not known here. */
function applied(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return (builtInFunction(name) ?? (() => `<made by ${name}>`))(value);
}

function latest(first: string, ...others: readonly string[]): string {
  return others.reduce((found, each) => (compareVersions(each, found) > 0 ? each : found), first);
}

/** Whether an interval ends within the versions that the definition lists. */
export function hasEnded(interval: Interval, newest: string): boolean {
  return interval.until !== undefined && compareVersions(interval.until, newest) <= 0;
}
