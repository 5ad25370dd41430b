import { describe, expect, it } from "vitest";
import { analyze } from "../../src/compiler/analyze.js";
import type { Source } from "../../src/compiler/index.js";
import type { Method, Param, Service } from "../../src/compiler/model.js";
import { definitionsIn } from "./cases.js";
import { plainText } from "./plain-text.js";

const [service] = resolved(definitionsIn("resolve/whole_language"));

describe("the model of a definition that uses the whole language", () => {
  it("has the service's own facts, with versions from old to new", () => {
    expect(service).toMatchObject({
      name: "block_storage",
      typeName: "BlockStorage",
      topic: "storage",
      exchange: "demo",
      namespace: "storage_ns",
      extensions: { "x-team": "storage" },
      source: "storage.yaml",
    });
    expect(service?.versions.map(({ version }) => version)).toEqual(["3.0", "3.10", "3.11", "4.0", "4.2"]);
    expect(service?.releases).toMatchObject([
      { name: "antelope", version: "3.10" },
      { name: "bobcat", version: "4.0" },
    ]);
  });

  it("has time-outs in milliseconds, those of imported files too", () => {
    expect(service?.timeouts).toMatchObject([
      { name: "tiny", timeout: 100 },
      { name: "short", timeout: 500 },
      { name: "long", timeout: 5_400_000, heartbeat: 60_000 },
    ]);
    expect(method("create_volume")).toMatchObject({ timeout: { profile: "long" }, heartbeat: 30_000 });
  });

  it("has the types which methods and errors reach, and no others", () => {
    expect(service?.types.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "Volume object",
      "State enum",
      "Mode enum",
      "Gigabytes alias",
      "Ids alias",
      "Target union",
      "PoolTarget object",
      "NodeTarget object",
      "Snapshot object",
    ]);
  });

  it("reads types, null and absent apart", () => {
    const volume = service?.types.find(({ name }) => name === "Volume");
    const fields = volume?.kind === "object" ? volume.fields : [];
    const field = (name: string) => fields.find((one) => one.name === name);
    expect(field("host")).toMatchObject({ type: { kind: "nullable", type: { scalar: "string" } }, optional: false });
    expect(field("parent")).toMatchObject({ type: { kind: "nullable", type: { kind: "ref" } }, optional: true });
    expect(field("size")).toMatchObject({
      type: { kind: "ref", name: "Gigabytes" },
      optional: true,
      default: { value: 1 },
    });
    expect(field("key")).toMatchObject({ sensitive: true });
    expect(field("raw")).toMatchObject({ type: { kind: "schema", schema: { type: "array" } } });
    expect(field("checksum")?.default).toEqual({ value: 18_446_744_073_709_551_616n });
  });

  it("reads enums with descriptions, unions with their tag, versioned objects with their prefix", () => {
    const type = (name: string) => service?.types.find((one) => one.name === name);
    expect(type("State")).toMatchObject({
      values: [{ value: "free", description: "Nobody uses it." }, { value: "in-use" }],
    });
    expect(type("Target")).toMatchObject({
      tag: "what",
      variants: [{ value: "pool", type: "PoolTarget" }, { value: "node" }],
    });
    expect(type("Snapshot")).toMatchObject({ object: { version: "1.4", prefix: "demo_object" } });
  });

  it("gives errors a name on the wire and a text where the file has none", () => {
    expect(service?.errors).toMatchObject([
      { name: "QuotaExceeded", wire: "block_storage.QuotaExceeded", message: "Too much." },
      { name: "VolumeNotFound", wire: "demo.exception.VolumeNotFound", interval: { since: "3.0", until: "4.2" } },
      { name: "TooOld", message: "Too old.", interval: { since: "3.0" } },
      { name: "Nothing", message: "Nothing." },
    ]);
  });

  it("has methods of imported files, with camelCase members", () => {
    expect(service?.methods.map(({ name, member, typeName }) => [name, member, typeName])).toEqual([
      ["ping", "ping", "Ping"],
      ["create_volume", "createVolume", "CreateVolume"],
      ["snapshot_volume", "snapshotVolume", "SnapshotVolume"],
      ["delete_volumes", "deleteVolumes", "DeleteVolumes"],
      ["refresh", "refresh", "Refresh"],
      ["migrate", "migrate", "Migrate"],
    ]);
  });

  it("reads where a method goes", () => {
    expect(method("create_volume").server).toMatchObject([{ value: ["host", "volume.host | extract_host"] }]);
    expect(method("snapshot_volume").server).toEqual([]);
    expect(method("snapshot_volume").topic).toMatchObject([
      { interval: { since: "4.2" }, value: "snapshots.{volume.host | extract_host}" },
      { interval: { since: "3.0" }, value: "storage" },
    ]);
    expect(method("refresh").topic).toMatchObject([{ interval: { since: "3.0" }, value: "storage-{zone}" }]);
  });

  it("reads kinds that the caller or the version chooses; the choosing argument is not sent", () => {
    expect(method("snapshot_volume").kind).toMatchObject([
      { value: { by: "wait", true: "call", false: "cast", default: false } },
    ]);
    expect(param("snapshot_volume", "wait").local).toBe(true);
    expect(method("delete_volumes").kind).toMatchObject([
      { interval: { since: "4.0" }, value: "cast" },
      { interval: { since: "3.0" }, value: "call" },
    ]);
  });

  it("reads how methods and parameters changed", () => {
    expect(method("snapshot_volume")).toMatchObject({
      interval: { since: "3.10" },
      was: [{ before: "4.0", name: "take_snapshot" }],
      tooOld: { error: "TooOld", fields: { needed: "3.10" } },
      label: [{ interval: { since: "3.0", until: "4.0" }, value: "3.10" }],
    });
    expect(param("create_volume", "size").was).toMatchObject([
      { before: "3.10", name: "gigabytes" },
      { before: "4.0", type: { scalar: "string" }, convert: "size_to_text", fill: { value: "1" } },
    ]);
    expect(param("create_volume", "tags")).toMatchObject({ interval: { since: "3.10" }, whenOlder: "drop" });
    expect(param("create_volume", "copies").whenOlder).toBe("reject");
    expect(param("create_volume", "mode").whenOlder).toEqual({ error: "TooOld", fields: { needed: "4.0" } });
    expect(param("create_volume", "legacy")).toMatchObject({ interval: { until: "4.0" }, fill: { value: "none" } });
  });

  it("reads where arguments come from", () => {
    expect(param("create_volume", "host")).toMatchObject({ local: true, optional: true });
    expect(param("create_volume", "volume_id")).toMatchObject({ from: "volume.id", type: { scalar: "uuid" } });
    expect(param("create_volume", "flags").const).toEqual({ value: { a: [1, null, true] } });
    expect(param("create_volume", "now").convert).toEqual({ name: "utcnow" });
    expect(param("create_volume", "owner").convert).toEqual({ name: "to_primitive", before: "4.0" });
  });

  it("reads how a method is delivered", () => {
    expect(method("create_volume")).toMatchObject({
      idempotent: true,
      priority: 5,
      concurrency: 10,
      delivery: "at-most-once",
    });
    expect(method("migrate")).toMatchObject({ delivery: "at-least-once", attempts: 5 });
  });

  it("reads periodic tasks", () => {
    expect(service?.periodic).toMatchObject([
      { name: "report_state", member: "reportState", spacing: 10_000, runImmediately: false },
      { name: "clean_up", member: "cleanUp", spacing: 3_600_000, runImmediately: true },
    ]);
  });

  it("points every name to its place", () => {
    const text = definitionsIn("resolve/whole_language").find(({ path }) => path === "storage.yaml")?.text ?? "";
    for (const { name, range } of [...(service?.types ?? []), ...(service?.methods ?? [])]) {
      if (range.path === "storage.yaml") expect(text.slice(range.start, range.end)).toBe(name);
    }
  });
});

describe("several definitions", () => {
  it("are the same whatever their order", () => {
    const sources = [
      ...definitionsIn("resolve/whole_language"),
      { path: "a.yaml", text: 'rpcapi: 1\nservice: a\nversions: { "1.0": First. }\n' },
    ];
    expect(resolved(sources)).toEqual(resolved(sources.toReversed()));
  });

  it("may import the types of another service, and not its methods", () => {
    const other =
      'rpcapi: 1\nservice: other\nversions: { "1.0": First. }\nimports: [./storage.yaml]\nmethods:\n  get: { kind: call, returns: Volume }\n';
    const services = resolved([...definitionsIn("resolve/whole_language"), { path: "other.yaml", text: other }]);
    const found = services.find(({ name }) => name === "other");
    expect(found?.methods.map(({ name }) => name)).toEqual(["ping", "get"]);
    expect(found?.types.map(({ name }) => name)).toEqual(["Volume", "State", "Gigabytes"]);
  });

  it("are read when an import asks for them", () => {
    const [shared, storage] = definitionsIn("resolve/whole_language");
    const asked: string[] = [];
    const { value, diagnostics } = analyze(
      storage === undefined ? [] : [{ ...storage, path: "schemas/v1/storage.yaml" }],
      (path) => {
        asked.push(path);
        return shared;
      },
    );
    expect(diagnostics).toEqual([]);
    expect(asked).toEqual(["schemas/v1/shared.yaml"]);
    expect(value.services).toHaveLength(1);
  });
});

describe("an object type that has grown", () => {
  const text = (releases: string, versions: string) => `rpcapi: 1
service: demo
releases: ${releases}
versions: ${versions}
types:
  Box:
    object: { name: Box, namespace: demo, version: "1.4" }
    fields: { id: uuid, a: { type: string, optional: true }, b: { type: string, optional: true } }
    was: [{ before: spring, without: [a] }, { before: summer, version: "1.2" }, { before: autumn, without: [b] }]
methods:
  put: { kind: cast, params: { box: Box } }
`;

  it("was before a version what it was below the next one too: without its fields, and of no newer version", () => {
    const path = "demo.yaml";
    const versions = '{ "1.0": First., "1.1": Adds a., "1.2": Changes box., "1.3": Adds b. }';
    const [demo] = resolved([{ path, text: text('{ spring: "1.1", summer: "1.2", autumn: "1.3" }', versions) }]);
    expect(demo?.types[0]).toMatchObject({
      was: [
        { before: "1.1", version: "1.2", without: ["a", "b"] },
        { before: "1.2", version: "1.2", without: ["b"] },
        { before: "1.3", without: ["b"] },
      ],
    });
  });

  it("is told once where two releases are one version", () => {
    const versions = '{ "1.0": First., "1.1": Adds a and b. }';
    const source = { path: "demo.yaml", text: text('{ spring: "1.1", summer: "1.1", autumn: "1.1" }', versions) };
    const [demo] = resolved([source]);
    expect(demo?.types[0]).toMatchObject({ was: [{ before: "1.1", version: "1.2", without: ["a", "b"] }] });
  });
});

function resolved(sources: readonly Source[]): readonly Service[] {
  const { value, diagnostics } = analyze(sources, () => undefined);
  expect(plainText(diagnostics, sources)).toBe("");
  return value.services;
}

function method(name: string): Method {
  const found = service?.methods.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no method ${name}`);
  return found;
}

function param(of: string, name: string): Param {
  const found = method(of).params.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no parameter ${name}`);
  return found;
}
