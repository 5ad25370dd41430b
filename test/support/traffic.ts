import {
  createDispatcher,
  createTransport,
  RPCClient,
  RPCError,
  RPCServer,
  type RPCServerOptions,
  type ServiceDescriptor,
  type Transport,
  TransportError,
  type TransportOptions,
} from "@rpcgen/runtime";
import { uniqueName } from "./broker.js";
import type { FaultRow, Kind } from "./fault-table.js";

/** One method for each way in which a request is sent. */
const storm = {
  name: "storm",
  topic: "storm",
  versions: ["1.0"],
  methods: {
    call: { member: "call", kind: "call", params: { id: {} } },
    idempotent: { member: "idempotent", kind: "call", idempotent: true, params: { id: {} } },
    cast: { member: "cast", kind: "cast", params: { id: {} }, returnsNothing: true },
    kept: {
      member: "kept",
      kind: "cast",
      delivery: "at-least-once",
      attempts: 5,
      params: { id: {} },
      returnsNothing: true,
    },
  },
} as const satisfies ServiceDescriptor;

export interface TrafficOptions {
  /** Where the client and the servers connect. */
  readonly clientURL: string;
  readonly serverURL?: string;
  readonly transport?: TransportOptions;
  readonly server?: RPCServerOptions;
  readonly kinds: readonly Kind[];
  /** Milliseconds until a call's deadline. @default 30_000 */
  readonly timeout?: number;
  /** Operations of each kind in a second. @default 100 */
  readonly rate?: number;
  /** How long a method takes, in milliseconds. @default 0 */
  readonly work?: number;
}

/** Settled this much after its deadline, an operation counts as hung. */
const GRACE = 3_000;
/** The most operations that are open at one time: a broker that is away must not make the test itself grow. */
const MOST_OPEN = 1_000;

/** A client and servers under a steady load that is independent of the answers, with a record of what becomes of each. */
export class Traffic {
  readonly topic = uniqueName("storm");
  readonly #options: TrafficOptions;
  readonly #service: typeof storm;
  readonly #client: RPCClient;
  readonly #transports: Transport[] = [];
  readonly #servers = new Map<string, RPCServer>();
  /** How often each id was executed, over all servers. */
  readonly #executed = new Map<string, number>();
  readonly #operations: Operation[] = [];
  readonly #open = new Set<Promise<void>>();
  #answered = 0;
  readonly #answeredOf = new Map<Kind, number>();
  #failed = 0;
  #wake: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#service = { ...storm, topic: this.topic as "storm" };
    this.#client = new RPCClient(this.#connect(options.clientURL), this.#service, {
      timeout: options.timeout ?? 30_000,
    });
  }

  /** Adds a server on a transport of its own. */
  async serve(name: string): Promise<RPCServer> {
    const transport = this.#connect(this.#options.serverURL ?? this.#options.clientURL);
    const method = async (_context: unknown, { id }: { id: string }): Promise<string> => {
      this.#executed.set(id, (this.#executed.get(id) ?? 0) + 1);
      const { work = 0 } = this.#options;
      if (work > 0) await new Promise((resolve) => setTimeout(resolve, work));
      return id;
    };
    const methods = { call: method, idempotent: method, cast: method, kept: method };
    const dispatcher = createDispatcher(this.#service, {}, { manager: {}, methods });
    const target = { topic: this.topic, server: name };
    const server = new RPCServer(transport, target, [dispatcher], this.#options.server);
    await server.start();
    this.#servers.set(name, server);
    return server;
  }

  /** Sends from now on, until `stop`. */
  start(): void {
    const { kinds, rate = 100 } = this.#options;
    const every = 20;
    let due = 0;
    this.#timer = setInterval(() => {
      due += (rate * every) / 1_000;
      for (; due >= 1; due--) for (const kind of kinds) this.#send(kind);
    }, every);
  }

  /** Sends no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Sends operations at once, however many are open. */
  burst(kind: Kind, count: number): void {
    for (let i = 0; i < count; i++) this.#send(kind, Number.POSITIVE_INFINITY);
  }

  /** Resolves when so many operations more have been answered, of a kind or of any: the fault is over. */
  async answered(more: number, kind?: Kind): Promise<void> {
    const count = (): number => (kind === undefined ? this.#answered : (this.#answeredOf.get(kind) ?? 0));
    const goal = count() + more;
    while (count() < goal) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Resolves when every operation of the kind that is open now has ended: what the fault kept waiting is through. */
  async ended(kind: Kind): Promise<void> {
    const before = this.#operations.filter((each) => each.kind === kind && each.outcome === "hung");
    while (before.some(({ outcome }) => outcome === "hung")) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Resolves when so many operations more have failed: the fault has begun to hurt. */
  async failed(more: number): Promise<void> {
    const goal = this.#failed + more;
    while (this.#failed < goal) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Resolves when the client, or all servers together, have lost so many connections in all. */
  async lost(who: "client" | "servers", connections: number): Promise<void> {
    const [client, ...servers] = this.#transports;
    const transports = who === "client" ? [client] : servers;
    const count = (): number =>
      transports
        .map((transport) => transport?.stats?.().connections)
        .reduce((sum, each) => sum + (each?.publish.lost ?? 0) + (each?.consume.lost ?? 0), 0);
    while (count() < connections) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Stops a server as a rolling restart does, then starts a new one in its place. */
  async restart(name: string): Promise<void> {
    await this.#servers.get(name)?.stop(30_000);
    await this.serve(name);
  }

  /** Everything that is sent now succeeds: nothing is left of the fault. */
  async works(): Promise<void> {
    for (const kind of this.#options.kinds) {
      for (let i = 0; i < 20; i++)
        await this.#client.send(kind, {}, { id: `after-${this.#next++}` }, { timeout: 5_000 });
    }
  }

  /** Stops, waits for every outcome and every execution, and counts. */
  async finish(fault: string): Promise<FaultRow[]> {
    this.stop();
    while (this.#open.size > 0) await Promise.all(this.#open);
    await this.#executions();
    return this.#options.kinds.map((kind) => this.#count(fault, kind));
  }

  /** Closes everything. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all([...this.#servers.values()].map((server) => server.stop(1_000)));
    await Promise.all(this.#transports.map((transport) => transport.close()));
  }

  #connect(url: string): Transport {
    // An exchange of its own: one test wants it durable and the next does not.
    const own = { reconnect: { initial: 100, max: 500 }, controlExchange: this.topic };
    const options = { ...own, ...this.#options.transport };
    const transport = createTransport(url, options);
    this.#transports.push(transport);
    return transport;
  }

  #send(kind: Kind, most = MOST_OPEN): void {
    if (this.#open.size >= most) return;
    const operation: Operation = { id: `${kind}-${this.#next++}`, kind, outcome: "hung" };
    this.#operations.push(operation);
    const timeout = this.#options.timeout ?? 30_000;
    const watchdog = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout + GRACE);
      void this.#perform(operation).finally(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#open.add(watchdog);
    void watchdog.then(() => this.#open.delete(watchdog));
  }

  async #perform(operation: Operation): Promise<void> {
    const { id, kind } = operation;
    try {
      const result = await this.#client.send(kind, {}, { id });
      const isRight = kind === "cast" || kind === "kept" || result === id;
      operation.outcome = isRight ? "answered" : "wrong answer";
      this.#answered++;
      this.#answeredOf.set(kind, (this.#answeredOf.get(kind) ?? 0) + 1);
    } catch (error) {
      operation.outcome = nameOf(error);
      this.#failed++;
    }
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** What the broker has confirmed is executed some time later. Waits as long as there is progress. */
  async #executions(): Promise<void> {
    const missing = (): number => this.#operations.filter((each) => isConfirmedCast(each) && !this.#has(each)).length;
    let before = Number.POSITIVE_INFINITY;
    for (let left = missing(); left > 0 && left < before; left = missing()) {
      before = left;
      const deadline = performance.now() + 3_000;
      while (missing() === left && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #has({ id }: Operation): boolean {
    return this.#executed.has(id);
  }

  #count(fault: string, kind: Kind): FaultRow {
    const own = this.#operations.filter((each) => each.kind === kind);
    const failed: Record<string, number> = {};
    for (const { outcome } of own) {
      if (outcome !== "answered" && outcome !== "hung") failed[outcome] = (failed[outcome] ?? 0) + 1;
    }
    const isCast = kind === "cast" || kind === "kept";
    const isLost = (each: Operation): boolean =>
      isCast ? isConfirmedCast(each) && !this.#has(each) : each.outcome !== "answered" && this.#has(each);
    return {
      fault,
      kind,
      sent: own.length,
      answered: own.filter(({ outcome }) => outcome === "answered").length,
      failed,
      hung: own.filter(({ outcome }) => outcome === "hung").length,
      twice: own.filter(({ id }) => (this.#executed.get(id) ?? 0) > 1).length,
      lost: own.filter(isLost).length,
    };
  }
}

/** What Node has warned of since, such as listeners or timers that pile up. */
export function watchWarnings(): string[] {
  const warnings: string[] = [];
  process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));
  return warnings;
}

interface Operation {
  readonly id: string;
  readonly kind: Kind;
  /** "hung" until it is settled. */
  outcome: string;
}

function isConfirmedCast({ kind, outcome }: Operation): boolean {
  return (kind === "cast" || kind === "kept") && outcome === "answered";
}

function nameOf(error: unknown): string {
  if (error instanceof TransportError) return `transport (${error.delivery ?? "no delivery"})`;
  return error instanceof RPCError ? error.code : String(error);
}
