import { namePatterns } from "../../names.js";
import { compareVersions } from "../../versions.js";
import { literalOf, type Parameter, typeOf } from "./expressions.js";
import type { SentArg, SentMethod } from "./method.js";
import { headsOf, serverOf } from "./routing.js";
import { clipped, refusedWith, type Shared } from "./shared.js";
import { grownType } from "./tables.js";
import { fallbackOf, momentOf, pathsIn, pathText, routeOf, textOf } from "./value.js";

/** Parameters as the draft has them, and the paths to the server. */
export interface Params {
  readonly params: Record<string, unknown>;
  readonly server: unknown;
}

/** What a method is given, and where that leads it. */
export function paramsOf(method: SentMethod, since: string, shared: Shared, isFanout: boolean): Params {
  const { notes } = shared;
  const path = ["methods", method.wireName];
  const byName = new Map(method.parameters.map((each) => [each.name, each]));
  const params: Record<string, unknown> = {};
  const sent = new Map(method.args.map((each) => [each.name, each]));
  const used = new Set<string>();
  /** Parameters that are looked into, or used under another name, and so have to be given as they are. */
  const heads = new Set<string>();
  /** Whether a parameter is free: nothing else goes under its name. */
  const isOwn = (head: string): boolean => {
    const same = sent.get(head);
    return same === undefined || textOf(same.value) === head;
  };
  const isRequired = (head: string): boolean => byName.has(head) && byName.get(head)?.default === undefined;
  const { entry: server, routes, isOneOfSeveral } = serverOf(method, since, isOwn, isRequired, shared);
  for (const { keys } of isFanout ? [] : routes) heads.add(keys[0] ?? "");
  for (const { name, value } of method.args) {
    const route = routeOf(value);
    const [head, ...rest] = route?.keys ?? [];
    if (head !== undefined && (rest.length > 0 || (sent.has(head) && head !== name)) && isOwn(head)) heads.add(head);
  }
  for (const arg of method.args) {
    const { name, value } = arg;
    for (const [head] of pathsIn(value)) if (head !== undefined) used.add(head);
    if (arg.until !== undefined && compareVersions(arg.until, since) <= 0) continue;
    if (!namePatterns.parameter.pattern.test(name)) {
      notes.push({ path, text: `left out, since definitions cannot have the name: ${name}` });
      continue;
    }
    const { entry, text } = argEntry(arg, method.wireName, since, byName, heads, isOwn, shared);
    params[name] = entry;
    if (text !== undefined) notes.push({ path: [...path, "params", name], text });
  }
  for (const { is } of method.topics) {
    for (const head of headsOf(is)) heads.add(head);
    for (const each of is.of) if (each.kind === "path") used.add(each.keys[0] ?? "");
  }
  for (const head of heads) {
    used.add(head);
    if (!Object.hasOwn(params, head) && byName.has(head)) params[head] = localEntry(byName.get(head), isOneOfSeveral);
  }
  for (const { is } of method.kinds) {
    if (typeof is !== "object") continue;
    used.add(is.by);
    const own = byName.get(is.by)?.default;
    const value = own === undefined ? undefined : literalOf(own)?.value;
    params[is.by] = typeof value === "boolean" ? { type: "boolean", default: value } : "boolean";
  }
  const unsent = method.parameters.map(({ name }) => name).filter((name) => !used.has(name) && !sent.has(name));
  if (unsent.length > 0) notes.push({ path, text: `not sent as they are: ${unsent.join(", ")}` });
  return { params, server: isFanout ? undefined : server };
}

function argEntry(
  arg: SentArg,
  method: string,
  since: string,
  byName: ReadonlyMap<string, Parameter>,
  heads: ReadonlySet<string>,
  isOwn: (head: string) => boolean,
  shared: Shared,
): { readonly entry: unknown; readonly text: string | undefined } {
  const { name, value } = arg;
  const route = routeOf(value);
  const [head, ...rest] = route?.keys ?? [];
  if (value.kind === "literal" && !arg.isOptional)
    return { entry: whole({ type: "any", const: value.value }, arg, since, shared), text: undefined };
  if (route !== undefined && head === undefined)
    return { entry: whole({ type: "datetime", convert: route.convert }, arg, since, shared), text: undefined };
  // Parts of a host's name are for paths, not for what callers give.
  const isPart = route?.convert?.includes("(") === true;
  if (momentOf(value) === name)
    return { entry: whole({ type: "datetime", convert: "utcnow" }, arg, since, shared), text: undefined };
  const convert = route?.convert === undefined || isPart ? {} : { convert: route.convert };
  const isTaken = head !== undefined && head !== name && heads.has(head) && isOwn(head);
  if (isTaken) {
    const entry = {
      type: "any",
      from: isPart && route !== undefined ? pathText(route) : [head, ...rest].join("."),
      ...convert,
    };
    return { entry: whole(entry, arg, since, shared), text: undefined };
  }
  const isParameter = head !== undefined && rest.length === 0;
  const parameter = byName.get(isParameter ? head : name);
  const fallback = fallbackOf(value);
  // What Python puts in the place of nothing is what an absent argument stands for.
  const own = parameter?.default;
  const given =
    own === undefined || arg.isOptional || (value.kind === "first" && fallback === undefined)
      ? undefined
      : own === "None" && fallback?.keys.length === 1
        ? { value: fallback.fallback }
        : literalOf(own);
  const isOptional = arg.isOptional || (own !== undefined && given === undefined);
  const type = grownType(name, method, arg, since, shared) ?? typeFor(parameter);
  const entry = {
    type: given?.value === null && type !== "any" && !type.endsWith("?") ? `${type}?` : type,
    ...(isOptional ? { optional: true } : {}),
    ...(given === undefined ? {} : { default: given.value }),
    // Callers of Python have to give it, if only nothing; what takes the place of nothing may be left out here.
    ...(own === undefined && !arg.isOptional && fallback?.keys.join(".") === name ? { fill: fallback.fallback } : {}),
    ...convert,
  };
  if (given !== undefined) shared.hasDefaults = true;
  const text = textOf(value).replace(/\s+/g, " ");
  const isSaid = isParameter && head === name && !isPart;
  const said = [
    ...(own !== undefined && given === undefined && !arg.isOptional && literalOf(own) === undefined
      ? [`its default is ${own.replace(/\s+/g, " ")}`]
      : []),
    ...(isSaid ? [] : [clipped(`given ${text}`)]),
  ];
  return { entry: whole(entry, arg, since, shared), text: said.length === 0 ? undefined : said.join("\n") };
}

/** A parameter's entry with its versions. */
function whole(entry: Record<string, unknown>, arg: SentArg, since: string, shared: Shared): unknown {
  const isYounger = arg.since !== undefined && compareVersions(arg.since, since) > 0;
  const former = arg.formerNames.filter(({ before }) => compareVersions(before, since) > 0);
  const { type, ...others } = entry;
  const found = {
    type,
    ...(isYounger ? { since: arg.since } : {}),
    ...(arg.until === undefined || compareVersions(arg.until, since) <= 0 ? {} : { until: arg.until }),
    ...(former.length === 0 ? {} : { was: former }),
    ...others,
    ...(isYounger
      ? arg.whenOlder === "drop"
        ? { when_older: "drop" }
        : refusedWith("when_older", arg.whenOlder, shared)
      : {}),
  };
  return Object.keys(found).length === 1 ? type : found;
}

function localEntry(parameter: Parameter | undefined, isOneOfSeveral: boolean): Record<string, unknown> {
  const isOptional = isOneOfSeveral || parameter?.default !== undefined;
  return { type: typeFor(parameter), ...(isOptional ? { optional: true } : {}), local: true };
}

/** What annotation and default say of a parameter's type. */
function typeFor(parameter: Parameter | undefined): string {
  const { annotation, default: given } = parameter ?? {};
  if (annotation !== undefined) return typeOf(annotation) ?? "any";
  return given === "True" || given === "False" ? "boolean" : "any";
}
