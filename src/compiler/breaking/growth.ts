import type { Method, Param, Service, Version } from "../model.js";
import { existsAt, isSent, kindsAt, paramAt, ruleAt, topicAt } from "./at-version.js";
import type { MethodPair, ServicePair } from "./comparison.js";
import { breaksSide, methodSubject, noteOf, paramSubject } from "./rule-parts.js";
import { sameValue } from "./same.js";

/** A change that breaks nothing, and which peers can notice all the same. */
export interface Growth {
  /** As the subject of findings has it. */
  readonly subject: string;
  /** As the description of a version has it: `adds pause_instance`. */
  readonly note: string;
}

/** What has changed in a service beside what breaks. Each takes a minor version. */
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
  return [{ subject: methodSubject(method), note: `adds ${method.name}` }];
}

function changedMethod(method: MethodPair, pair: ServicePair): Growth[] {
  const { previous, current, added, params, both } = method;
  const found: Growth[] = added
    .filter(({ param, claims }) => claims.length === 0 && pair.versions.isFresh(param.interval.since))
    .map(({ param }) => ({ subject: paramSubject(current, param), note: `adds ${param.name} to ${current.name}` }));
  if (isEnded(previous, current, pair)) found.push({ subject: methodSubject(current), note: `ends ${current.name}` });
  for (const param of params) {
    if (!isEnded(param.previous, param.current, pair)) continue;
    const note = `ends ${param.current.name} of ${current.name}`;
    found.push({ subject: paramSubject(current, param.current), note });
  }
  const newest = both.at(-1);
  if (newest === undefined) return found;
  const [before, now] = [surfaceAt(pair.previous, previous, newest), surfaceAt(pair.current, current, newest)];
  if (!sameValue(before, now)) found.push({ subject: methodSubject(current), note: `changes ${current.name}` });
  return found;
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
    server: method.server,
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
    .map(({ name }) => ({ subject: `errors.${name}`, note: `adds the error ${name}` }));
}

/** Arguments that widen, results that narrow, fields that came and are passed over. */
function changedTypes({ types }: ServicePair): Growth[] {
  return types.all
    .filter((change) => change.kind === "field-added" || change.widens || change.narrows)
    .filter((change) => !breaksSide(change, "argument") && !breaksSide(change, "result"))
    .map((change) => ({ subject: change.subject, note: noteOf(change) }));
}
