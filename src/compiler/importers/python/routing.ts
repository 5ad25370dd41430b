import { callersServer } from "../../routes.js";
import { compareVersions } from "../../versions.js";
import type { Rule, SentMethod } from "./method.js";
import { rulesAbove, type Shared, sinceOf } from "./shared.js";
import { pathsIn, pathText, type Route, routeOf, textOf, type Value } from "./value.js";
import type { Choice } from "./where.js";

/** Said where Python hands on what it does not look at. */
const unasked = `Python does not ask whether there is a server; without ${callersServer} it is an error where there is none`;

/** Where a method's requests go. */
export interface Server {
  /** The value of the key `server`; none where it is not needed. */
  readonly entry: unknown;
  /** Everything that is looked into for it. */
  readonly routes: readonly Route[];
  /** Of several paths the first that is set is taken, so that not each of them has to be. */
  readonly isOneOfSeveral: boolean;
}

/**
 * The servers of a method, newest first.
 *
 * @param isOwn whether nothing else is sent under a parameter's name
 * @param isRequired whether callers of Python have to give a parameter
 */
export function serverOf(
  method: SentMethod,
  since: string,
  isOwn: (head: string) => boolean,
  isRequired: (head: string) => boolean,
  { notes }: Shared,
): Server {
  const path = ["methods", method.wireName];
  const nothing: Server = { entry: undefined, routes: [], isOneOfSeveral: false };
  const found: Rule<{ readonly routes: readonly Route[]; readonly mayBeNone: boolean }>[] = [];
  let isUnasked = false;
  for (const { since: from, is } of rulesAbove(method.servers, since)) {
    const routes = is.of.flatMap((each) => routeOf(each) ?? []);
    const text = is.of.map(textOf).join(" or ");
    if (routes.length < is.of.length || routes.some(({ keys, convert }) => keys.length === 0 || convert === "utcnow")) {
      notes.push({ path, text: `its server is ${text}` });
      return nothing;
    }
    if (!routes.every(({ keys: [head = ""] }) => isOwn(head))) {
      notes.push({ path, text: `its server is ${text} of what Python is given` });
      return nothing;
    }
    const isOpen = is.unasked.flatMap(pathsIn).some(([head = "", ...rest]) => rest.length > 0 || !isRequired(head));
    if (isOpen && !is.mayBeNone) isUnasked = true;
    found.push({ since: from, is: { routes, mayBeNone: is.mayBeNone || isOpen } });
  }
  const routes = found.flatMap(({ is }) => is.routes);
  if (routes.length === 0) return nothing;
  if (isUnasked) notes.push({ path, text: unasked });
  const entries = found.map((rule) => {
    const { is } = rule;
    const paths = [...is.routes.map(pathText), ...(is.mayBeNone || is.routes.length === 0 ? [callersServer] : [])];
    return { ...sinceOf(rule), path: paths.length === 1 ? paths[0] : paths };
  });
  return {
    entry: entries.length === 1 ? entries[0]?.path : entries,
    routes,
    isOneOfSeveral: found.some(({ is }) => is.routes.length > 1),
  };
}

/** The topic of a method, where it is not the service's. */
export function topicOf(method: SentMethod, since: string, shared: Shared): unknown {
  const { notes, topic } = shared;
  const path = ["methods", method.wireName];
  const rules = rulesAbove(method.topics, since);
  const given = new Set(method.parameters.map(({ name }) => name));
  // A parameter that is nothing but the topic is what the caller's option is for.
  const isOption = (value: Value): boolean =>
    value.kind === "path" && value.keys.length === 1 && given.has(value.keys[0] ?? "");
  const names = rules.flatMap((rule): Rule<string | undefined>[] => {
    const of = rule.is.of.filter((each) => !isOption(each));
    const own = of.map((each) => ({ since: rule.since, is: topicName(each, shared) }));
    return rule.is.mayBeNone || of.length === 0 ? [...own, { since: rule.since, is: topic }] : own;
  });
  const option = rules.flatMap(({ is }) => is.of.filter(isOption))[0];
  if (option !== undefined) notes.push({ path, text: `${textOf(option)} is the option "topic" of a call` });
  if (names.some(({ is }) => is === undefined)) {
    const texts = rules.flatMap(({ is }) => is.of.map(textOf));
    notes.push({ path, text: `its topic is ${texts.join(" or ")}` });
    return undefined;
  }
  // What holds from a version on needs no rule of its own where the next one says the same of all that is older.
  const needed = names.filter(({ is }, at) => is !== names[at + 1]?.is);
  if (needed.every(({ is }) => is === topic)) return undefined;
  return needed.length === 1 ? needed[0]?.is : needed.map((each) => ({ ...sinceOf(each), name: each.is }));
}

/** A topic as definitions name it: a name, or one with paths in braces; undefined where it is something else. */
function topicName(value: Value, { topic, topicValue }: Shared): string | undefined {
  if (topicValue !== undefined && textOf(value) === textOf(topicValue)) return topic;
  const parts = value.kind === "text" ? value.parts : [value];
  const names = parts.map((each) => {
    if (topicValue !== undefined && textOf(each) === textOf(topicValue)) return topic;
    if (each.kind === "literal" && typeof each.value === "string") return each.value;
    const route = routeOf(each);
    return route === undefined || route.keys.length === 0 || parts.length === 1 ? undefined : `{${pathText(route)}}`;
  });
  const name = names.every((each) => each !== undefined) ? names.join("") : undefined;
  return name !== undefined && /^([A-Za-z0-9._:$-]|\{[^{}]*\})+$/.test(name) ? name : undefined;
}

/** The parameters that a topic is made of. */
export function headsOf({ of }: Choice): readonly string[] {
  const parts = of.flatMap((value) => (value.kind === "text" ? value.parts : []));
  return parts.flatMap((each) => routeOf(each)?.keys.slice(0, 1) ?? []);
}

/** Labels, where Python has others than would be computed. */
export function labelsOf(method: SentMethod, since: string, { versions }: Shared): unknown {
  const found: { since?: string; label: string }[] = [];
  let isOther = false;
  const levels = method.labels.filter(
    (_, at, all) =>
      at === 0 || all[at - 1]?.since === undefined || compareVersions(all[at - 1]?.since ?? since, since) > 0,
  );
  for (const { since: from, is } of levels) {
    const cap = from === undefined || compareVersions(from, since) < 0 ? since : from;
    const floor = versions.find((each) => majorOf(each) === majorOf(cap)) ?? cap;
    // What came, went or was renamed in a version makes it the lowest that understands the message.
    const marks = method.args.flatMap((arg) => [
      arg.until !== undefined && compareVersions(arg.until, cap) > 0 ? undefined : arg.since,
      arg.isOptional ? undefined : arg.until,
      ...arg.formerNames.map(({ before }) => before),
    ]);
    const came = [...marks, ...method.formerNames.map(({ before }) => before)].flatMap((each) =>
      each !== undefined && compareVersions(each, cap) <= 0 ? [each] : [],
    );
    const computed = [since, floor, ...came].sort(compareVersions).at(-1) ?? since;
    const label = is ?? computed;
    if (is !== undefined && is !== computed && majorOf(is) === majorOf(computed) && compareVersions(is, cap) <= 0)
      isOther = true;
    found.push(compareVersions(cap, since) > 0 ? { since: cap, label } : { label });
  }
  if (!isOther) return undefined;
  const [only] = found;
  return new Set(found.map(({ label }) => label)).size === 1 ? only?.label : found;
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? version;
}
