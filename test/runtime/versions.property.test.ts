import type { MethodDescriptor, ParamDescriptor, ServiceDescriptor } from "@rpcgen/runtime";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCodec } from "../../src/runtime/codec.js";
import { convertersOf } from "../../src/runtime/converters.js";
import type { FormerObject, TypeCodec } from "../../src/runtime/descriptor.js";
import { Receiving } from "../../src/runtime/receiving.js";
import { type PreparedRequest, Sending } from "../../src/runtime/sending.js";
import { ordinalOf } from "../../src/runtime/version.js";

/** A converter whose former shape is easy to tell from today's. */
const converters = {
  boxed: { encode: (value: unknown) => ({ box: value }), decode: (wire: { box: unknown }) => wire.box },
};

const converterTable = convertersOf(converters, "random");

/** Majors of one to four versions each: 1.0 1.1 2.0 2.1 2.2 3.0 … */
const versionsArbitrary = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .map((counts) =>
    counts.flatMap((count, major) => Array.from({ length: count }, (_, minor) => `${major + 1}.${minor}`)),
  );

/** An interval of the versions, and points inside it at which something changed. */
function lifeArbitrary(versions: readonly string[]) {
  const index = fc.integer({ min: 0, max: versions.length - 1 });
  const change = fc.record({ at: index, isBoxed: fc.boolean(), isRenamed: fc.boolean() });
  return fc
    .record({ since: index, until: fc.option(index, { nil: undefined }), changes: fc.array(change, { maxLength: 2 }) })
    .map(({ since, until, changes }) => {
      const end = until !== undefined && until > since ? until : undefined;
      const inside = changes
        .filter(({ at }) => at > since && at < (end ?? versions.length))
        .sort((a, b) => a.at - b.at);
      const distinct = inside.filter(({ at }, position) => inside[position - 1]?.at !== at);
      return {
        since: versions[since] ?? "1.0",
        until: end === undefined ? undefined : versions[end],
        changes: distinct,
      };
    });
}

const interval = ({ since, until }: { since: string; until: string | undefined }) => ({
  since,
  ...(until === undefined ? {} : { until }),
});

function paramArbitrary(name: string, versions: readonly string[]): fc.Arbitrary<ParamDescriptor> {
  return fc
    .record({
      life: lifeArbitrary(versions),
      whenOlder: fc.constantFrom("drop" as const, "reject" as const),
      hasDefault: fc.boolean(),
      fill: fc.constantFrom("none", "default", "other"),
    })
    .map(({ life, whenOlder, hasDefault, fill }) => ({
      ...interval(life),
      whenOlder,
      ...(hasDefault ? { default: `default of ${name}` } : {}),
      ...(fill === "other" ? { fill: `fill of ${name}` } : {}),
      ...(fill === "default" && hasDefault ? { fill: `default of ${name}` } : {}),
      // A box at most once, on the newest of the changes: each former shape is against today's.
      was: life.changes.map(({ at, isBoxed, isRenamed }, index) => ({
        before: versions[at] ?? "1.0",
        ...(isRenamed ? { name: `${name}_before_${index}` } : {}),
        ...(isBoxed ? { convert: "boxed" } : {}),
      })),
    }));
}

/** A parameter that takes objects which have grown. */
function grownParamArbitrary(name: string, versions: readonly string[]): fc.Arbitrary<ParamDescriptor> {
  return paramArbitrary(name, versions).map(({ was = [], ...param }) => ({
    ...param,
    was: was.map(({ convert: _, ...entry }) => entry),
    codec: { list: { ref: "Grown" } },
  }));
}

/** An object that had neither x nor y, then x, then both; versioned or not, and in one of another type or not. */
function codecsArbitrary(versions: readonly string[]): fc.Arbitrary<Readonly<Record<string, TypeCodec>>> {
  const changes = fc.uniqueArray(fc.integer({ min: 0, max: versions.length - 1 }), { minLength: 2, maxLength: 2 });
  return fc.record({ changes, isVersioned: fc.boolean() }).map(({ changes, isVersioned }) => {
    const [first = 0, second = 0] = changes.sort((a, b) => a - b);
    const former = (at: number, minor: number, without: readonly string[]): FormerObject => ({
      before: versions[at] ?? "1.0",
      ...(isVersioned ? { version: `1.${minor}` } : {}),
      without,
    });
    const object = { name: "Grown", namespace: "random", version: "1.2", prefix: "random_object" };
    return {
      Grown: {
        ...(isVersioned ? { object } : {}),
        fields: { inner: { ref: "Grown" } },
        was: [former(first, 0, ["x", "y"]), former(second, 1, ["y"])],
      },
    };
  });
}

function methodArbitrary(name: string, versions: readonly string[]): fc.Arbitrary<MethodDescriptor> {
  const params = {
    ...Object.fromEntries(["a", "b", "c"].map((param) => [param, paramArbitrary(param, versions)])),
    grown: grownParamArbitrary("grown", versions),
  };
  return fc.record({ life: lifeArbitrary(versions), params: fc.record(params) }).map(({ life, params }) => ({
    member: name,
    kind: "call" as const,
    ...interval(life),
    was: life.changes.map(({ at }, index) => ({ before: versions[at] ?? "1.0", name: `${name}_before_${index}` })),
    params,
  }));
}

const serviceArbitrary: fc.Arbitrary<ServiceDescriptor> = versionsArbitrary
  .filter((versions) => versions.length > 1)
  .chain((versions) =>
    fc
      .record({
        codecs: codecsArbitrary(versions),
        methods: fc.record({ first: methodArbitrary("first", versions), second: methodArbitrary("second", versions) }),
      })
      .map((parts) => ({ name: "random", topic: "random", versions, ...parts })),
  );

/** An object as callers give it; one that lacks fields is a value too. */
const grownArbitrary = fc.letrec((tie) => ({
  grown: fc.record(
    { x: fc.string(), y: fc.integer(), inner: fc.oneof({ maxDepth: 2 }, fc.constant({}), tie("grown")) },
    { requiredKeys: [] },
  ),
})).grown;

const before = (a: string, b: string): boolean => ordinalOf(a) < ordinalOf(b);

interface Formed {
  readonly since?: string;
  readonly until?: string;
  readonly was?: readonly { readonly before: string; readonly name?: string; readonly convert?: string }[];
}

/** The name and shape that a method or parameter had at a version. */
const formerAt = (formed: Formed, version: string) => formed.was?.find((entry) => before(version, entry.before));

/** The definition as it was when a version was its newest: what a server that has not been upgraded runs. */
function asOf(service: ServiceDescriptor, version: string): ServiceDescriptor {
  const cut = <T extends Formed>(record: Readonly<Record<string, T>>, more: (part: T) => object): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([, { since }]) => since === undefined || !before(version, since))
        .map(([name, part]) => {
          const { until, was = [], ...rest } = part;
          // A former shape without a name has today's, which a version in the past did not have yet.
          const past = was.filter((entry) => !before(version, entry.before)).map((entry) => ({ name, ...entry }));
          const present = formerAt(part, version);
          const ended = until !== undefined && !before(version, until) ? { until } : {};
          // What is a box at this version has no converter yet: the box was its type, then and before.
          const formers = present?.convert === undefined ? past : past.map(({ convert: _, ...entry }) => entry);
          const changed: object = { ...rest, ...ended, was: formers, ...more(part) };
          // The part keeps its own type: only keys that each part may have were changed.
          return [present?.name ?? name, changed as T];
        }),
    );
  return {
    ...service,
    codecs: Object.fromEntries(
      Object.entries(service.codecs ?? {}).map(([name, type]) => [name, typeAsOf(type, version)]),
    ),
    versions: service.versions.filter((own) => !before(version, own)),
    methods: cut(service.methods, (method) => ({ params: cut(method.params ?? {}, () => ({})) })),
  };
}

function typeAsOf(type: TypeCodec, version: string): TypeCodec {
  if (!("fields" in type)) return type;
  const { object, was = [], ...rest } = type;
  const former = was.find((entry) => before(version, entry.before));
  return {
    ...rest,
    ...(object === undefined ? {} : { object: { ...object, version: former?.version ?? object.version } }),
    was: was.filter((entry) => !before(version, entry.before)),
  };
}

/** Every shape of a random parameter over time must be able to become each later one: boxed shapes are the oldest. */
function isConvertible(service: ServiceDescriptor): boolean {
  const params = Object.values(service.methods).flatMap(({ params = {} }) => Object.values(params));
  return params.every(({ was = [] }) => {
    const boxes = was.map(({ convert }) => convert !== undefined);
    return boxes.lastIndexOf(true) < (boxes.indexOf(false) === -1 ? boxes.length : boxes.indexOf(false));
  });
}

test("what a client sends at a cap, every server of at least that version understands as it was meant", () => {
  let sent = 0;
  let refused = 0;
  const values = fc.record(
    { a: fc.jsonValue(), b: fc.jsonValue(), c: fc.jsonValue(), grown: fc.array(grownArbitrary, { maxLength: 2 }) },
    { requiredKeys: [] },
  );
  const scenario = serviceArbitrary.filter(isConvertible).chain((service) =>
    fc.record({
      service: fc.constant(service),
      cap: fc.constantFrom(...service.versions),
      name: fc.constantFrom("first", "second"),
      args: values,
    }),
  );
  fc.assert(
    fc.property(scenario, ({ service, cap, name, args }) => {
      let prepared: PreparedRequest;
      try {
        const codec = createCodec(service.codecs, ordinalOf(cap));
        prepared = new Sending(service, name, ordinalOf(cap), codec, converterTable).prepare(args, {});
      } catch (error) {
        expect((error as { code?: string }).code).toBe("version-cap");
        refused += 1;
        return;
      }
      sent += 1;
      expect(before(cap, prepared.version), `the label ${prepared.version} is above the cap ${cap}`).toBe(false);
      const method = service.methods[name];
      for (const version of service.versions.filter((own) => !before(own, cap))) {
        const server = asOf(service, version);
        const receiving = new Receiving(server, createCodec(server.codecs), converterTable);
        const served = receiving.served(undefined, prepared.version);
        if (served === undefined) throw new Error(`a server of ${version} does not serve ${prepared.version}`);
        const received = receiving.method(served, prepared.method);
        if (received === undefined)
          throw new Error(`a server of ${version} has no ${prepared.method} at ${prepared.version}`);
        const wire = JSON.parse(JSON.parse(`"${prepared.args}"`));
        expect(received.readArgs(wire), `at a server of ${version}`).toEqual(
          expectedAt(method?.params ?? {}, withoutLater(service, args, cap), cap, version),
        );
      }
    }),
    { numRuns: 2_000 },
  );
  // Neither branch may be the only one that runs.
  expect(sent).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(50);
});

/** What a manager of a version gets for the arguments of a caller at a cap. */
function expectedAt(
  params: Readonly<Record<string, ParamDescriptor>>,
  args: Readonly<Record<string, unknown>>,
  cap: string,
  version: string,
): Record<string, unknown> {
  const expected: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(params)) {
    const existsAt = (at: string): boolean =>
      (param.since === undefined || !before(at, param.since)) && (param.until === undefined || before(at, param.until));
    if (!existsAt(version)) continue;
    const former = formerAt(param, version);
    const given = existsAt(cap) ? (args[name] ?? (args[name] === null ? null : param.fill)) : undefined;
    const value = given === undefined ? undefined : former?.convert === undefined ? given : { box: given };
    const seen = value === undefined ? param.default : JSON.parse(JSON.stringify(value));
    if (seen !== undefined) expected[former?.name ?? name] = seen;
  }
  return expected;
}

/** The arguments without what objects in them did not have yet at the cap. */
function withoutLater(
  { codecs = {} }: ServiceDescriptor,
  args: Readonly<Record<string, unknown>>,
  cap: string,
): Readonly<Record<string, unknown>> {
  const type = codecs["Grown"];
  const former =
    type !== undefined && "fields" in type ? type.was?.find((entry) => before(cap, entry.before)) : undefined;
  const cut = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cut);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([name]) => former?.without?.includes(name) !== true);
    return Object.fromEntries(kept.map(([name, item]) => [name, cut(item)]));
  };
  return "grown" in args ? { ...args, grown: cut(args["grown"]) } : args;
}
