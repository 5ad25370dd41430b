import { DESCRIBE, describeServer } from "./describe.js";
import type { Dispatcher, Found, MethodHandler } from "./dispatcher.js";
import { NoSuchMethodError, RPCError, UnsupportedVersionError } from "./errors.js";
import { intercept, type ServerInterceptor, type ServerRequest } from "./interceptor.js";
import { type Metrics, measured } from "./metrics.js";
import { createRequestContext } from "./request-context.js";
import { Semaphore } from "./semaphore.js";
import { maskThrown } from "./sensitive.js";
import type { Target } from "./target.js";
import type { IncomingMessage } from "./transport.js";
import type { WireRequest } from "./wire/request.js";

const PING = "oslo_rpc_server_ping";
/** What a request without a version speaks. Source: oslo_messaging.rpc.dispatcher. */
const DEFAULT_VERSION = "1.0";

export interface RunnerOptions {
  readonly ping?: boolean;
  readonly interceptors?: readonly ServerInterceptor[];
  readonly metrics?: Metrics;
}

/** What becomes of a request: it has a handler, is one of every server's methods, or nobody serves it. */
export type Served = MethodHandler | "describe" | "ping" | RPCError;

/** Finds who serves a request, and runs it: from its arguments on the wire to its result on the wire. */
export class RequestRunner {
  readonly #dispatchers: readonly Dispatcher[];
  readonly #target: Target;
  readonly #options: RunnerOptions;
  readonly #stopped: AbortSignal;
  readonly #limits = new Map<string, Semaphore>();

  constructor(dispatchers: readonly Dispatcher[], target: Target, options: RunnerOptions, stopped: AbortSignal) {
    this.#dispatchers = dispatchers;
    this.#target = target;
    this.#options = options;
    this.#stopped = stopped;
  }

  /** The first dispatcher that serves the version and has the method, where it is no method of every server. */
  find({ method, namespace, version = DEFAULT_VERSION }: WireRequest): Served {
    if (namespace === undefined && version === DEFAULT_VERSION) {
      if (method === DESCRIBE) return "describe";
      if (method === PING && (this.#options.ping ?? true)) return "ping";
    }
    let serves = false;
    for (const dispatcher of this.#dispatchers) {
      const found: Found = dispatcher.find({ namespace, version, method });
      if (found.kind === "handler") return found.handler;
      serves ||= found.kind === "no-such-method";
    }
    // The texts are oslo.messaging's own, so that they read the same whoever serves.
    if (serves) return new NoSuchMethodError(`Endpoint does not support RPC method ${method}`);
    return new UnsupportedVersionError(`Endpoint does not support RPC version ${version}. Attempted method: ${method}`);
  }

  /** Runs a request and resolves with its result as it goes on the wire. */
  run(request: WireRequest, served: Served, deadline: number | undefined, message: IncomingMessage): Promise<unknown> {
    const { metrics } = this.#options;
    if (metrics === undefined) return this.#perform(request, served, deadline, message);
    // What a peer calls an unknown method is not for a label.
    const { service = "", method = "" } = isHandler(served)
      ? { service: served.service.name, method: served.name }
      : {};
    const kind = request.reply === undefined ? "cast" : "call";
    return measured(
      () => this.#perform(request, served, deadline, message),
      (outcome, seconds) => {
        const labels = { service, method, kind, outcome };
        metrics.count("rpcgen.server.requests", labels);
        metrics.record("rpcgen.server.duration", labels, seconds);
      },
    );
  }

  async #perform(
    request: WireRequest,
    served: Served,
    deadline: number | undefined,
    message: IncomingMessage,
  ): Promise<unknown> {
    if (served instanceof RPCError) throw served;
    if (served === "describe") return describeServer(this.#dispatchers);
    if (served === "ping") return "pong";
    const handler = served;
    const args = handler.readArgs(request.args);
    const context = createRequestContext(request.context, deadline, this.#stopped);
    const { service, name, method } = handler;
    const run = intercept<ServerRequest>(this.#options.interceptors ?? [], ({ context, args }) =>
      this.#limited(handler, () => handler.run(context, { ...args })),
    );
    const kind = request.reply === undefined ? "cast" : "call";
    const target = this.#target;
    const { headers } = message;
    const label = request.version ?? DEFAULT_VERSION;
    try {
      return handler.encodeResult(
        await run({ service, name, method, kind, version: label, target, context, args, headers }),
      );
    } catch (error) {
      throw maskThrown(error, method, args);
    }
  }

  #limited(handler: MethodHandler, run: () => Promise<unknown>): Promise<unknown> {
    const { concurrency } = handler.method;
    if (concurrency === undefined) return run();
    const key = `${handler.service.name}.${handler.name}`;
    let limit = this.#limits.get(key);
    if (limit === undefined) {
      limit = new Semaphore(concurrency);
      this.#limits.set(key, limit);
    }
    return limit.run(run);
  }
}

/** Whether a definition has the method. */
export function isHandler(served: Served): served is MethodHandler {
  return typeof served === "object" && !(served instanceof RPCError);
}

/** Whether the request is acknowledged after it has run. */
export function isAtLeastOnce(request: WireRequest, served: Served): served is MethodHandler {
  // A call's failure goes to its caller, who may call again.
  return isHandler(served) && served.method.delivery === "at-least-once" && request.reply === undefined;
}

/** Whether a service has methods that are served at least once. */
export function hasAtLeastOnce({ service }: Dispatcher): boolean {
  return Object.values(service.methods).some(({ delivery }) => delivery === "at-least-once");
}
