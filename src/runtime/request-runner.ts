import type { RequestContext } from "./context.js";
import { DESCRIBE, describeServer } from "./describe.js";
import type { Dispatcher, Found, MethodHandler } from "./dispatcher.js";
import { EncodingError, NoSuchMethodError, UnsupportedVersionError } from "./errors.js";
import { intercept, type ServerInterceptor, type ServerRequest } from "./interceptor.js";
import { type Metrics, measured } from "./metrics.js";
import { createRequestContext } from "./request-context.js";
import { Semaphore } from "./semaphore.js";
import { maskThrown } from "./sensitive.js";
import type { Target } from "./target.js";
import type { IncomingMessage } from "./transport.js";
import { anyText } from "./wire/escaped.js";
import type { WireRequest } from "./wire/request.js";

const PING = "oslo_rpc_server_ping";
/** What a request without a version speaks. Source: oslo_messaging.rpc.dispatcher. */
const DEFAULT_VERSION = "1.0";

export interface RunnerOptions {
  readonly ping?: boolean;
  readonly interceptors?: readonly ServerInterceptor[];
  readonly metrics?: Metrics;
}

/** What becomes of a request: it has a handler, is one of every server's methods, or is refused: nobody serves it. */
export type Served = MethodHandler | "describe" | "ping" | Error;

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
    try {
      for (const dispatcher of this.#dispatchers) {
        const found: Found = dispatcher.find({ namespace, version, method });
        if (found.kind === "handler") return found.handler;
        serves ||= found.kind === "no-such-method";
      }
    } catch (error) {
      // A mistake in a dispatcher: its caller hears of it, as of one in a manager.
      return error instanceof Error ? error : new Error(String(error));
    }
    // The texts are oslo.messaging's own, so that they read the same whoever serves.
    if (serves) return new NoSuchMethodError(`Endpoint does not support RPC method ${method}`);
    return new UnsupportedVersionError(`Endpoint does not support RPC version ${version}. Attempted method: ${method}`);
  }

  /** Runs a request and resolves with its printed result; with nothing where nobody waits for one. */
  run(
    request: WireRequest,
    served: Served,
    deadline: number | undefined,
    message: IncomingMessage,
  ): Promise<string | undefined> {
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
  ): Promise<string | undefined> {
    if (served instanceof Error) throw served;
    if (served === "describe") return anyText(describeServer(this.#dispatchers));
    if (served === "ping") return anyText("pong");
    const args = served.readArgs(request.args);
    const context = createRequestContext(request.context, deadline, this.#stopped);
    try {
      const result = await this.#intercepted(served, request, context, args, message);
      return request.reply === undefined ? undefined : printed(served, result);
    } catch (error) {
      throw maskThrown(error, served.method, args);
    }
  }

  #intercepted(
    handler: MethodHandler,
    request: WireRequest,
    context: RequestContext,
    args: Record<string, unknown>,
    { headers }: IncomingMessage,
  ): Promise<unknown> {
    const { interceptors = [] } = this.#options;
    // A copy: the arguments that were received are needed when the method fails.
    if (interceptors.length === 0) return this.#limited(handler, context, { ...args });
    const { service, name, method } = handler;
    const run = intercept<ServerRequest>(interceptors, ({ context, args }) =>
      this.#limited(handler, context, { ...args }),
    );
    const kind = request.reply === undefined ? "cast" : "call";
    const version = request.version ?? DEFAULT_VERSION;
    return run({ service, name, method, kind, version, target: this.#target, context, args, headers });
  }

  #limited(handler: MethodHandler, context: RequestContext, args: Record<string, unknown>): Promise<unknown> {
    const { concurrency } = handler.method;
    if (concurrency === undefined) return handler.run(context, args);
    const key = `${handler.service.name}.${handler.name}`;
    let limit = this.#limits.get(key);
    if (limit === undefined) {
      limit = new Semaphore(concurrency);
      this.#limits.set(key, limit);
    }
    return limit.run(() => handler.run(context, args));
  }
}

/** @throws {EncodingError} when the result has no JSON form: the caller hears of it at once */
function printed(handler: MethodHandler, result: unknown): string {
  try {
    return handler.printResult(result);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new EncodingError(`the result cannot be encoded: ${text}`, { cause: error });
  }
}

/** Whether a definition has the method. */
export function isHandler(served: Served): served is MethodHandler {
  return typeof served === "object" && !(served instanceof Error);
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
