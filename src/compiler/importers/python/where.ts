import type { Way } from "./form.js";
import type { Decision } from "./state.js";
import { alternativesOf, isSame, none, pathsIn, type Send, textOf, type Value } from "./value.js";

/** One place in which a message is sent, and what was assumed on the way there. */
export interface Place {
  readonly send: Send;
  readonly decisions: readonly Decision[];
}

/** Servers or topics, of which the first that is set is taken. */
export interface Choice {
  readonly of: readonly Value[];
  /** Python knows that none may be set, and goes to the service's topic then. */
  readonly mayBeNone: boolean;
  /** Those that are taken without being asked whether they are set. */
  readonly unasked: readonly Value[];
}

export function isSameChoice(a: Choice, b: Choice): boolean {
  const textsOf = ({ of, mayBeNone, unasked }: Choice): string =>
    JSON.stringify([of.map(textOf), mayBeNone, unasked.map(textOf)]);
  return textsOf(a) === textsOf(b);
}

/** The servers that `prepare` is given. */
export function serversOf(places: readonly Place[], kind: Way | "fanout", remarks: Set<string>): Choice {
  const given = places.map(({ send }) => givenTo(send, "server"));
  const distinct = distinctOf(given.flatMap(alternativesOf));
  const nothing: Choice = { of: [], mayBeNone: false, unasked: [] };
  if (distinct.length > 1) {
    // Which is taken must be a question of which is there.
    const heads = new Set(distinct.flatMap(pathsIn).map(([head]) => head));
    const asks = ({ about }: Decision): boolean => heads.has(/^\w+/.exec(about)?.[0] ?? "");
    const isQuestion = places.some(({ decisions }) => decisions.some(asks));
    if (!isQuestion && given.every((each) => alternativesOf(each).length < 2)) {
      remarks.add(`its server is ${distinct.map(textOf).join(" or ")}`);
      return nothing;
    }
  }
  if (kind === "fanout" && distinct.length > 0)
    remarks.add(`a fanout, which goes to every server; it names ${distinct.map(textOf).join(" or ")} too`);
  if (kind === "fanout") return nothing;
  const lasts = places.map(({ send, decisions }) => {
    const value = givenTo(send, "server");
    const last = alternativesOf(value).at(-1);
    const known = decisions.find(({ about }) => [value, last].some((each) => each && textOf(each) === about));
    return { last, isSet: last === undefined ? false : known?.holds };
  });
  return {
    of: distinct,
    mayBeNone: lasts.some(({ isSet }) => isSet === false),
    unasked: distinctOf(
      lasts.flatMap(({ last, isSet }) => (isSet === undefined && last?.kind === "path" ? [last] : [])),
    ),
  };
}

/** The topics that `prepare` is given. */
export function topicsOf(places: readonly Place[], remarks: Set<string>): Choice {
  const given = places.map(({ send }) => alternativesOf(givenTo(send, "topic")));
  const distinct = distinctOf(given.flat());
  const nothing: Choice = { of: [], mayBeNone: false, unasked: [] };
  const isUnset = (topic: Value, { decisions }: Place): boolean =>
    pathsIn(topic).some((keys) => decisions.some(({ about, holds }) => !holds && about === keys.join(".")));
  // Which is taken must be a question of which can be made: those before it have something that is not set.
  const isOrdered = places.every((place, at) => {
    const [own] = given[at] ?? [];
    const rank = own === undefined ? 0 : distinct.findIndex((each) => isSame(each, own));
    return distinct.slice(0, rank).every((each) => isUnset(each, place));
  });
  if (distinct.length > 1 && !isOrdered) {
    remarks.add(`its topic is ${distinct.map(textOf).join(" or ")}`);
    return nothing;
  }
  const lacking = places.filter((_, at) => given[at]?.length === 0);
  const mayBeNone = distinct.length > 0 && lacking.length > 0;
  const isExplained = lacking.every((place) => {
    const isAlone = givenTo(place.send, "server") === none && distinct.length === 1;
    return isAlone || distinct.every((each) => isUnset(each, place));
  });
  if (mayBeNone && !isExplained) {
    remarks.add(`its topic is ${distinct.map(textOf).join(" or ")} in some places`);
    return { ...nothing, of: distinct };
  }
  return { of: distinct, mayBeNone, unasked: [] };
}

/** What `prepare` is given under a name; None is as good as nothing. */
function givenTo({ client }: Send, key: string): Value {
  const value = client.options.get(key);
  return value === undefined || textOf(value) === "None" ? none : value;
}

function distinctOf(values: readonly Value[]): readonly Value[] {
  return values.filter((each, at) => values.findIndex((other) => isSame(each, other)) === at);
}
