import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import { docstring, isSelfOrContext, type Parameter, parametersOf, routesOf } from "./expressions.js";
import { type Condition, Flow, type Former, type Send, type Surroundings, type Way } from "./flow.js";
import type { PythonTree } from "./tree.js";

/** What a method of an RPC class sends. */
export interface SentMethod {
  readonly wireName: string;
  readonly formerNames: readonly Former[];
  readonly kind: Way | "fanout";
  /** The lowest version that it sends; undefined where it names none. */
  readonly since: string | undefined;
  /** Every version that it names. */
  readonly versions: readonly string[];
  readonly args: readonly SentArg[];
  /** The paths of the server, where it has one that could be read. */
  readonly server: readonly string[];
  readonly description: string | undefined;
  /** Parameters of the Python method, without the context. */
  readonly parameters: readonly Parameter[];
  readonly remarks: readonly string[];
}

/** One argument on the wire. */
export interface SentArg {
  readonly name: string;
  /** The expression that it is given. */
  readonly value: string;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly whenOlder: "drop" | "reject";
  /** It is given under a condition alone. */
  readonly isOptional: boolean;
  readonly formerNames: readonly Former[];
}

/** Reads what a method sends: nothing that can be seen, one message, or several of different names. */
export function sentMethods(method: SyntaxNode, tree: PythonTree, around: Surroundings): readonly SentMethod[] {
  const flow = new Flow(method, tree, around);
  const body = method.getChild("Body");
  const rest = [...flow.sends];
  const found: SentMethod[] = [];
  for (let main = newest(rest); main !== undefined; main = newest(rest)) {
    const first = main;
    const group = rest.filter((each) => each === first || belongs(each, first));
    for (const each of group) rest.splice(rest.indexOf(each), 1);
    found.push(
      combined(first, group, flow, {
        method,
        tree,
        around,
        description: body === null ? undefined : docstring(body, tree),
      }),
    );
  }
  return found;
}

/** The place that sends the newest form. */
function newest(sends: readonly Send[]): Send | undefined {
  return [...sends].sort((a, b) => compareRanks(rankOf(b), rankOf(a)))[0];
}

/** A version that can be sent is above none, and one that cannot is below. */
function rankOf({ conditions }: Send): string {
  const inner = conditions.findLast((each) => each.kind === "version");
  return inner?.kind !== "version" ? "0.1" : inner.can ? inner.version : "0.0";
}

function compareRanks(a: string, b: string): number {
  return compareVersions(a, b);
}

/** Whether a place sends the same message: under its name, or an older form of it. */
function belongs(other: Send, main: Send): boolean {
  return other.name === main.name || olderThan(other, main) !== undefined;
}

/** The version below which a place sends, in the stead of the newest form. */
function olderThan({ conditions }: Send, main: Send): string | undefined {
  const cannot = conditions.findLast((each) => each.kind === "version" && !each.can);
  if (cannot?.kind !== "version") return undefined;
  const isPair = main.conditions.some((each) => each.kind === "version" && each.can && each.version === cannot.version);
  return isPair ? cannot.version : undefined;
}

interface Origin {
  readonly method: SyntaxNode;
  readonly tree: PythonTree;
  readonly around: Surroundings;
  readonly description: string | undefined;
}

function combined(
  main: Send,
  group: readonly Send[],
  flow: Flow,
  { method, tree, around, description }: Origin,
): SentMethod {
  const remarks = new Set(flow.remarks);
  const args = new Map(main.args);
  const since = new Map(flow.since);
  const until = new Map(flow.until);
  const optional = new Set(flow.optional);
  const formerNames = [...main.formerNames];
  let way = main.way;
  for (const other of group) {
    if (other === main) continue;
    const version = olderThan(other, main);
    if (other.name !== main.name && version !== undefined) formerNames.push({ before: version, name: other.name });
    const missing = [...main.args.keys()].filter((name) => !other.args.has(name));
    const extra = [...other.args].filter(([name]) => !main.args.has(name));
    for (const [name, value] of extra) args.set(name, value);
    if (version !== undefined) {
      for (const name of missing) since.set(name, version);
      for (const [name] of extra) until.set(name, version);
      continue;
    }
    for (const name of [...missing, ...extra.map(([name]) => name)]) optional.add(name);
    const chosen = chosenBetween(main, other);
    if (chosen !== undefined) way = chosen;
    else if (differ(main.way, other.way))
      remarks.add(`sends in several places, as ${textOf(main.way)} and as ${textOf(other.way)}`);
    else if (missing.length + extra.length > 0) remarks.add("sends in several places; these are the arguments of all");
  }
  const names = new Set(parametersOf(method, tree).map(({ name }) => name));
  if (typeof way !== "string" && args.has(way.by)) {
    remarks.add(`a ${way.true} where ${way.by} is set, otherwise a ${way.false}; ${way.by} is sent too`);
    way = way.true;
  }
  const [server, ...others] = [...(flow.options.get("server") ?? [])].filter((text) => text !== "None");
  if (others.length > 0) remarks.add(`its server is ${[server, ...others].join(" or ")}`);
  const routes =
    server === undefined || others.length > 0 ? undefined : routesOf(server, names, around.functions, tree);
  if (server !== undefined && others.length === 0 && (routes ?? []).length === 0)
    remarks.add(`its server is ${server}`);
  const topics = [...(flow.options.get("topic") ?? [])];
  if (topics.length > 0) remarks.add(`its topic is ${topics.join(" or ")}`);
  for (const [option, what] of [
    ["timeout", "time-out"],
    ["call_monitor_timeout", "heartbeat"],
  ] as const) {
    const texts = [...(flow.options.get(option) ?? [])].filter((text) => text !== "None");
    if (texts.length > 0) remarks.add(`its ${what} is ${texts.join(" or ")}`);
  }
  const fanout = flow.options.get("fanout");
  const isFanout = fanout?.has("True") ?? false;
  if (isFanout && (fanout?.size ?? 0) > 1) remarks.add("a fanout in some places");
  const versions = [...flow.versions].sort(compareVersions);
  return {
    wireName: main.name,
    formerNames: sorted(formerNames),
    kind: isFanout ? "fanout" : way,
    since: versions[0],
    versions,
    args: [...args].map(([name, value]) => ({
      name,
      value,
      since: since.get(name),
      until: until.get(name),
      whenOlder: flow.refused.has(name) ? "reject" : "drop",
      isOptional: optional.has(name),
      formerNames: sorted(flow.formerArgs.get(name) ?? []),
    })),
    server: routes ?? [],
    description,
    parameters: parametersOf(method, tree).filter(({ name }) => !isSelfOrContext(name)),
    remarks: [...remarks],
  };
}

/** Newest first, as definitions have them. */
function sorted(former: readonly Former[]): readonly Former[] {
  const byVersion = new Map(former.map((each) => [each.before, each]));
  return [...byVersion.values()].sort((a, b) => compareVersions(b.before, a.before));
}

/** The kind that a parameter chooses, where it decides between two places. */
function chosenBetween(main: Send, other: Send): Way | undefined {
  if (typeof main.way !== "string" || typeof other.way !== "string" || main.way === other.way) return undefined;
  const isFlag = (each: Condition): boolean => each.kind === "flag";
  const flag = main.conditions.find(isFlag);
  const against = other.conditions.find(
    (each) => each.kind === "flag" && flag?.kind === "flag" && each.name === flag.name && each.isTrue !== flag.isTrue,
  );
  if (flag?.kind !== "flag" || against === undefined) return undefined;
  return flag.isTrue
    ? { by: flag.name, true: main.way, false: other.way }
    : { by: flag.name, true: other.way, false: main.way };
}

function differ(a: Way, b: Way): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function textOf(way: Way): string {
  return typeof way === "string" ? way : `${way.true} or ${way.false}`;
}
