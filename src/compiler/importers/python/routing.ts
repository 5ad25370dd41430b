import { compareVersions } from "../../versions.js";
import type { SentMethod } from "./method.js";
import { rulesAbove, type Shared, sinceOf } from "./shared.js";
import { routeOf, textOf, type Value } from "./value.js";

/** The topic of a method, where it is not the service's. */
export function topicOf(method: SentMethod, since: string, shared: Shared): unknown {
  const rules = rulesAbove(method.topics, since);
  const names = rules.map((each) => ({ ...each, is: topicName(each.is, shared) }));
  if (names.some(({ is }) => is === undefined)) {
    const texts = rules
      .map(({ is }) => (is === undefined ? undefined : textOf(is)))
      .filter((each) => each !== undefined);
    shared.notes.push({ path: ["methods", method.wireName], text: `its topic is ${texts.join(" or ")}` });
    return undefined;
  }
  if (names.every(({ is }) => is === shared.topic)) return undefined;
  return names.length === 1 ? names[0]?.is : names.map((each) => ({ ...sinceOf(each), name: each.is }));
}

/** A topic as definitions name it: a name, or one with paths in braces; undefined where it is something else. */
function topicName(value: Value | undefined, { topic, topicValue }: Shared): string | undefined {
  if (value === undefined || (topicValue !== undefined && textOf(value) === textOf(topicValue))) return topic;
  const parts = value.kind === "text" ? value.parts : [value];
  const names = parts.map((each) => {
    if (topicValue !== undefined && textOf(each) === textOf(topicValue)) return topic;
    if (each.kind === "literal" && typeof each.value === "string") return each.value;
    const route = routeOf(each);
    return route === undefined || route.keys.length === 0 || parts.length === 1
      ? undefined
      : `{${[route.keys.join("."), ...(route.convert === undefined ? [] : [route.convert])].join(" | ")}}`;
  });
  const name = names.every((each) => each !== undefined) ? names.join("") : undefined;
  return name !== undefined && /^([A-Za-z0-9._:$-]|\{[^{}]*\})+$/.test(name) ? name : undefined;
}

/** The parameters that a topic is made of. */
export function headsOf(value: Value | undefined): readonly string[] {
  return value?.kind === "text" ? value.parts.flatMap((each) => routeOf(each)?.keys.slice(0, 1) ?? []) : [];
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
