import type { ChosenKind, Method, Param, Service, Type } from "../model.js";
import { compareVersions, inInterval } from "../versions.js";

/** One argument as a caller gives it or a manager gets it. */
export interface Argument {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
  readonly param: Param;
}

/** What a caller gives: everything that is not taken from elsewhere (`from`, `const`). */
export function argsOf(method: Method): readonly Argument[] {
  return method.params
    .filter((param) => param.from === undefined && param.const === undefined)
    .map((param) => argument(param, param.optional || param.fill !== undefined || isMadeWhenSent(param)));
}

/** The time of sending stands for a value that the caller does not give. */
export function isMadeWhenSent({ convert }: Param): boolean {
  return convert?.name === "utcnow" && convert.before === undefined;
}

/**
 * What a manager gets: the newest shape, with defaults filled in. What only routes or chooses the kind is not sent, and
 * what ended before the newest version is dropped by the dispatcher.
 */
export function requestOf(service: Service, method: Method): readonly Argument[] {
  const newest = newestVersion(service);
  return method.params
    .filter((param) => !param.local && inInterval(param.interval, newest))
    .map((param) => argument(param, mayBeAbsent(param, method)));
}

/** Whether the two have the same members, so that one type serves for both. */
export function sameShape(args: readonly Argument[], request: readonly Argument[]): boolean {
  return (
    args.length === request.length &&
    args.every(({ param, optional }, index) => request[index]?.param === param && request[index]?.optional === optional)
  );
}

/** The rule by which the caller chooses the kind, where there is one. */
export function chosenKind(method: Method): ChosenKind | undefined {
  return method.kind.map(({ value }) => value).find((value) => typeof value === "object");
}

export function returnsNothing(method: Method): boolean {
  const { type } = method.returns;
  return type.kind === "scalar" && type.scalar === "none";
}

export function oldestVersion(service: Service): string {
  return service.versions[0]?.version ?? "1.0";
}

export function newestVersion(service: Service): string {
  return service.versions.at(-1)?.version ?? "1.0";
}

/** A client that is older than the argument does not send it. */
function mayBeAbsent(param: Param, method: Method): boolean {
  const isYounger = compareVersions(param.interval.since, method.interval.since) > 0;
  return param.default === undefined && (param.optional || isYounger);
}

function argument(param: Param, optional: boolean): Argument {
  return { name: param.name, type: param.type, optional, param };
}
