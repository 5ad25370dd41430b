import {
  createDispatcher,
  createTransport,
  IncompatibleObjectError,
  type RequestContext,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
} from "@rpcgen/runtime";
import { RecordingTransport } from "@rpcgen/runtime/testing";
import { afterEach, describe, expect, test } from "vitest";
import { createCodec } from "../../src/runtime/codec.js";
import { ordinalOf } from "../../src/runtime/version.js";
import { uniqueName } from "../support/broker.js";

const object = { name: "Instance", namespace: "nova", version: "2.3", prefix: "nova_object" };
const service = {
  name: "compute",
  topic: "compute",
  versions: ["1.0"],
  codecs: {
    Instance: { object, fields: { flavor: { ref: "Flavor" }, big: "bigint" } },
    Flavor: { object: { ...object, name: "Flavor", version: "1.2" }, fields: {} },
  },
  methods: {
    keep: {
      member: "keep",
      kind: "call",
      params: { instance: { codec: { ref: "Instance" } } },
      result: { ref: "Instance" },
    },
    raw: { member: "raw", kind: "call", params: { instance: {} } },
  },
} as const satisfies ServiceDescriptor;

/** The same service as a peer without codecs sees it: envelopes as they are. */
const { codecs: _, ...bare } = service;
const wire = {
  ...bare,
  methods: { keep: { ...service.methods.keep, params: { instance: {} }, result: undefined } },
} as unknown as ServiceDescriptor;

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function serve(keep: (instance: Record<string, unknown>) => unknown) {
  const transport = createTransport(`memory://${uniqueName("objects")}`);
  const dispatcher = createDispatcher(
    service,
    {},
    {
      manager: {},
      methods: {
        keep: async (_context: RequestContext, args: { instance: Record<string, unknown> }) => keep(args.instance),
        raw: async (_context: RequestContext, args: { instance: unknown }) => args.instance,
      },
    },
  );
  const server = new RPCServer(transport, { topic: "compute", server: "host1" }, [dispatcher]);
  await server.start();
  endings.push(
    () => transport.close(),
    () => server.stop(0),
  );
  return { client: new RPCClient(transport, service), peer: new RPCClient(transport, wire) };
}

const envelope = (version: string, data: object, more: object = {}) => ({
  "nova_object.name": "Instance",
  "nova_object.namespace": "nova",
  "nova_object.version": version,
  "nova_object.data": data,
  ...more,
});

describe("a versioned object", () => {
  test("is plain for programs, and in its envelope on the wire, inner ones too", async () => {
    const seen: unknown[] = [];
    const { client, peer } = await serve((instance) => {
      seen.push(structuredClone(instance));
      return instance;
    });
    const instance = { uuid: "u", big: 5n, flavor: { name: "small" } };
    expect(await client.call("keep", {}, { instance })).toEqual(instance);
    expect(seen).toEqual([instance]);
    expect(await peer.call("keep", {}, { instance: envelope("2.3", { uuid: "u" }) })).toEqual(
      envelope("2.3", { uuid: "u" }),
    );
    expect(await client.call("raw", {}, { instance })).toEqual({ uuid: "u", big: 5, flavor: { name: "small" } });
  });

  test("that arrived and goes on keeps its version, its changes and the fields that nobody declared", async () => {
    const { peer } = await serve((instance) => instance);
    const older = envelope("2.1", { uuid: "u", unknown: [1, { two: 3 }] }, { "nova_object.changes": ["uuid"] });
    expect(await peer.call("keep", {}, { instance: older })).toEqual(older);
  });

  test("is put into its envelope in a list with a name of its own too, and nothing else is copied", () => {
    const codec = createCodec({
      ...service.codecs,
      Instances: { alias: { list: { ref: "Instance" } } },
      Size: { fields: { bytes: "number" } },
    });
    expect(codec.encode([{ uuid: "u" }], { ref: "Instances" })).toEqual([envelope("2.3", { uuid: "u" })]);
    const size = { bytes: 5 };
    expect(codec.encode(size, { ref: "Size" })).toBe(size);
  });

  test("goes through unopened, in the envelope that the caller has", async () => {
    const { client } = await serve((instance) => instance);
    const sealed = envelope("2.0", { uuid: "u" });
    expect(await client.call("keep", {}, { instance: sealed })).toEqual({ uuid: "u" });
  });

  test("that is newer, or of another major version, is a typed error, from server to caller too", async () => {
    const { peer, client } = await serve(() => envelope("2.9", { uuid: "from the server" }));
    for (const version of ["2.4", "3.0", "1.9"]) {
      const refused = await peer.call("keep", {}, { instance: envelope(version, {}) }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(IncompatibleObjectError);
      expect(refused).toMatchObject({ objectName: "Instance", version, supported: "2.3" });
    }
    const received = client.call("keep", {}, { instance: { uuid: "u" } });
    await expect(received).rejects.toThrow("compute.keep on compute: version 2.9 of Instance is not supported; 2.3 is");
  });
});

describe("an object that has grown", () => {
  const grown = {
    ...service,
    versions: ["1.0", "1.1", "1.2"],
    codecs: {
      Instance: {
        object,
        fields: { flavor: { ref: "Flavor" } },
        was: [
          { before: "1.1", version: "2.1", without: ["cell", "zone"] },
          { before: "1.2", version: "2.2", without: ["zone"] },
        ],
      },
      Flavor: { fields: {}, was: [{ before: "1.2", without: ["swap"] }] },
    },
    methods: { keep: { ...service.methods.keep, kind: "cast", result: undefined } },
  } as unknown as ServiceDescriptor;
  // Printed for today's shape: what goes to older servers must not be printed by it.
  const encoders = { keep: { params: { instance: () => "today" } } };

  async function sent(versionCap: string, instance: object): Promise<unknown> {
    const transport = new RecordingTransport();
    await new RPCClient(transport, grown, { versionCap }, encoders).cast("keep", {}, { instance });
    return transport.requests[0]?.args["instance"];
  }

  test("goes to older servers in the version and with the fields that they know, inside of others too", async () => {
    const instance = { id: 1, cell: "a", zone: "b", flavor: { name: "m1", swap: 0 } };
    expect(await sent("1.0", instance)).toEqual(envelope("2.1", { id: 1, flavor: { name: "m1" } }));
    expect(await sent("1.1", instance)).toEqual(envelope("2.2", { id: 1, cell: "a", flavor: { name: "m1" } }));
    // What is sent in today's shape is printed by what generated code has for it.
    await expect(sent("1.2", instance)).rejects.toThrow();
    expect(instance.flavor.swap).toBe(0);
  });

  test("says by the label of the request what servers must know, unless it has a version of its own", async () => {
    const plain = {
      ...grown,
      codecs: { Box: { fields: {}, was: [{ before: "1.1", without: ["colour"] }] } },
      methods: {
        put: { member: "put", kind: "cast", params: { boxes: { optional: true, codec: { list: { ref: "Box" } } } } },
      },
    } as unknown as ServiceDescriptor;
    const labels: unknown[] = [];
    for (const [versionCap, args] of [
      ["1.2", { boxes: [] }],
      ["1.2", {}],
      ["1.0", { boxes: [] }],
    ] as const) {
      const transport = new RecordingTransport();
      await new RPCClient(transport, plain, { versionCap }).cast("put", {}, args);
      labels.push(transport.requests[0]?.version);
    }
    expect(labels).toEqual(["1.1", "1.0", "1.0"]);
    const transport = new RecordingTransport();
    await new RPCClient(transport, grown).cast("keep", {}, { instance: { id: 1 } });
    // Flavor is plain, and inside.
    expect(transport.requests[0]?.version).toBe("1.2");
  });

  test("that came in an older version stays in it, and what is left out is no longer called changed", async () => {
    const codec = createCodec(grown.codecs, ordinalOf("1.1"));
    const form = { ref: "Instance" };
    const old = codec.decode(envelope("2.0", { id: 1 }), form);
    expect(codec.encode(old, form)).toEqual(envelope("2.0", { id: 1 }));
    const changes = { "nova_object.changes": ["cell", "zone"] };
    const newer = codec.decode(envelope("2.3", { id: 1, cell: "a", zone: "b" }, changes), form);
    const older = envelope("2.2", { id: 1, cell: "a" }, { "nova_object.changes": ["cell"] });
    expect(codec.encode(newer, form)).toEqual(older);
  });

  test("costs a client of many methods and types that refer to each other little time", () => {
    const count = 200;
    const was = [{ before: "1.1", without: ["a"] }];
    const types = Array.from({ length: count }, (_, at) => [
      `T${at}`,
      { fields: { next: { ref: `T${(at + 1) % count}` } }, was },
    ]);
    const params = (method: number) =>
      Array.from({ length: 10 }, (_, at) => [`p${at}`, { codec: { list: { ref: `T${(method + at) % count}` } } }]);
    const methods = Array.from({ length: 400 }, (_, at) => [
      `m${at}`,
      { member: `m${at}`, kind: "cast", params: Object.fromEntries(params(at)) },
    ]);
    const large = {
      name: "large",
      topic: "large",
      versions: ["1.0", "1.1"],
      codecs: Object.fromEntries(types),
      methods: Object.fromEntries(methods),
    } as unknown as ServiceDescriptor;
    const start = performance.now();
    new RPCClient(new RecordingTransport(), large);
    // It took many seconds when the types were walked for each parameter.
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
