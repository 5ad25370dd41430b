import {
  createDispatcher,
  DeclaredError,
  type DeclaredErrorDetails,
  RPCClient,
  type ServiceDescriptor,
  VersionCapError,
} from "@rpcgen/runtime";
import { type RecordedRequest, RecordingTransport } from "@rpcgen/runtime/testing";
import { describe, expect, test } from "vitest";
import { RecordingLogger } from "../support/recording-logger.js";

class TooOld extends DeclaredError<{ readonly cap: string; readonly needed: string }> {
  static readonly wireName = "shop.TooOld";
  constructor(fields: { readonly cap: string; readonly needed: string }, details?: DeclaredErrorDetails) {
    super(`needs ${fields.needed}, has ${fields.cap}`, fields, details);
  }
}

class NoNotes extends DeclaredError<Record<string, never>> {
  static readonly wireName = "shop.NoNotes";
  constructor(fields: Record<string, never>, details?: DeclaredErrorDetails) {
    super("has no notes", fields, details);
  }
}

const tooOld = { error: "TooOld", fields: { cap: "$cap", needed: "$needed" } };

const service = {
  name: "desk",
  topic: "orders",
  versions: ["1.0", "1.1", "1.2", "1.3", "1.4"],
  errors: { TooOld, NoNotes },
  codecs: {
    Order: { object: { name: "Order", namespace: "shop", version: "1.0", prefix: "shop_object" }, fields: {} },
  },
  methods: {
    place: {
      kind: "cast",
      member: "place",
      since: "1.1",
      params: {
        order: { codec: { ref: "Order" } },
        rush: { since: "1.4", optional: true, default: false, whenOlder: tooOld },
        notes: { since: "1.3", optional: true, whenOlder: { error: "NoNotes" } },
      },
    },
    archive: { kind: "cast", member: "archive", since: "1.3", tooOld, params: { id: {} } },
    stamp: { kind: "cast", member: "stamp", until: "1.2", params: { id: {} } },
    pack: {
      kind: "cast",
      member: "pack",
      params: {
        id: {},
        box: { until: "1.2" },
        ribbon: { until: "1.3", optional: true },
      },
    },
    ship: {
      kind: "cast",
      member: "ship",
      server: ["order.desk"],
      params: { order: { codec: { ref: "Order" }, convert: { name: "flat", before: "1.2" } } },
    },
    pay: {
      kind: "cast",
      member: "pay",
      params: {
        price: { was: [{ before: "1.2", name: "amount", convert: "price" }] },
        currency: { until: "1.2", from: "price", convert: { name: "currency" } },
      },
    },
  },
} as const satisfies ServiceDescriptor;

interface Price {
  readonly amount: number;
  readonly currency: string;
}

const converters = {
  flat: { encode: (order: { readonly id: number }) => ({ number: order.id }) },
  price: {
    encode: ({ amount }: Price) => amount,
    decode: (amount: number, args: Readonly<Record<string, unknown>>) => ({ amount, currency: args["currency"] }),
  },
  currency: { encode: ({ currency }: Price) => currency },
};

async function send(
  versionCap: string,
  name: keyof (typeof service)["methods"],
  args: object,
): Promise<RecordedRequest> {
  const transport = new RecordingTransport();
  await new RPCClient(transport, service, { versionCap, converters }).cast(name, {}, args);
  const [request] = transport.requests;
  if (request === undefined) throw new Error("nothing was sent");
  return request;
}

describe("a refusal by the version cap", () => {
  test("tells the cap and the version that the request needs in the fields that ask for them", async () => {
    const failure = await send("1.2", "archive", { id: 1 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TooOld);
    expect(failure).toMatchObject({ fields: { cap: "1.2", needed: "1.3" }, message: "needs 1.3, has 1.2" });
  });

  test("names the newest version of all that is too new, so that a cap which is raised to it suffices", async () => {
    const args = { order: { id: 1 }, notes: "careful", rush: true };
    for (const cap of ["1.0", "1.1", "1.2"]) {
      const failure = await send(cap, "place", args).catch((error: unknown) => error);
      expect(failure, cap).toBeInstanceOf(TooOld);
      expect(failure, cap).toMatchObject({ fields: { cap, needed: "1.4" } });
    }
    expect(await send("1.4", "place", args)).toMatchObject({ version: "1.4" });
  });

  test("is that of the method where no argument needs more", async () => {
    const failure = await send("1.0", "place", { order: { id: 1 } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(VersionCapError);
    expect(failure).toMatchObject({ version: "1.1", cap: "1.0" });
  });
});

describe("a version cap", () => {
  test("refuses a method that has ended, and names the oldest version where it came with the service", async () => {
    await expect(send("1.3", "stamp", { id: 1 })).rejects.toMatchObject({ version: "1.0", cap: "1.3" });
  });

  test("that a configuration has as a number is an error which says so", () => {
    const options = { versionCap: 1.1 as unknown as string }; // What YAML makes of it without quotes.
    expect(() => new RPCClient(new RecordingTransport(), service, { ...options, converters })).toThrow(
      "a version cap is a text, and 1.1 is none; quote it",
    );
  });
});

describe("a version cap as a text", () => {
  const make = (versionCap: string, logger = new RecordingLogger()) => {
    new RPCClient(new RecordingTransport(), service, { versionCap, converters, logger });
    return logger;
  };

  test.each(["1.04", "01.4", "1.4.0", "v1.4", " 1.4", "2.0", "0.9"])("is refused where it is no version: %j", (cap) => {
    expect(() => make(cap)).toThrow(RangeError);
  });

  test("that is newer than the definition is its newest, and a warning in the log", async () => {
    const { entries } = make("1.25");
    expect(entries).toEqual([expect.objectContaining({ level: "warn", message: expect.stringContaining("newer") })]);
    expect(make("1.4").entries).toEqual([]);
    expect(await send("1.25", "pack", { id: 1 })).toMatchObject({ version: "1.2" });
  });
});

describe("the label of a request", () => {
  test("leaves out servers that still want an argument which has ended, and not those that can do without it", async () => {
    expect(await send("1.1", "pack", { id: 1, box: 2, ribbon: 3 })).toMatchObject({ version: "1.0" });
    expect(await send("1.4", "pack", { id: 1, box: 2, ribbon: 3 })).toMatchObject({ version: "1.2", args: { id: 1 } });
  });
});

describe("what a converter makes", () => {
  test("goes on the wire as it is; without it the value has its envelope", async () => {
    const order = { id: 7, desk: "north" };
    expect((await send("1.1", "ship", { order })).args).toEqual({ order: { number: 7 } });
    expect((await send("1.2", "ship", { order })).args["order"]).toHaveProperty("shop_object.data", order);
  });

  test("is needed by a client at the versions that send it alone, and missed when the client is made", () => {
    const make = (versionCap: string) => () => new RPCClient(new RecordingTransport(), service, { versionCap });
    expect(make("1.4")).not.toThrow();
    expect(make("1.1")).toThrow(/desk needs the converter "flat"/);
  });

  test("can be put together again from several arguments", async () => {
    const price = { amount: 5, currency: "EUR" };
    const { args, version = null, method } = await send("1.1", "pay", { price });
    expect(args).toEqual({ amount: 5, currency: "EUR" });
    const dispatcher = createDispatcher(service, {}, { manager: {}, methods: { pay: async () => {} } }, { converters });
    const found = dispatcher.find({ version, method });
    expect(found.kind === "handler" && found.handler.readArgs(args)).toEqual({ price });
  });
});

describe("a path to the server", () => {
  test("leads into a versioned object that is handed through in its envelope", async () => {
    const order = {
      "shop_object.name": "Order",
      "shop_object.namespace": "shop",
      "shop_object.version": "1.0",
      "shop_object.data": { id: 7, desk: "north" },
    };
    const request = await send("1.4", "ship", { order });
    expect(request.target).toMatchObject({ server: "north" });
    expect(request.args).toEqual({ order });
  });
});

describe("the option topic", () => {
  test("sends to another topic than the definition's", async () => {
    const transport = new RecordingTransport();
    await new RPCClient(transport, service, { topic: "returns", converters }).cast("pack", {}, { id: 1 });
    expect(transport.requests[0]?.target.topic).toBe("returns");
  });
});

describe("a name that has changed hands", () => {
  const renamed = {
    name: "desk",
    topic: "orders",
    versions: ["1.0", "1.1"],
    methods: {
      move: {
        kind: "call",
        member: "move",
        params: {
          // "host" was the target's name, and is now the source's.
          target: { was: [{ before: "1.1", name: "host" }] },
          host: { since: "1.1", optional: true },
          size: { optional: true, was: [{ before: "1.1", convert: "boxed", fill: { box: 0 } }] },
        },
      },
    },
  } as const satisfies ServiceDescriptor;
  const converters = {
    boxed: { encode: (value: unknown) => ({ box: value }), decode: (wire: { box: unknown }) => wire.box },
  };
  const read = (version: string, args: object): unknown => {
    const dispatcher = createDispatcher(
      renamed,
      {},
      { manager: {}, methods: { move: async () => null } },
      { converters },
    );
    const found = dispatcher.find({ version, method: "move" });
    return found.kind === "handler" ? found.handler.readArgs(args) : found.kind;
  };

  test("belongs to the parameter that had it at the request's version, and to no other", () => {
    expect(read("1.0", { host: "h1" })).toEqual({ target: "h1" });
    expect(read("1.1", { host: "h1", target: "h2" })).toEqual({ host: "h1", target: "h2" });
  });

  test("fills a former shape in the former type: the converter is for what the caller gives", async () => {
    const transport = new RecordingTransport();
    const client = new RPCClient(transport, renamed, { versionCap: "1.0", converters });
    await client.call("move", {}, { target: "h2" });
    await client.call("move", {}, { target: "h2", size: 5 });
    expect(transport.requests.map(({ args }: RecordedRequest) => args)).toEqual([
      { host: "h2", size: { box: 0 } },
      { host: "h2", size: { box: 5 } },
    ]);
  });
});

describe("arguments with names that every object has", () => {
  const box = {
    ...service,
    methods: {
      open: {
        kind: { by: "valueOf", true: "cast", false: "fanout", default: true },
        member: "open",
        server: ["hasOwnProperty"],
        params: {
          valueOf: { local: true, optional: true, default: true },
          hasOwnProperty: { local: true, optional: true, default: "host1" },
          toString: { optional: true, fill: "lid" },
          isPrototypeOf: { since: "1.4", optional: true },
        },
      },
    },
  } as unknown as ServiceDescriptor;

  test("are absent where they are not given, and then filled, not refused, and counted with their defaults", async () => {
    const transport = new RecordingTransport();
    const client = new RPCClient(transport, box, { versionCap: "1.3" }, { open: { params: {} } });
    await client.cast("open", {}, {});
    expect(transport.requests[0]).toMatchObject({ args: { toString: "lid" }, target: { server: "host1" } });
    expect(client.canSend["open"]?.()).toBe(true);
  });

  test("are sent where they are given", async () => {
    const transport = new RecordingTransport();
    const args = { valueOf: false, toString: "side", isPrototypeOf: 1 };
    await new RPCClient(transport, box).fanout("open", {}, args);
    expect(transport.requests[0]?.args).toEqual({ toString: "side", isPrototypeOf: 1 });
  });
});
