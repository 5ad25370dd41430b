import type { ChosenKind, Interval, Method, MethodKind, Param, Service, Type, Version } from "../model.js";
import { ruleAt, topicsAt } from "../routes.js";
import { compareVersions, inInterval } from "../versions.js";

// What a definition says of one version. The runtime answers the same questions when it sends and receives.

export function existsAt({ interval }: { readonly interval: Interval }, version: Version): boolean {
  return inInterval(interval, version);
}

/** A method's name on the wire. */
export function methodNameAt({ name, was }: Method, version: Version): string {
  return was.find(({ before }) => compareVersions(version, before) < 0)?.name ?? name;
}

/** How a parameter looks on the wire. */
export interface ParamShape {
  readonly name: string;
  readonly type: Type;
  /** Whether the constraints are those of the type: a former type has none. */
  readonly isOwnType: boolean;
  readonly fill: unknown;
  /** Names of the functions that make the wire's value, but for those that make a former type of it. */
  readonly converters: readonly string[];
}

export function paramAt(param: Param, version: Version): ParamShape {
  const { convert } = param;
  const former = param.was.find(({ before }) => compareVersions(version, before) < 0);
  const isConverted =
    convert !== undefined && (convert.before === undefined || compareVersions(version, convert.before) < 0);
  return {
    name: former?.name ?? param.name,
    type: former?.type ?? param.type,
    isOwnType: former?.type === undefined,
    fill: (former?.fill ?? param.fill)?.value,
    converters: [
      ...(isConverted ? [convert.name] : []),
      ...(former?.convert === undefined || former.type !== undefined ? [] : [former.convert]),
    ],
  };
}

/** Whether it goes over the wire at all. */
export function isSent(param: Param): boolean {
  return !param.local;
}

/** The names of topics that a request may go to, the first that is complete. */
export function topicNamesAt(service: Service, method: Method, version: Version): readonly string[] {
  const topics = topicsAt(method, version);
  return topics.length === 0 ? [service.topic] : topics;
}

export function topicAt(service: Service, method: Method, version: Version): string {
  return topicNamesAt(service, method, version).join(", or ");
}

/** The kinds that a caller may choose, in the order call, cast, fanout. */
export function kindsAt(method: Method, version: Version): readonly MethodKind[] {
  const kind = ruleAt<MethodKind | ChosenKind>(method.kind, version);
  if (kind === undefined) return [];
  const chosen = typeof kind === "string" ? [kind] : [kind.true, kind.false];
  return (["call", "cast", "fanout"] as const).filter((each) => chosen.includes(each));
}
