import type { Interval, Method, Param, Rules, Service } from "../model.js";
import { Codecs } from "./codec.js";
import { type Layout, list } from "./layout.js";
import { literal, milliseconds, objectLayout } from "./literal.js";
import { sensitivePaths } from "./sensitive.js";
import { oldestVersion, returnsNothing } from "./shape.js";

/**
 * The descriptor of a service as plain data: the runtime's `ServiceDescriptor` but for `errors`, which has the names of
 * the classes.
 */
export interface DescriptorData {
  readonly errors?: readonly string[];
  readonly [key: string]: unknown;
}

type Entries = readonly (readonly [key: string, value: unknown])[];

/** What differs from the runtime's defaults, in a fixed order. */
export function descriptorOf(service: Service): DescriptorData {
  const codecs = new Codecs(service);
  const { releases, timeouts, errors, periodic } = service;
  return Object.fromEntries([
    ["name", service.name],
    ["topic", service.topic],
    ...optional("exchange", service.exchange),
    ...optional("namespace", service.namespace),
    ["versions", service.versions.map(({ version }) => version)],
    ...section("releases", releases, ({ name, version }) => [name, version]),
    ...section("timeouts", timeouts, ({ name, timeout, heartbeat }) => [
      name,
      Object.fromEntries([["timeout", timeout], ...optional("heartbeat", heartbeat)]),
    ]),
    ...nonEmpty(
      "errors",
      errors.map(({ name }) => name),
    ),
    ...section("codecs", Object.entries(codecs.entries()), (entry) => entry),
    ["methods", Object.fromEntries(service.methods.map((method) => [method.name, methodOf(service, method, codecs)]))],
    ...section("periodic", periodic, ({ name, member, spacing, runImmediately }) => [
      name,
      Object.fromEntries([["member", member], ["spacing", spacing], ...flag("runImmediately", runImmediately)]),
    ]),
  ]);
}

/** The descriptor as an object literal. */
export function descriptorLayout(service: Service): Layout {
  const entries = Object.entries(descriptorOf(service));
  return objectLayout(
    entries.map(([key, value]) => [key, sectionLayout(key, value)]),
    true,
  );
}

function sectionLayout(key: string, value: unknown): Layout {
  switch (key) {
    case "errors":
      return errorsLayout(value);
    case "methods":
      return objectLayout(
        entriesOf(value).map(([name, method]) => [name, objectLayout(timesLayout(method), true)]),
        true,
      );
    case "timeouts":
    case "periodic":
      return objectLayout(entriesOf(value).map(([name, times]) => [name, objectLayout(timesLayout(times))]));
    default:
      return literal(value);
  }
}

/** The keys of these maps that count milliseconds are printed for people. */
function timesLayout(value: unknown): readonly (readonly [string, Layout])[] {
  return entriesOf(value).map(([key, item]) => {
    const isTime = ["timeout", "heartbeat", "spacing"].includes(key) && typeof item === "number";
    return [key, isTime ? milliseconds(item) : literal(item)];
  });
}

/** Shorthand properties: the classes are imported under the names by which the runtime finds them. */
function errorsLayout(names: unknown): Layout {
  return list("{", Array.isArray(names) ? names.map(String) : [], "}", { padded: true });
}

function entriesOf(value: unknown): Entries {
  return Object.entries(value ?? {});
}

function methodOf(service: Service, method: Method, codecs: Codecs): object {
  const oldest = oldestVersion(service);
  const { timeout } = method;
  return Object.fromEntries([
    ["member", method.member],
    ["kind", rulesOf(method.kind, oldest)],
    ...intervalEntries(method.interval, oldest),
    ...nonEmpty(
      "was",
      method.was.map(({ before, name }) => ({ before, name })),
    ),
    ...(method.server.length === 0 ? [] : [["server", rulesOf(method.server, oldest)] as const]),
    ...(method.topic.length === 0 ? [] : [["topic", rulesOf(method.topic, oldest)] as const]),
    ...section("params", method.params, (param) => [param.name, paramOf(param, oldest, codecs)]),
    ...optional("timeout", typeof timeout === "object" ? timeout.profile : timeout),
    ...optional("heartbeat", method.heartbeat),
    ...nonEmpty("errors", method.errors),
    ...optional("tooOld", method.tooOld && refusal(method.tooOld)),
    ...(method.label.length === 0 ? [] : [["label", rulesOf(method.label, oldest)] as const]),
    ...flag("idempotent", method.idempotent),
    ...optional("priority", method.priority),
    ...(method.delivery === "at-most-once" ? [] : [["delivery", method.delivery] as const]),
    ...optional("attempts", method.attempts),
    ...optional("concurrency", method.concurrency),
    ...nonEmpty("sensitive", sensitivePaths(service, method)),
    ...optional("result", codecs.of(method.returns.type)),
    ...flag("returnsNothing", returnsNothing(method)),
  ]);
}

function paramOf(param: Param, oldest: string, codecs: Codecs): object {
  const { whenOlder, convert } = param;
  return Object.fromEntries([
    ...intervalEntries(param.interval, oldest),
    ...flag("optional", param.optional),
    ...valueEntry("default", param.default),
    ...(whenOlder === "reject"
      ? []
      : [["whenOlder", typeof whenOlder === "string" ? whenOlder : refusal(whenOlder)] as const]),
    ...valueEntry("fill", param.fill),
    ...optional("from", param.from),
    ...valueEntry("const", param.const),
    ...flag("local", param.local),
    ...optional("convert", convert && defined({ name: convert.name, before: convert.before })),
    ...nonEmpty(
      "was",
      param.was.map((former) =>
        defined({
          before: former.before,
          name: former.name,
          convert: former.convert,
          fill: former.fill?.value,
          codec: former.type && codecs.of(former.type),
        }),
      ),
    ),
    ...optional("codec", codecs.of(param.type)),
  ]);
}

/** One rule that always holds is a plain value; several are a list of intervals. */
function rulesOf<T>(rules: Rules<T>, oldest: string): unknown {
  const [only] = rules;
  if (only !== undefined && rules.length === 1 && only.interval.until === undefined && only.interval.since === oldest) {
    return only.value;
  }
  return rules.map(({ interval, value }) =>
    Object.fromEntries([...intervalEntries(interval, oldest), ["value", value]]),
  );
}

function intervalEntries({ since, until }: Interval, oldest: string): Entries {
  return [...(since === oldest ? [] : [["since", since] as const]), ...optional("until", until)];
}

function refusal({ error, fields }: { readonly error: string; readonly fields: object }): object {
  return Object.keys(fields).length === 0 ? { error } : { error, fields };
}

/** Without the keys that have no value: the runtime's types tell an absent key from an undefined one. */
function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

function optional(key: string, value: unknown): Entries {
  return value === undefined ? [] : [[key, value]];
}

function nonEmpty(key: string, values: readonly unknown[]): Entries {
  return values.length === 0 ? [] : [[key, values]];
}

function flag(key: string, value: boolean): Entries {
  return value ? [[key, true]] : [];
}

function section<T>(key: string, items: readonly T[], each: (item: T) => readonly [string, unknown]): Entries {
  return items.length === 0 ? [] : [[key, Object.fromEntries(items.map(each))]];
}

/** The value may be null, so it comes in a box. */
function valueEntry(key: string, box: { readonly value: unknown } | undefined): Entries {
  return box === undefined ? [] : [[key, box.value]];
}
