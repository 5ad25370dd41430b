import {
  createDispatcher,
  createTransport,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
} from "@rpcgen/runtime";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { newVirtualHost, uniqueName } from "./broker.js";
import { PythonPeer } from "./python-peer.js";
import { RawPeer } from "./raw-peer.js";

/** What the Python program serves too, so that one message can be sent to both. */
export const labService = {
  name: "lab",
  topic: "lab",
  versions: ["1.0", "1.5"],
  methods: {
    echo: { member: "echo", kind: "call", params: { value: { optional: true } } },
    shown: { member: "shown", kind: "call", params: { value: { optional: true } } },
    note: { member: "note", kind: "cast", params: { text: {} }, returnsNothing: true },
    sync: { member: "sync", kind: "fanout", params: { token: {} }, returnsNothing: true },
    context: { member: "context", kind: "call" },
    rebuilt: { member: "rebuilt", kind: "call" },
    find: { member: "find", kind: "call", params: { sample_id: {} } },
    fail: { member: "fail", kind: "call", params: { with: {} } },
    watched: { member: "watched", kind: "call", params: { seconds: {} } },
    wait: { member: "wait", kind: "call" },
  },
} as const satisfies ServiceDescriptor;

/** How a server of ours differs from the usual. */
export interface Serving {
  readonly topic?: string;
  readonly on?: Transport;
  readonly versions?: readonly string[];
  readonly methods?: Readonly<Record<string, (context: unknown, args: never) => Promise<unknown>>>;
}

/** A server of ours, and what it was sent. */
export interface OurServer {
  readonly topic: string;
  readonly noted: string[];
  readonly contexts: Readonly<Record<string, unknown>>[];
  /** Lets the method `wait` end. */
  readonly release: () => void;
  readonly stop: () => Promise<void>;
}

interface Started {
  readonly url: string;
  readonly virtualHost: string;
  readonly python: PythonPeer;
  raw: RawPeer;
  readonly transport: Transport;
}

type Ending = () => Promise<unknown>;

/** A virtual host of its own with a Python program, a program of ours, and a peer that writes messages by hand. */
export class InteropLab {
  /** Run after the test, the last first. */
  readonly endings: Ending[] = [];
  #started: Started | undefined;
  #shared: { readonly theirs: string; readonly ours: string; readonly endings: readonly Ending[] } | undefined;

  /** Starts with the tests of the `describe` that is being written, and ends with them. */
  constructor() {
    beforeAll(async () => {
      const { url, name: virtualHost } = await newVirtualHost();
      const python = await PythonPeer.start(url);
      this.#started = { url, virtualHost, python, raw: await RawPeer.start(url), transport: createTransport(url) };
    });
    afterEach(async () => {
      for (const end of this.endings.splice(0).reverse()) await end();
    });
    afterAll(async () => {
      for (const end of this.#shared?.endings ?? []) await end();
      await this.#started?.raw.stop();
      await this.#started?.transport.close();
      await this.#started?.python.stop();
    });
  }

  get url(): string {
    return this.#running.url;
  }

  get virtualHost(): string {
    return this.#running.virtualHost;
  }

  get python(): PythonPeer {
    return this.#running.python;
  }

  get raw(): RawPeer {
    return this.#running.raw;
  }

  get transport(): Transport {
    return this.#running.transport;
  }

  async serveOurs({
    topic = uniqueName("ts"),
    on = this.transport,
    versions,
    methods,
  }: Serving = {}): Promise<OurServer> {
    const noted: string[] = [];
    const contexts: Readonly<Record<string, unknown>>[] = [];
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const context = async (given: object): Promise<unknown> => {
      contexts.push({ ...given });
      return { ...given };
    };
    const own = {
      echo: async (_context: unknown, { value }: { value?: unknown }) => value,
      shown: async () => null,
      note: async (_context: unknown, { text }: { text: string }) => void noted.push(text),
      sync: async (_context: unknown, { token }: { token: string }) => void noted.push(token),
      context,
      rebuilt: context,
      find: async () => null,
      fail: async (_context: unknown, { with: what }: { with: string }) => {
        throw new RangeError(what);
      },
      watched: (_context: unknown, { seconds }: { seconds: number }) =>
        new Promise((resolve) => setTimeout(resolve, seconds * 1_000, "slept")),
      wait: () => released.then(() => "released"),
    };
    const service = { ...labService, topic, versions: versions ?? labService.versions };
    const dispatcher = createDispatcher(service, {}, { manager: {}, methods: { ...own, ...methods } });
    const server = new RPCServer(on, { topic, server: "host1" }, [dispatcher]);
    await server.start();
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= server.stop(1_000));
    this.endings.push(stop);
    return { topic, noted, contexts, release, stop };
  }

  async servePython({ topic = uniqueName("py"), on = this.python, version = "1.5" } = {}): Promise<{
    readonly topic: string;
    readonly stop: Ending;
  }> {
    const { error } = await on.run("serve", { topic, server: "host1", version });
    expect(error).toBeUndefined();
    let stopped: Promise<unknown> | undefined;
    const stop = (): Promise<unknown> => (stopped ??= on.run("stop", { topic, server: "host1" }));
    this.endings.push(stop);
    return { topic, stop };
  }

  /** Another Python program, until the end of the test. */
  async startPython(url = this.url): Promise<PythonPeer> {
    const peer = await PythonPeer.start(url);
    this.endings.push(() => peer.stop());
    return peer;
  }

  /** Another transport of ours, until the end of the test. */
  connect(url = this.url): Transport {
    const transport = createTransport(url);
    this.endings.push(() => transport.close());
    return transport;
  }

  /** The raw peer's connection was closed. */
  async restartRaw(): Promise<void> {
    this.#running.raw = await RawPeer.start(this.url);
  }

  client(topic: string, on = this.transport): RPCClient {
    return new RPCClient(on, { ...labService, topic });
  }

  /** Sends from the Python program. */
  send(kind: "call" | "cast" | "fanout", method: string, topic: string, more: object = {}, on = this.python) {
    return on.run("send", { kind, method, target: { topic, version: "1.5" }, timeout: 20, ...more });
  }

  /** A server of each kind that all tests share, for messages that leave no trace. */
  async servers(): Promise<{ readonly theirs: string; readonly ours: string }> {
    if (this.#shared === undefined) {
      const before = this.endings.splice(0);
      const [theirs, ours] = [await this.servePython(), await this.serveOurs()];
      this.#shared = { theirs: theirs.topic, ours: ours.topic, endings: this.endings.splice(0) };
      this.endings.push(...before);
    }
    return this.#shared;
  }

  get #running(): Started {
    if (this.#started === undefined) throw new Error("the lab has not started");
    return this.#started;
  }
}
