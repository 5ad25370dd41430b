import {
  createDispatcher,
  createTransport,
  type Dispatcher,
  InvalidTargetError,
  RPCClient,
  RPCServer,
  Service,
  type ServiceDescriptor,
} from "@rpcgen/runtime";
import { type RecordedRequest, RecordingTransport } from "@rpcgen/runtime/testing";
import { describe, expect, test } from "vitest";
import {
  createShelfKeeperDispatcher,
  ShelfKeeperAPI,
  type ShelfKeeperConverters,
} from "../compiler/cases/generate/routes_by_version/expected/shelf_keeper/index.js";
import { uniqueName } from "../support/broker.js";

const converters: ShelfKeeperConverters = {
  nearest_keeper: { encode: ({ place }) => (place === "nowhere" ? null : `by-${place}`) },
  split_lines: { encode: (lines) => lines },
};
const id = "9f4c8d2e-3f3b-4d7c-9a1b-1234567890ab";
const place = "kate@north#top";

async function sent(cap: string, send: (api: ShelfKeeperAPI) => Promise<unknown>): Promise<RecordedRequest> {
  const transport = new RecordingTransport();
  await send(new ShelfKeeperAPI(transport, { versionCap: cap, converters }));
  const [request] = transport.requests;
  if (request === undefined) throw new Error("nothing was sent");
  return request;
}

describe("the server of a request", () => {
  test("is found by other paths, and with other functions, at another version", async () => {
    const move = (api: ShelfKeeperAPI): Promise<unknown> => api.moveBox({}, { box: { id, place } });
    expect((await sent("1.2", move)).target.server).toBe("kate");
    expect((await sent("1.0", move)).target.server).toBe("kate@north");
    const inGroup = (api: ShelfKeeperAPI): Promise<unknown> => api.moveBox({}, { box: { id, place, group: "night" } });
    expect((await sent("1.0", inGroup)).target.server).toBe("night");
  });

  test("is what a function of the program makes, or the topic's queue where none has to be set", async () => {
    const find = (near?: string) => (api: ShelfKeeperAPI) =>
      api.findBox({}, { id, ...(near === undefined ? {} : { near: { id, place: near } }) });
    expect((await sent("1.2", find("south"))).target.server).toBe("by-south");
    expect((await sent("1.2", find("nowhere"))).target).not.toHaveProperty("server");
    expect((await sent("1.2", find())).target).not.toHaveProperty("server");
    const told = await sent("1.2", (api) => api.findBox({}, { id }, { server: "kate" }));
    expect(told.target.server).toBe("kate");
  });
});

describe("the topic of a request", () => {
  test("is the first whose places are set, at the version", async () => {
    const move = (group?: string | null) => (api: ShelfKeeperAPI) =>
      api.moveBox({}, { box: { id, place, ...(group === undefined ? {} : { group }) } });
    expect((await sent("1.1", move("night"))).target.topic).toBe("shelf.night");
    expect((await sent("1.1", move(null))).target.topic).toBe("shelf.kate@north");
    expect((await sent("1.1", move())).target.topic).toBe("shelf.kate@north");
    expect((await sent("1.0", move("night"))).target.topic).toBe("shelf");
  });

  test("has the default of an argument that was left out, which is not sent where it only routes", async () => {
    const request = await sent("1.2", (api) => api.findBox({}, { id }));
    expect(request.target.topic).toBe("shelf.north");
    expect(request.args).toEqual({ id });
  });

  test("is the caller's where the options name one", async () => {
    const request = await sent("1.2", (api) => api.findBox({}, { id }, { topic: "shelf.attic" }));
    expect(request.target.topic).toBe("shelf.attic");
  });

  test("is an error before anything is sent where no rule is complete", async () => {
    const service = {
      name: "desk",
      topic: "desk",
      versions: ["1.0"],
      methods: {
        go: { kind: "cast", member: "go", topic: "desk.{hall}", params: { hall: { optional: true, local: true } } },
      },
    } as const satisfies ServiceDescriptor;
    const transport = new RecordingTransport();
    const going = new RPCClient(transport, service).cast("go", {}, { hall: "" });
    await expect(going).rejects.toThrow(InvalidTargetError);
    await expect(going).rejects.toThrow("no topic: what desk.{hall} needs of the arguments is not set");
    expect(transport.requests).toEqual([]);
  });
});

describe("an argument that the caller leaves out", () => {
  test("is sent as its fill or, with send_defaults, as its default, where the version has it", async () => {
    const move = (api: ShelfKeeperAPI): Promise<unknown> => api.moveBox({}, { box: { id, place } });
    const { args, version } = await sent("1.2", move);
    expect(args).toMatchObject({ board: "top", gently: true, reason: null });
    // Python's classes do the same: what is sent needs servers that know it.
    expect(version).toBe("1.2");
    const older = await sent("1.1", move);
    expect(older.args).not.toHaveProperty("reason");
    expect(older.version).toBe("1.0");
  });

  test("is the time of sending where the definition says utcnow, and the caller's where there is one", async () => {
    const at = "2026-01-31T12:00:00.000000";
    const told = await sent("1.2", (api) => api.moveBox({}, { box: { id, place }, at }));
    expect(told.args["at"]).toBe(at);
    const made = await sent("1.2", (api) => api.moveBox({}, { box: { id, place } }));
    expect(made.args["at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  });
});

describe("an argument that is taken from another", () => {
  test("is null where that is null, and absent where there is nothing", async () => {
    const find = (group?: string | null) => (api: ShelfKeeperAPI) =>
      api.findBox({}, { id, near: { id, place, ...(group === undefined ? {} : { group }) } });
    expect((await sent("1.2", find(""))).args).toEqual({ id, group: "" });
    expect((await sent("1.2", find(null))).args).toEqual({ id, group: null });
    expect((await sent("1.2", find())).args).toEqual({ id });
  });

  test("counts with the source's default where it is asked whether the version cap allows it, too", async () => {
    const later = {
      name: "shelf",
      topic: "shelf",
      versions: ["1.0", "1.1", "1.2"],
      methods: {
        put: {
          member: "put",
          kind: "cast",
          since: "1.1",
          params: {
            place: { local: true, optional: true, default: "north" },
            kept_at: { since: "1.2", from: "place" },
          },
        },
      },
    } as const satisfies ServiceDescriptor;
    const transport = new RecordingTransport();
    const client = new RPCClient(transport, later, { versionCap: "1.1" });
    expect(client.canSend.put()).toBe(false);
    await expect(client.cast("put", {}, {})).rejects.toMatchObject({ code: "version-cap", version: "1.2" });
    const older = new RPCClient(transport, later, { versionCap: "1.0" });
    await expect(older.cast("put", {}, {})).rejects.toMatchObject({ code: "version-cap", version: "1.2" });
  });
});

describe("a pinned client", () => {
  test("takes an argument that its version lacks where that decides where the request goes", async () => {
    const transport = new RecordingTransport();
    const old = ShelfKeeperAPI.pin("1.0", transport, { converters });
    await old.labelBox({}, { box: { id, place }, text: "fragile", lines: [] });
    expect(transport.requests[0]).toMatchObject({ target: { server: "kate@north" }, version: "1.0" });
    expect(transport.requests[0]?.args).toEqual({ id, text: "fragile", lines: [] });
    // @ts-expect-error reason came with 1.2
    await expect(old.moveBox({}, { box: { id, place }, reason: "x" })).rejects.toThrow("needs version 1.2");
  });
});

describe("a dispatcher", () => {
  const manager = {
    moveBox: async () => {},
    findBox: async () => ({ id, place }),
    labelBox: async () => {},
  };

  test("asks for the converters of its methods when it is made, and not for what only routes", () => {
    expect(() => createShelfKeeperDispatcher(manager, { converters } as never)).not.toThrow();
    expect(() => createShelfKeeperDispatcher(manager, { converters: {} } as never)).toThrow(
      'shelf_keeper needs the converter "split_lines"; pass it in the option "converters"',
    );
  });

  test("that fails before its method runs is an error of the call, which does not wait for its time-out", async () => {
    const transport = createTransport(`memory://${uniqueName("routing")}`);
    const service = {
      name: "desk",
      topic: "desk",
      versions: ["1.0"],
      methods: { go: { kind: "call", member: "go" } },
    } as const satisfies ServiceDescriptor;
    const whole = createDispatcher(service, {}, { manager: {}, methods: { go: async () => "went" } });
    const broken: Dispatcher = {
      ...whole,
      find: () => {
        throw new TypeError("no table");
      },
    };
    const server = new RPCServer(transport, { topic: "desk", server: "host1" }, [broken]);
    await server.start();
    await expect(new RPCClient(transport, service).call("go", {})).rejects.toMatchObject({
      code: "remote",
      message: expect.stringContaining("TypeError: no table"),
    });
    await server.stop(0);
    await transport.close();
  });
});

describe("a service", () => {
  test("listens at more topics and under more names than its endpoints say", async () => {
    const transport = createTransport(`memory://${uniqueName("routing")}`);
    const seen: string[] = [];
    const manager = {
      moveBox: async () => {},
      findBox: async () => ({ id, place: `seen ${seen.push(id)} times` }),
      labelBox: async () => {},
    };
    const service = await Service.create({
      binary: "shelf-keeper",
      host: "kate@north",
      transport,
      endpoints: [createShelfKeeperDispatcher(manager, { converters })],
      targets: [{ topic: "shelf.north", server: "kate" }, { topic: "shelf.night" }],
    });
    await service.start();
    const api = new ShelfKeeperAPI(transport, { converters });
    for (const [topic, server] of [["shelf.north"], ["shelf.north", "kate"], ["shelf.night", "kate@north"]] as const) {
      await api.findBox({}, { id }, { topic, ...(server === undefined ? {} : { server }) });
    }
    expect(seen).toHaveLength(3);
    await service.stop();
    await transport.close();
  });
});
