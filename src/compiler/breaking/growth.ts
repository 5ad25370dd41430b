import type { Method, Param, Service, Version } from "../model.js";
import { ruleAt } from "../routes.js";
import { existsAt, isSent, kindsAt, paramAt, topicAt } from "./at-version.js";
import type { MethodPair, ServicePair } from "./comparison.js";
import { breaksSide, endNote, methodSubject, noteOf, paramSubject } from "./rule-parts.js";
import { sameValue } from "./same.js";

/** A change that breaks nothing, and which peers can notice all the same. */
export interface Growth {
  /** As the subject of findings has it. */
  readonly subject: string;
  /** As the description of a version has it: `adds pause_instance`. */
  readonly note: string;
  /** The step of the version that it needs. */
  readonly needs: "minor" | "major";
  /** What would let a minor version carry it, in words that follow "if". */
  readonly unless?: string;
}

/** What has changed in a service beside what breaks. Most of it takes a minor version. */
export function growthOf(pair: ServicePair): readonly Growth[] {
  return [
    ...pair.added.flatMap((method) => addedMethod(method, pair)),
    ...pair.methods.flatMap((method) => (method.changed ? changedMethod(method, pair) : [])),
    ...addedErrors(pair),
    ...changedTypes(pair),
  ];
}

function addedMethod(method: Method, { shared, versions }: ServicePair): Growth[] {
  if (shared.some((version) => existsAt(method, version)) || !versions.isFresh(method.interval.since)) return [];
  return [{ subject: methodSubject(method), note: `adds ${method.name}`, needs: "minor" }];
}

function changedMethod(method: MethodPair, pair: ServicePair): Growth[] {
  const { previous, current, added, params, both } = method;
  const found: Growth[] = added
    .filter(({ param, claims }) => claims.length === 0 && pair.versions.isFresh(param.interval.since))
    .map(({ param }) => addedParam(param, method));
  for (const thing of [method, ...params]) {
    if (!isEnded(thing.previous, thing.current, pair)) continue;
    const subject = thing === method ? methodSubject(current) : paramSubject(current, thing.current);
    found.push({ subject, note: endNote({ current: thing.current, method }), needs: "major" });
  }
  const newest = both.at(-1);
  const isOther =
    newest !== undefined &&
    !sameValue(surfaceAt(pair.previous, previous, newest), surfaceAt(pair.current, current, newest));
  if (isOther || (found.length === 0 && versionsIn(current).some(pair.versions.isFresh))) {
    found.push({ subject: methodSubject(current), note: `changes ${current.name}`, needs: "minor" });
  }
  return found;
}

/** With a minor version, a client that is capped below it could not call the method any more. */
function addedParam(param: Param, { current, both }: MethodPair): Growth {
  const { name, optional, whenOlder } = param;
  const growth = { subject: paramSubject(current, param), note: `adds ${name} to ${current.name}` };
  const isRefused = both.length > 0 && isSent(param) && !optional && whenOlder !== "drop";
  return isRefused ? { ...growth, needs: "major", unless: `${name} had a default` } : { ...growth, needs: "minor" };
}

/** Every version which a method's rules and former shapes speak of. */
function versionsIn({ kind, server, topic, label, was, params }: Method): readonly Version[] {
  const rules = [...kind, ...server, ...topic, ...label].flatMap(({ interval: { since, until } }) => [since, until]);
  const former = [
    ...was,
    ...params.flatMap((param) => [...param.was, ...(param.convert === undefined ? [] : [param.convert])]),
  ];
  return [...rules, ...former.map(({ before }) => before)].filter((version) => version !== undefined);
}

function isEnded(previous: Method | Param, current: Method | Param, { versions }: ServicePair): boolean {
  const { until } = current.interval;
  return until !== undefined && until !== previous.interval.until && versions.isFresh(until);
}

/** What peers can notice of a method at one version, but for types. */
function surfaceAt(service: Service, method: Method, version: Version): object {
  const params = method.params
    .filter((param) => isSent(param) && existsAt(param, version))
    .map((param) => {
      const { name, fill, converters } = paramAt(param, version);
      const { optional, from } = param;
      return [name, { optional, from, default: param.default?.value, const: param.const?.value, fill, converters }];
    });
  return {
    kinds: kindsAt(method, version),
    topic: topicAt(service, method, version),
    server: ruleAt(method.server, version) ?? [],
    label: ruleAt(method.label, version),
    errors: [...method.errors].sort(),
    idempotent: method.idempotent,
    delivery: method.delivery,
    params: Object.fromEntries(params),
  };
}

function addedErrors({ current, errors, versions }: ServicePair): Growth[] {
  const known = new Set(errors.map((pair) => pair.current));
  return current.errors
    .filter((error) => !known.has(error) && versions.isFresh(error.interval.since))
    .map(({ name }) => ({ subject: `errors.${name}`, note: `adds the error ${name}`, needs: "minor" as const }));
}

/** Arguments that widen, results that narrow, fields that came and are passed over. */
function changedTypes({ types }: ServicePair): Growth[] {
  return types.all
    .filter((change) => change.kind === "field-added" || change.widens || change.narrows)
    .filter((change) => !breaksSide(change, "argument") && !breaksSide(change, "result"))
    .map((change) => ({ subject: change.subject, note: noteOf(change), needs: "minor" as const }));
}
