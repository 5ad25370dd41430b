import type { Interval, Method, Param, Rules, Service } from "../model.js";
import { Codecs } from "./codec.js";
import { type Layout, list } from "./layout.js";
import { arrayLayout, literal, milliseconds, objectLayout } from "./literal.js";
import { sensitivePaths } from "./sensitive.js";
import { oldestVersion, returnsNothing } from "./shape.js";

type Entries = readonly (readonly [key: string, value: Layout])[];

/** The descriptor of a service as an object literal: what differs from the runtime's defaults, in a fixed order. */
export function descriptorLayout(service: Service): Layout {
  const codecs = new Codecs(service);
  const { releases, timeouts, errors, periodic } = service;
  return objectLayout(
    [
      entry("name", service.name),
      entry("topic", service.topic),
      ...optional("exchange", service.exchange),
      ...optional("namespace", service.namespace),
      entry(
        "versions",
        service.versions.map(({ version }) => version),
      ),
      ...section("releases", releases, ({ name, version }) => [name, literal(version)]),
      ...section("timeouts", timeouts, ({ name, timeout, heartbeat }) => [
        name,
        objectLayout([["timeout", milliseconds(timeout)], ...duration("heartbeat", heartbeat)]),
      ]),
      ...(errors.length === 0 ? [] : [["errors", errorsLayout(errors)] as const]),
      ...section("codecs", Object.entries(codecs.entries()), ([name, codec]) => [name, literal(codec)]),
      [
        "methods",
        objectLayout(
          service.methods.map((method) => methodEntry(service, method, codecs)),
          true,
        ),
      ],
      ...section("periodic", periodic, ({ name, member, spacing, runImmediately }) => [
        name,
        objectLayout([
          entry("member", member),
          ["spacing", milliseconds(spacing)],
          ...flag("runImmediately", runImmediately),
        ]),
      ]),
    ],
    true,
  );
}

function methodEntry(service: Service, method: Method, codecs: Codecs): readonly [string, Layout] {
  const oldest = oldestVersion(service);
  const topic = method.topic.length === 0 ? [] : [["topic", rulesLayout(method.topic, oldest, literal)] as const];
  const label = method.label.length === 0 ? [] : [["label", rulesLayout(method.label, oldest, literal)] as const];
  const { timeout } = method;
  const entries: Entries = [
    entry("member", method.member),
    ["kind", rulesLayout(method.kind, oldest, literal)],
    ...intervalEntries(method.interval, oldest),
    ...(method.was.length === 0
      ? []
      : [
          entry(
            "was",
            method.was.map(({ before, name }) => ({ before, name })),
          ),
        ]),
    ...(method.server.length === 0 ? [] : [entry("server", method.server)]),
    ...topic,
    ...section("params", method.params, (param) => [param.name, paramLayout(param, oldest, codecs)]),
    ...(typeof timeout === "object" ? [entry("timeout", timeout.profile)] : duration("timeout", timeout)),
    ...duration("heartbeat", method.heartbeat),
    ...(method.errors.length === 0 ? [] : [entry("errors", method.errors)]),
    ...optional("tooOld", method.tooOld && refusal(method.tooOld)),
    ...label,
    ...flag("idempotent", method.idempotent),
    ...optional("priority", method.priority),
    ...(method.delivery === "at-most-once" ? [] : [entry("delivery", method.delivery)]),
    ...optional("attempts", method.attempts),
    ...optional("concurrency", method.concurrency),
    ...nonEmpty("sensitive", sensitivePaths(service, method)),
    ...optional("result", codecs.of(method.returns.type)),
    ...flag("returnsNothing", returnsNothing(method)),
  ];
  return [method.name, objectLayout(entries, true)];
}

function paramLayout(param: Param, oldest: string, codecs: Codecs): Layout {
  const { whenOlder, convert } = param;
  return objectLayout([
    ...intervalEntries(param.interval, oldest),
    ...flag("optional", param.optional),
    ...valueEntry("default", param.default),
    ...(whenOlder === "reject"
      ? []
      : [entry("whenOlder", typeof whenOlder === "string" ? whenOlder : refusal(whenOlder))]),
    ...valueEntry("fill", param.fill),
    ...optional("from", param.from),
    ...valueEntry("const", param.const),
    ...flag("local", param.local),
    ...optional("convert", convert && { name: convert.name, before: convert.before }),
    ...nonEmpty(
      "was",
      param.was.map((former) => ({
        before: former.before,
        name: former.name,
        convert: former.convert,
        fill: former.fill?.value,
        codec: former.type && codecs.of(former.type),
      })),
    ),
    ...optional("codec", codecs.of(param.type)),
  ]);
}

/** One rule that always holds is a plain value; several are a list of intervals. */
function rulesLayout<T>(rules: Rules<T>, oldest: string, layout: (value: T) => Layout): Layout {
  const [only] = rules;
  if (only !== undefined && rules.length === 1 && only.interval.until === undefined && only.interval.since === oldest) {
    return layout(only.value);
  }
  return arrayLayout(
    rules.map(({ interval, value }) => {
      const entries: Entries = [...intervalEntries(interval, oldest), ["value", layout(value)]];
      return { layout: objectLayout(entries), size: entries.length };
    }),
  );
}

function intervalEntries({ since, until }: Interval, oldest: string): Entries {
  return [...(since === oldest ? [] : [entry("since", since)]), ...optional("until", until)];
}

/** Shorthand properties: the classes are imported under the names by which the runtime finds them. */
function errorsLayout(errors: Service["errors"]): Layout {
  return list(
    "{",
    errors.map(({ name }) => name),
    "}",
    { padded: true },
  );
}

function refusal({ error, fields }: { readonly error: string; readonly fields: object }): object {
  return Object.keys(fields).length === 0 ? { error } : { error, fields };
}

function entry(key: string, value: unknown): readonly [string, Layout] {
  return [key, literal(value)];
}

function optional(key: string, value: unknown): Entries {
  return value === undefined ? [] : [entry(key, value)];
}

function nonEmpty(key: string, values: readonly unknown[]): Entries {
  return values.length === 0 ? [] : [entry(key, values)];
}

function flag(key: string, value: boolean): Entries {
  return value ? [entry(key, true)] : [];
}

function duration(key: string, value: number | undefined): Entries {
  return value === undefined ? [] : [[key, milliseconds(value)]];
}

function section<T>(key: string, items: readonly T[], each: (item: T) => readonly [string, Layout]): Entries {
  return items.length === 0 ? [] : [[key, objectLayout(items.map(each))]];
}

/** The value may be null, so it comes in a box. */
function valueEntry(key: string, box: { readonly value: unknown } | undefined): Entries {
  return box === undefined ? [] : [entry(key, box.value)];
}
