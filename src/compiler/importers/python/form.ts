import { compareVersions } from "../../versions.js";
import type { State } from "./state.js";
import { preparedVersion } from "./state.js";
import { isSame, pathsIn, textOf, type Value, type Verb } from "./value.js";
import { type Choice, type Place, serversOf, topicsOf } from "./where.js";

/** How something is sent: always in one way, or as a parameter of the method says. */
export type Way = Verb | { readonly by: string; readonly true: Verb; readonly false: Verb };

/** One argument of a message. */
export interface Argument {
  readonly value: Value;
  /** It is given under a condition alone. */
  readonly isOptional: boolean;
  /** The version that is asked for where it is given. */
  readonly needs?: string;
}

/** A message as it is in one region of versions, whichever way through the method leads to it. */
export interface Form {
  readonly name: string;
  readonly kind: Way | "fanout";
  readonly args: ReadonlyMap<string, Argument>;
  readonly version: string | undefined;
  readonly servers: Choice;
  readonly topics: Choice;
  readonly timeout: Value | undefined;
  readonly heartbeat: Value | undefined;
  readonly isDropped: boolean;
  readonly remarks: readonly string[];
}

/** What the ways of a region make of a message. */
export function formOf(name: string, ways: readonly State[]): Form | undefined {
  const places = ways.flatMap(({ sends, decisions }) =>
    sends.filter((send) => send.name === name).map((send): Place => ({ send, decisions })),
  );
  const [first] = places;
  if (first === undefined) return undefined;
  const remarks = new Set(ways.flatMap((each) => [...each.remarks]));
  const kind = kindOf(places, remarks);
  const servers = serversOf(places, kind, remarks);
  const topics = topicsOf(places, remarks);
  for (const { send } of places) {
    if (send.isInLoop) remarks.add("sends in a loop");
    for (const each of send.args.unread) remarks.add(`arguments in ${each} could not be read`);
    if (send.client.inherited !== undefined)
      remarks.add(
        `prepared by ${send.client.inherited.name}(), which is not in this file: version, server, topic and fanout are what it is given, and may be more`,
      );
  }
  if (ways.some(({ sends }) => sends.filter((send) => send.name === name).length > 1))
    remarks.add("sends it more than once");
  const versions = new Set(
    places.map(({ send }) => send.client.options.get("version")).map((each) => each && textOf(each)),
  );
  const args = argumentsOf(places);
  const chosen = versionsByArgument(places, args);
  const version = chosen?.version ?? preparedVersion(first.send.client);
  if (versions.size > 1 && chosen === undefined)
    remarks.add(`its version is ${[...versions].map((each) => each ?? "none").join(" or ")}`);
  else if (
    versions.size === 1 &&
    version === undefined &&
    ![...versions].every((each) => each === undefined || each === "None")
  )
    remarks.add(`its version could not be read: ${[...versions].join("")}`);
  return {
    name,
    kind,
    args: chosen?.args ?? args,
    version,
    servers,
    topics,
    timeout: optionOf("timeout", "time-out", places, remarks),
    heartbeat: optionOf("call_monitor_timeout", "heartbeat", places, remarks),
    isDropped: places.every(({ send }) => send.isDropped),
    remarks: [...remarks],
  };
}

function kindOf(places: readonly Place[], remarks: Set<string>): Way | "fanout" {
  const fanouts = new Set(
    places.map(({ send }) => send.client.options.get("fanout")).map((each) => (each ? textOf(each) : "None")),
  );
  if (fanouts.has("True")) {
    if (fanouts.size > 1) remarks.add("a fanout in some places");
    return "fanout";
  }
  const unclear = [...fanouts].filter((each) => each !== "None" && each !== "False");
  if (unclear.length > 0) remarks.add(`a fanout where ${unclear.join(" or ")} is set`);
  const [first] = places;
  const verbs = [...new Set(places.map(({ send }) => send.verb))];
  const [verb = "cast", other] = verbs;
  if (other === undefined || first === undefined) return verb;
  const flag = first.decisions.find(
    ({ about, holds }) =>
      /^\w+$/.test(about) &&
      places.every(({ send, decisions }) => {
        const known = decisions.find((each) => each.about === about);
        return known !== undefined && (known.holds === holds) === (send.verb === verb);
      }),
  );
  if (flag !== undefined) {
    if (places.some(({ send }) => send.args.entries.has(flag.about))) {
      const [yes, no] = flag.holds ? [verb, other] : [other, verb];
      remarks.add(`a ${yes} where ${flag.about} is set, otherwise a ${no}; ${flag.about} is sent too`);
      return yes;
    }
    return flag.holds ? { by: flag.about, true: verb, false: other } : { by: flag.about, true: other, false: verb };
  }
  const deciding = first.decisions.map(({ about, holds }) => (holds ? about : `not ${about}`));
  remarks.add(
    deciding.length === 0
      ? `sends in several places, as ${verb} and as ${other}`
      : `a ${verb} where ${deciding.join(" and ")}, otherwise a ${other}`,
  );
  return verb;
}

function argumentsOf(places: readonly Place[]): ReadonlyMap<string, Argument> {
  const found = new Map<string, Argument>();
  for (const key of new Set(places.flatMap(({ send }) => [...send.args.entries.keys()]))) {
    const given = places.flatMap(({ send }) => send.args.entries.get(key) ?? []);
    found.set(key, { value: insteadOf(key, places) ?? oneOf(given), isOptional: given.length < places.length });
  }
  return found;
}

/** A version that depends on which arguments are given: the lowest, and what each of those needs. */
function versionsByArgument(
  places: readonly Place[],
  args: ReadonlyMap<string, Argument>,
): { readonly version: string; readonly args: ReadonlyMap<string, Argument> } | undefined {
  const versions = places.map(({ send }) => preparedVersion(send.client));
  const known = versions.flatMap((each) => each ?? []).sort(compareVersions);
  const [version] = known;
  if (version === undefined || known.length < places.length || version === known.at(-1)) return undefined;
  const found = new Map(args);
  for (const [name, arg] of args) {
    const having = places.filter(({ send }) => send.args.entries.has(name));
    const needs = having.flatMap(({ send }) => preparedVersion(send.client) ?? []).sort(compareVersions)[0];
    if (arg.isOptional && needs !== undefined && needs !== version) found.set(name, { ...arg, needs });
  }
  // Each place's version must be that of the newest argument which it has.
  const isExplained = places.every(({ send }) => {
    const needed = [version, ...[...send.args.entries.keys()].flatMap((name) => found.get(name)?.needs ?? [])];
    return needed.sort(compareVersions).at(-1) === preparedVersion(send.client);
  });
  return isExplained ? { version, args: found } : undefined;
}

/** `if a is None: a = b` and `a if a else b` are `a or b`. */
function insteadOf(key: string, places: readonly Place[]): Value | undefined {
  const given = places.map(({ send }) => send.args.entries.get(key));
  const own = given.find((each) => each?.kind === "path");
  const other = given.find((each) => each !== undefined && own !== undefined && !isSame(each, own));
  if (own === undefined || other === undefined || textOf(other) === "None") return undefined;
  const isAsked = places.every(({ decisions }, at) => {
    const known = decisions.find(({ about }) => about === textOf(own));
    const value = given[at];
    return known !== undefined && value !== undefined && isSame(value, known.holds ? own : other);
  });
  return isAsked ? { kind: "first", of: [own, other] } : undefined;
}

/** The one value that several places give; a None beside another says that there may be nothing. */
function oneOf(values: readonly Value[]): Value {
  const distinct = values.filter((each, at) => values.findIndex((other) => isSame(each, other)) === at);
  const [first = { kind: "unknown", text: "nothing" }, second] = distinct;
  if (second === undefined) return first;
  const some = distinct.filter((each) => textOf(each) !== "None");
  const [only] = some;
  if (some.length === 1 && only !== undefined && pathsIn(only).length > 0) return only;
  return { kind: "made", by: "", of: distinct, text: distinct.map(textOf).join(" or ") };
}

/** What `prepare` is given for something, where it is one and the same. */
function optionOf(key: string, what: string, places: readonly Place[], remarks: Set<string>): Value | undefined {
  const given = places.map(({ send }) => send.client.options.get(key));
  const some = given.flatMap((each) => (each === undefined || textOf(each) === "None" ? [] : [each]));
  const texts = [...new Set(some.map(textOf))];
  if (texts.length > 1) remarks.add(`its ${what} is ${texts.join(" or ")}`);
  return texts.length === 1 ? some[0] : undefined;
}
