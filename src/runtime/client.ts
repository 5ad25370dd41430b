import { AutoCap, type AutoCapOptions } from "./auto-cap.js";
import { createCodec, type ValueCodec } from "./codec.js";
import type { Context } from "./context.js";
import { type Converters, convertersOf, type UserConverters } from "./converters.js";
import { Deadline } from "./deadline.js";
import type { MethodDescriptor, ServiceDescriptor, TimeoutProfile, Version } from "./descriptor.js";
import type { Encoders } from "./encoding.js";
import { RPCTimeoutError } from "./errors.js";
import { type ClientInterceptor, type ClientRequest, intercept } from "./interceptor.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Metrics, measured } from "./metrics.js";
import { performCall, performCast } from "./operation.js";
import { Replies } from "./replies.js";
import { deadlineOf } from "./request-context.js";
import { type PreparedRequest, Sending } from "./sending.js";
import type { Target } from "./target.js";
import type { Transport } from "./transport.js";
import { type Ordinal, resolveCap } from "./version.js";

/** How a client sends. */
export interface RPCClientOptions {
  /**
   * The newest version that may be sent: a version, a release name, or "auto" for what every live server of the topic
   * serves. A version that is newer than those of its major in the definition is the newest of them, with a warning in
   * the log. @default the definition's newest version
   */
  readonly versionCap?: Version;
  /** How `versionCap: "auto"` finds its version. */
  readonly autoCap?: AutoCapOptions;
  /**
   * The transport of a request, by its context, where a service is spread over several brokers (nova's cells).
   * @default the client's own transport
   */
  readonly transportFor?: (context: Context) => Transport | Promise<Transport>;
  /** Time to wait for a reply, in milliseconds; Infinity for ever. A method's own time-out comes first. @default 60_000 */
  readonly timeout?: number;
  /** Other values for the definition's time-out profiles, in milliseconds. */
  readonly timeouts?: Readonly<Record<string, Partial<TimeoutProfile>>>;
  /** Fails a call or cast at once when no queue takes it. oslo.messaging's own default is false. @default true */
  readonly mandatory?: boolean;
  /** The topic of what the definition serves on many: replaces the service's own, not the one of a method. */
  readonly topic?: string;
  /** Replaces the definition's topic exchange. */
  readonly exchange?: string;
  /** Run around each request, the first outermost. */
  readonly interceptors?: readonly ClientInterceptor[];
  /** The converters which the definition names. */
  readonly converters?: UserConverters;
  /** @default silent */
  readonly logger?: Logger;
  /** Counts and times the requests. @default none */
  readonly metrics?: Metrics;
}

/** How one cast or fanout is sent. */
export interface CastOptions {
  /** The server of the topic; before the definition's own rule. */
  readonly server?: string;
  /** The topic; before the definition's own rules. */
  readonly topic?: string;
  /** Time to wait for the broker's confirmation, in milliseconds. @default the client's time-out */
  readonly timeout?: number;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/** How one call is made. */
export interface CallOptions extends CastOptions {
  /** Call monitor: the longest silence of the server, in milliseconds. @default the method's own, otherwise none */
  readonly heartbeat?: number;
}

/** The wire names of a service's methods. */
export type MethodName<Service extends ServiceDescriptor> = keyof Service["methods"] & string;

/** For each method, whether the version cap allows it; with arguments, whether it allows those too. */
export type CanSend<Service extends ServiceDescriptor> = {
  readonly [Name in MethodName<Service> as Service["methods"][Name]["member"]]: (args?: object) => boolean;
};

const DEFAULT_TIMEOUT = 60_000;

/** Sends the requests of one service. Generated API classes are thin faces on it. */
export class RPCClient<Service extends ServiceDescriptor = ServiceDescriptor> {
  /** For each method, whether the version cap allows it. */
  readonly canSend: CanSend<Service>;
  readonly #transport: Transport;
  readonly #service: Service;
  readonly #options: RPCClientOptions;
  readonly #logger: Logger;
  readonly #codec: ValueCodec;
  readonly #converters: Converters;
  readonly #encoders: Encoders;
  /** The client's own reply queue on its own transport. */
  readonly #replies: Replies;
  /** The version cap, or how to find it. */
  readonly #cap: Ordinal | AutoCap;
  /** By version cap, then by method. */
  readonly #sendings = new Map<Ordinal, ReadonlyMap<string, Sending>>();
  readonly #run: (request: ClientRequest) => Promise<unknown>;

  /**
   * @throws {RangeError} when the version cap is no release of the definition, and no version of one of its majors
   * @throws {TypeError} when a converter of the definition is missing
   */
  constructor(transport: Transport, service: Service, options: RPCClientOptions = {}, encoders: Encoders = {}) {
    this.#transport = transport;
    this.#service = options.topic === undefined ? service : { ...service, topic: options.topic };
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#codec = createCodec(service.codecs);
    this.#encoders = encoders;
    this.#replies = Replies.of(transport, this.#logger);
    this.#converters = convertersOf(options.converters, service.name);
    this.#cap =
      options.versionCap === "auto"
        ? new AutoCap(service, options.autoCap ?? {}, this.#logger)
        : resolveCap(service, options.versionCap, this.#logger);
    // Made at once, so that a missing converter is an error here and not at the first request.
    this.#sendingsAt(this.#presentCap);
    this.canSend = canSendOf(service, () => this.#sendingsAt(this.#presentCap));
    const { metrics, interceptors = [] } = options;
    const all = metrics === undefined ? interceptors : [metricsInterceptor(metrics), ...interceptors];
    this.#run = intercept(all, (request) => this.#perform(request));
  }

  /** Calls a method and resolves with its result. */
  call<Result>(name: MethodName<Service>, context: Context, args?: object, options?: CallOptions): Promise<Result> {
    return this.send(name, context, args, options);
  }

  /** Sends a cast; resolves when the broker has taken it. */
  cast(name: MethodName<Service>, context: Context, args?: object, options?: CastOptions): Promise<void> {
    return this.send(name, context, args, options);
  }

  /** Sends a cast to every server of the topic; resolves when the broker has taken it. */
  fanout(name: MethodName<Service>, context: Context, args?: object, options?: CastOptions): Promise<void> {
    return this.send(name, context, args, options);
  }

  /** Sends a method in the way which the definition, the arguments and the version cap choose. */
  send<Result>(
    name: MethodName<Service>,
    context: Context,
    args: object = {},
    options: CallOptions = {},
  ): Promise<Result> {
    const method: MethodDescriptor | undefined = this.#service.methods[name];
    if (method === undefined) return Promise.reject(new TypeError(`${this.#service.name} has no method ${name}`));
    const request = { service: this.#service, name, method, context, args: { ...args }, options };
    // The definition types the result, and so the manager that made it; nothing checks it on the way.
    return this.#run(request) as Promise<Result>;
  }

  /** Forgets the version that `versionCap: "auto"` has found: the next request asks the servers again. */
  reset(): void {
    if (typeof this.#cap !== "number") this.#cap.reset();
  }

  get #presentCap(): Ordinal {
    return typeof this.#cap === "number" ? this.#cap : this.#cap.present;
  }

  #sendingsAt(cap: Ordinal): ReadonlyMap<string, Sending> {
    let sendings = this.#sendings.get(cap);
    if (sendings === undefined) {
      const codec = createCodec(this.#service.codecs, cap);
      const make = (name: string): Sending =>
        new Sending(this.#service, name, cap, codec, this.#converters, this.#encoders[name]?.params);
      sendings = new Map(Object.keys(this.#service.methods).map((name) => [name, make(name)]));
      this.#sendings.set(cap, sendings);
    }
    return sendings;
  }

  /** Never throws. Without a promise of its own where nothing has to be waited for. */
  #perform(request: ClientRequest): Promise<unknown> {
    let deadline: Deadline | undefined;
    try {
      deadline = this.#deadlineOf(request);
      if (this.#options.transportFor === undefined && typeof this.#cap === "number") {
        return this.#begin(request, deadline, this.#transport, this.#replies, this.#cap);
      }
      return this.#find(request, deadline);
    } catch (error) {
      deadline?.dispose();
      return Promise.reject(error);
    }
  }

  /** @throws {RPCTimeoutError} when the request that is being served has no time left */
  #deadlineOf(request: ClientRequest): Deadline {
    const { timeout, heartbeat } = this.#timesOf(request);
    const end = deadlineOf(request.context);
    if (end === undefined) return new Deadline(timeout, heartbeat, request.options.signal);
    const left = end - Date.now();
    if (left <= 0) {
      const text = "the deadline of the request that is being served has passed";
      throw new RPCTimeoutError(text, { service: this.#service.name, method: request.name });
    }
    return new Deadline(Math.min(timeout, left), heartbeat, request.options.signal);
  }

  /** Finds the transport and the version cap first. */
  async #find(request: ClientRequest, deadline: Deadline): Promise<unknown> {
    try {
      const transport = (await this.#options.transportFor?.(request.context)) ?? this.#transport;
      const replies = Replies.of(transport, this.#logger);
      const cap =
        typeof this.#cap === "number" ? this.#cap : await this.#findCap(this.#cap, transport, replies, deadline);
      return await this.#begin(request, deadline, transport, replies, cap);
    } finally {
      deadline.dispose();
    }
  }

  #begin(
    request: ClientRequest,
    deadline: Deadline,
    transport: Transport,
    replies: Replies,
    cap: Ordinal,
  ): Promise<unknown> {
    const { name, args, options } = request;
    const sending = this.#sendingsAt(cap).get(name);
    if (sending === undefined) throw new TypeError(`${this.#service.name} has no method ${name}`);
    const prepared = sending.prepare(args, options);
    const target = this.#targetOf(prepared);
    const details = { service: this.#service.name, method: name, target };
    const mandatory = this.#options.mandatory ?? true;
    const { metrics } = this.#options;
    const operation = { request, target, transport, mandatory, details, deadline, metrics };
    return prepared.kind === "call"
      ? performCall(operation, prepared, replies, this.#codec)
      : performCast(operation, prepared);
  }

  #findCap(cap: AutoCap, transport: Transport, replies: Replies, deadline: Deadline): Promise<Ordinal> {
    const { name, topic } = this.#service;
    const target = this.#targetOf({ topic, kind: "fanout", server: undefined });
    return deadline.race(cap.find(transport, replies, target), { service: name, target });
  }

  #targetOf({ topic, server, kind }: Pick<PreparedRequest, "topic" | "server" | "kind">): Target {
    const exchange = this.#options.exchange ?? this.#service.exchange;
    return {
      topic,
      ...(exchange === undefined ? {} : { exchange }),
      ...(server === undefined ? {} : { server }),
      ...(kind === "fanout" ? { fanout: true } : {}),
    };
  }

  #timesOf({ method, options }: ClientRequest): { readonly timeout: number; readonly heartbeat: number | undefined } {
    const name = typeof method.timeout === "string" ? method.timeout : undefined;
    const profile = name === undefined ? {} : { ...this.#service.timeouts?.[name], ...this.#options.timeouts?.[name] };
    const own = typeof method.timeout === "number" ? method.timeout : profile.timeout;
    const timeout = options.timeout ?? own ?? this.#options.timeout ?? DEFAULT_TIMEOUT;
    const heartbeat = options.heartbeat ?? method.heartbeat ?? profile.heartbeat;
    this.#checkTime("timeout", timeout);
    if (heartbeat !== undefined) this.#checkTime("heartbeat", heartbeat);
    return { timeout, heartbeat };
  }

  /** A setting that was not there is NaN easily, and RabbitMQ closes the channel of all requests at such a message. */
  #checkTime(option: string, value: number): void {
    if (typeof value === "number" && !Number.isNaN(value)) return;
    throw new RangeError(`${this.#service.name}: ${option} must be a number of milliseconds, and is ${value}`);
  }
}

function metricsInterceptor(metrics: Metrics): ClientInterceptor {
  return (request, next) =>
    measured(
      () => next(request),
      (outcome, seconds) => {
        const labels = { service: request.service.name, method: request.name, outcome };
        metrics.count("rpcgen.client.requests", labels);
        metrics.record("rpcgen.client.duration", labels, seconds);
      },
    );
}

function canSendOf<Service extends ServiceDescriptor>(
  service: Service,
  sendings: () => ReadonlyMap<string, Sending>,
): CanSend<Service> {
  const checks = Object.entries(service.methods).map(([name, { member }]) => [
    member,
    (args?: object) => sendings().get(name)?.allows(args) ?? false,
  ]);
  // The keys are the members by construction; fromEntries cannot say so.
  return Object.fromEntries(checks) as CanSend<Service>;
}
