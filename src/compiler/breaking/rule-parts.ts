import type { Method, Param, Version } from "../model.js";
import type { Range } from "../source.js";
import { isSent } from "./at-version.js";
import type { MethodPair, Presence, ServicePair } from "./comparison.js";
import type { Break, Check, Place } from "./finding.js";
import { joined, versionsText } from "./texts.js";
import type { Side, TypeChange } from "./type-changes.js";

// What many rules say in the same words.

/** The current node, or the previous one where there is none. */
export function placeOf(current: Range | undefined, previous: Range | undefined): Place {
  if (current !== undefined) return { current };
  return { previous: previous ?? { path: "", start: 0, end: 0 } };
}

export function methodSubject({ name }: Pick<Method, "name">): string {
  return `methods.${name}`;
}

export function paramSubject(method: Pick<Method, "name">, { name }: Pick<Param, "name">): string {
  return `methods.${method.name}.params.${name}`;
}

/** ` at versions 6.0 to 6.5`, or nothing where it is so at every version which the previous state has of the thing. */
export function atVersions(versions: readonly Version[], all: readonly Version[], pair: ServicePair): string {
  if (versions.length === all.length) return "";
  return ` at version${versions.length === 1 ? "" : "s"} ${versionsText(versions, pair.shared)}`;
}

/** A break at something that both states of a method have. */
export function methodBreak(
  method: MethodPair,
  pair: ServicePair,
  found: Omit<Break, "service" | "subject" | "at"> & { readonly subject?: string; readonly at?: Place },
): Break {
  return {
    service: pair.current.name,
    subject: methodSubject(method.current),
    at: { current: method.current.range },
    note: `changes ${method.current.name}`,
    ...found,
  };
}

/** A method, or one of its parameters, in its two states: what has an interval. */
export interface Part extends Presence {
  readonly previous: Method | Param;
  readonly current: Method | Param;
  /** `"stop"`, or `the argument "force" of "stop"`. */
  readonly name: string;
  /** Whether it goes over the wire. */
  readonly isSent: boolean;
  readonly method: MethodPair;
}

/** Asks the same of each method and of each of its parameters. */
export function eachPart(
  find: (part: Part, pair: ServicePair) => Pick<Break, "message" | "help" | "needs" | "note"> | undefined,
): Check {
  const breaks = (part: Part, subject: string, pair: ServicePair): Break[] => {
    const found = find(part, pair);
    if (found === undefined) return [];
    return [methodBreak(part.method, pair, { ...found, subject, at: { current: part.current.range } })];
  };
  return {
    method: (method, pair) => {
      const { name } = method.current;
      const own = { ...method, name: `"${name}"`, isSent: true, method };
      return [
        ...breaks(own, methodSubject(method.current), pair),
        ...method.params.flatMap((param) => {
          const words = `the argument "${param.current.name}" of "${name}"`;
          const part = { ...param, name: words, isSent: isSent(param.current), method };
          return breaks(part, paramSubject(method.current, param.current), pair);
        }),
      ];
    },
  };
}

/** `ends stop`, or `ends force of stop` for a parameter. */
export function endNote({ current, method }: Pick<Part, "current" | "method">): string {
  return current === method.current ? `ends ${current.name}` : `ends ${current.name} of ${method.current.name}`;
}

/** Whether a change takes something from receivers of arguments, or gives something new to receivers of results. */
export function breaksSide(change: TypeChange, side: Side): boolean {
  return change.sides.has(side) && (side === "argument" ? change.narrows : change.widens);
}

/** A break in a type, with the methods that it concerns. */
export function typeBreak(
  change: TypeChange,
  pair: ServicePair,
  side: Side | undefined,
  found: Omit<Break, "service" | "subject" | "at">,
): Break {
  return {
    service: pair.current.name,
    subject: change.subject,
    at: placeOf(change.current, change.previous),
    note: noteOf(change),
    ...found,
    message: `${found.message}${usersText(change, pair, side ?? firstSide(change))}`,
  };
}

function firstSide({ sides }: TypeChange): Side {
  return sides.has("argument") ? "argument" : "result";
}

/** `; arguments of "start_instance" and 5 more have it`, for a named type. */
function usersText({ within }: TypeChange, pair: ServicePair, side: Side): string {
  if (within === undefined) return "";
  const users = pair.types.usersOf(within, side).map((name) => `"${name}"`);
  return users.length === 0 ? "" : `; ${side}s of ${joined(users, 3)} have it`;
}

/** The change as the description of a version has it. */
export function noteOf(change: TypeChange): string {
  const isPart = ["enum-value", "variant", "field-added", "field-removed"].includes(change.kind);
  const verb = !isPart ? "changes" : change.before === "" ? "adds" : "removes";
  return `${verb} ${plainName(change)}`;
}

/** The name of what has changed, without quotes and kind. */
export function plainName({ subject }: TypeChange): string {
  return subject
    .replace(/^(types|methods|errors)\./, "")
    .replace(".params.", ".")
    .replace(".returns", "'s result");
}

/** The way out where an argument's type has changed. */
export function formerTypeHelp({ versions }: ServicePair): string {
  return `keep it as it was, or give the new shape a type of its own and say at the parameter was: [{ before: "${versions.major}", type: FORMER, convert: NAME }]`;
}

/** The way out where a result has changed. */
export const newMethodHelp =
  "keep it as it was; a new method can return another shape, and the old one can end with a major version";
