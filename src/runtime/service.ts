import type { Context } from "./context.js";
import { createTransport } from "./create-transport.js";
import type { Dispatcher, ManagerHooks } from "./dispatcher.js";
import { type Logger, silentLogger } from "./logger.js";
import { PeriodicRunner } from "./periodic.js";
import { createRequestContext } from "./request-context.js";
import { RPCServer, type RPCServerOptions } from "./server.js";
import type { Target } from "./target.js";
import type { Transport } from "./transport.js";
import type { TransportStats } from "./transport-stats.js";

/** What a service is made of. */
export interface ServiceOptions extends RPCServerOptions {
  /** The program's name, for logs: `nova-compute`. */
  readonly binary: string;
  /** The server's name within its topics, usually the host's. */
  readonly host: string;
  /** A transport, which stays the caller's to close, or a transport URL. */
  readonly transport: Transport | string;
  /** What is served; requests are offered to them in this order. */
  readonly endpoints: readonly Dispatcher[];
  /** Serves every endpoint on this topic, in place of their own. */
  readonly topic?: string;
  /**
   * More places where every endpoint is served: topics whose names a program knows alone, such as that of a backend, and
   * other names of this server. @default none
   */
  readonly targets?: readonly Target[];
  /** Replaces the endpoints' topic exchange. */
  readonly exchange?: string;
  /** The context of periodic tasks. @default an empty one */
  readonly periodicContext?: () => Context;
  /** Time for what runs to end at a stop, in milliseconds. @default 30_000 */
  readonly drainTimeout?: number;
}

/** created -> starting -> running -> stopping -> stopped; a failed start ends in stopped. */
export type ServiceState = "created" | "starting" | "running" | "stopping" | "stopped";

/** How a service is, for those who watch it. */
export interface ServiceHealth {
  readonly state: ServiceState;
  /** The process does its work, or will; a supervisor should leave it alone. */
  readonly live: boolean;
  /** Requests arrive and replies leave. */
  readonly ready: boolean;
  /** Why it is not ready, in words. */
  readonly reason: string | undefined;
  /** Requests that run. */
  readonly running: number;
  /** Requests that were delivered and have not begun. */
  readonly waiting: number;
  /** Undefined where the transport does not count. */
  readonly transport: TransportStats | undefined;
}

/**
 * The processes that do a service's work, seen from their parent.
 *
 * @internal
 */
export interface Fleet {
  readonly state: ServiceState;
  /** Settles when all have ended. */
  readonly ended: Promise<void>;
  stop(options: { readonly timeout?: number }): Promise<void>;
  reset(): Promise<void>;
  health(): ServiceHealth;
  /** Asks each of them. */
  members(): Promise<readonly FleetMember[]>;
}

/**
 * How one of the processes is.
 *
 * @internal
 */
export interface FleetMember {
  /** Its number, from 1. */
  readonly worker: number;
  readonly pid?: number;
  /** How often it was started again. */
  readonly restarts: number;
  readonly ready: boolean;
  /** Why it is not ready; names the worker. */
  readonly reason: string | undefined;
  /** Its page for Prometheus. */
  readonly metrics: string;
}

const DEFAULT_DRAIN_TIMEOUT = 30_000;

/** A process's RPC servers with their managers: what nova's `cmd/compute.py` starts. Source: nova.service.Service. */
export class Service {
  /** Makes a service; nothing is connected before `start`. */
  static async create(options: ServiceOptions): Promise<Service> {
    return new Service(options);
  }

  readonly binary: string;
  readonly host: string;
  readonly #options: ServiceOptions;
  /** @internal */
  readonly logger: Logger;
  readonly #transport: Transport;
  readonly #servers: readonly RPCServer[];
  readonly #periodic: PeriodicRunner;
  readonly #stopped = new AbortController();
  /** Resolves when the first of the drains that were asked for is over. */
  readonly #drained: Promise<void>;
  #hasDrained: () => void = () => {};
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #state: ServiceState = "created";
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #fleet: Fleet | undefined;

  private constructor(options: ServiceOptions) {
    this.binary = options.binary;
    this.host = options.host;
    this.#options = options;
    this.logger = options.logger ?? silentLogger;
    const { transport } = options;
    this.#transport = typeof transport === "string" ? createTransport(transport, loggerAndMetrics(options)) : transport;
    this.#servers = serversOf(this.#transport, options);
    this.#periodic = new PeriodicRunner(
      options.endpoints.flatMap((endpoint) => endpoint.periodic),
      () => createRequestContext(options.periodicContext?.() ?? {}, undefined, this.#stopped.signal),
      this.logger,
    );
    this.#drained = new Promise((resolve) => {
      this.#hasDrained = resolve;
    });
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get state(): ServiceState {
    return this.#fleet?.state ?? this.#state;
  }

  /** @internal */
  get drainTimeout(): number {
    return this.#options.drainTimeout ?? DEFAULT_DRAIN_TIMEOUT;
  }

  /** @internal */
  get fleet(): Fleet | undefined {
    return this.#fleet;
  }

  /**
   * How the service is now. In the parent of workers: whether all of them are there; their requests are theirs to count.
   */
  health(): ServiceHealth {
    if (this.#fleet !== undefined) return this.#fleet.health();
    const transport = this.#transport.stats?.();
    const reason = unreadiness(this.#state, transport);
    return {
      state: this.#state,
      live: this.#state !== "stopped",
      ready: reason === undefined,
      reason,
      running: sum(this.#servers.map((server) => server.running)),
      waiting: sum(this.#servers.map((server) => server.waiting)),
      transport,
    };
  }

  /** Prepares the managers, listens, and starts the periodic tasks. Whatever fails stops the service again. Idempotent. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch(async (error: unknown) => {
      await this.stop({ timeout: 0 });
      throw error;
    });
    return this.#starting;
  }

  /**
   * Takes no more requests, waits for what runs and for its replies, then lets the managers clean up. Idempotent; a
   * second call with a shorter time-out shortens the wait.
   *
   * @param options.timeout milliseconds for what runs to end; the service's `drainTimeout` when absent
   */
  stop(options: { readonly timeout?: number } = {}): Promise<void> {
    if (this.#fleet !== undefined) return this.#fleet.stop(options);
    const timeout = options.timeout ?? this.drainTimeout;
    this.#stopping ??= this.#stop();
    this.#drain(timeout).then(this.#hasDrained, this.#hasDrained);
    return this.#stopping;
  }

  /** Resolves when the service has stopped. */
  wait(): Promise<void> {
    return this.#ended;
  }

  /** Lets the managers read their configuration again. */
  async reset(): Promise<void> {
    if (this.#fleet !== undefined) return this.#fleet.reset();
    await this.#eachManager((manager) => manager.reset?.());
  }

  /**
   * Lets other processes do the work: this one starts nothing, and what it is asked or told goes to them.
   *
   * @internal
   */
  delegate(fleet: Fleet): void {
    if (this.state !== "created") throw new Error(`workers cannot serve ${this.binary}: it is ${this.state}`);
    this.#fleet = fleet;
    const end = async (): Promise<void> => {
      if (typeof this.#options.transport === "string") await this.#transport.close();
      this.#end();
    };
    fleet.ended.then(end, end);
  }

  async #start(): Promise<void> {
    if (this.state !== "created") throw new Error(`${this.binary} cannot start: it is ${this.state}`);
    this.#state = "starting";
    await this.#eachManager((manager) => manager.initHost?.(this.host));
    await this.#eachManager((manager) => manager.preStart?.());
    await Promise.all(this.#servers.map((server) => server.start()));
    await this.#eachManager((manager) => manager.postStart?.());
    // A stop that came meanwhile has the last word.
    if (this.#state !== "starting") return;
    this.#periodic.start();
    this.#state = "running";
    this.logger.info({ binary: this.binary, host: this.host }, "service started");
  }

  async #drain(timeout: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeout);
    });
    await Promise.all([
      ...this.#servers.map((server) => server.stop(timeout)),
      Promise.race([this.#periodic.stop(), late, this.#drained]),
    ]);
    clearTimeout(timer);
  }

  async #stop(): Promise<void> {
    this.#state = "stopping";
    try {
      await this.#drained;
      this.#stopped.abort();
      await this.#eachManager((manager) => manager.cleanupHost?.());
    } finally {
      if (typeof this.#options.transport === "string") await this.#transport.close();
      this.#state = "stopped";
      this.logger.info({ binary: this.binary, host: this.host }, "service stopped");
      this.#end();
    }
  }

  /** One after the other, in the order of the endpoints; a manager of several endpoints is asked once. */
  async #eachManager(hook: (manager: ManagerHooks) => Promise<void> | void | undefined): Promise<void> {
    for (const manager of new Set(this.#options.endpoints.map((endpoint) => endpoint.manager))) await hook(manager);
  }
}

function loggerAndMetrics({ logger, metrics }: ServiceOptions): Pick<ServiceOptions, "logger" | "metrics"> {
  return { ...(logger === undefined ? {} : { logger }), ...(metrics === undefined ? {} : { metrics }) };
}

function unreadiness(state: ServiceState, transport: TransportStats | undefined): string | undefined {
  if (state !== "running") return `the service is ${state}`;
  if (transport === undefined) return undefined;
  const { publish, consume } = transport.connections;
  if (consume.state !== "open") return `the connection for requests is ${consume.state}`;
  // It is made with the first reply.
  const isAway = publish.state !== "open" && publish.state !== "idle";
  return isAway ? `the connection for replies is ${publish.state}` : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** One server for each topic: those of the endpoints, and those which rules of their methods name. */
function serversOf(transport: Transport, options: ServiceOptions): readonly RPCServer[] {
  const byTopic = new Map<string, { topic: string; exchange: string | undefined; endpoints: Dispatcher[] }>();
  for (const endpoint of options.endpoints) {
    const exchange = options.exchange ?? endpoint.service.exchange;
    for (const topic of options.topic === undefined ? topicsOf(endpoint) : [options.topic]) {
      const key = JSON.stringify([exchange, topic]);
      const server = byTopic.get(key) ?? { topic, exchange, endpoints: [] };
      server.endpoints.push(endpoint);
      byTopic.set(key, server);
    }
  }
  const servers = [...byTopic.values()].map(({ topic, exchange, endpoints }) => {
    const target = { topic, server: options.host, ...(exchange === undefined ? {} : { exchange }) };
    return new RPCServer(transport, target, endpoints, options);
  });
  return [...servers, ...furtherServers(transport, options)];
}

/** The servers of `targets`, each with all endpoints of its exchange. */
function furtherServers(transport: Transport, options: ServiceOptions): readonly RPCServer[] {
  const { targets = [], endpoints, host } = options;
  const exchanges = new Set(endpoints.map(({ service }) => options.exchange ?? service.exchange));
  return targets.flatMap((target) =>
    [...exchanges].map((exchange) => {
      const served = endpoints.filter(({ service }) => (options.exchange ?? service.exchange) === exchange);
      const where = { server: host, ...(exchange === undefined ? {} : { exchange }), ...target };
      return new RPCServer(transport, where, served, options);
    }),
  );
}

function topicsOf({ service }: Dispatcher): ReadonlySet<string> {
  const rules = Object.values(service.methods).flatMap(({ topic = [] }) =>
    typeof topic === "string" ? [topic] : topic.map(({ value }) => value),
  );
  // A template names the topic of some other service's host, which only its caller knows.
  return new Set([service.topic, ...rules.filter((topic) => !topic.includes("{"))]);
}
