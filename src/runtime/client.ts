import { createCodec, type ValueCodec } from "./codec.js";
import type { Context } from "./context.js";
import { convertersOf, type UserConverters } from "./converters.js";
import { Deadline } from "./deadline.js";
import type { MethodDescriptor, ServiceDescriptor, TimeoutProfile, Version } from "./descriptor.js";
import {
  EncodingError,
  type ErrorDetails,
  MessageUndeliverableError,
  RPCTimeoutError,
  TransportError,
} from "./errors.js";
import { errorOf } from "./failures.js";
import { newId } from "./id.js";
import { type ClientInterceptor, type ClientRequest, intercept } from "./interceptor.js";
import { type Logger, silentLogger } from "./logger.js";
import { Replies } from "./replies.js";
import { deadlineOf } from "./request-context.js";
import { type PreparedRequest, Sending } from "./sending.js";
import type { Target } from "./target.js";
import type { Transport } from "./transport.js";
import { resolveCap } from "./version.js";
import type { WireReply } from "./wire/reply.js";
import { encodeRequest, type ReplyAddress } from "./wire/request.js";

/** How a client sends. */
export interface RPCClientOptions {
  /** The newest version that may be sent: a version or a release name. @default the definition's newest version */
  readonly versionCap?: Version;
  /** Time to wait for a reply, in milliseconds; Infinity for ever. A method's own time-out comes first. @default 60_000 */
  readonly timeout?: number;
  /** Other values for the definition's time-out profiles, in milliseconds. */
  readonly timeouts?: Readonly<Record<string, Partial<TimeoutProfile>>>;
  /** Fails a call or cast at once when no queue takes it. oslo.messaging's own default is false. @default true */
  readonly mandatory?: boolean;
  /** Replaces the definition's topic exchange. */
  readonly exchange?: string;
  /** Run around each request, the first outermost. */
  readonly interceptors?: readonly ClientInterceptor[];
  /** The converters which the definition names. */
  readonly converters?: UserConverters;
  /** @default silent */
  readonly logger?: Logger;
}

/** How one cast or fanout is sent. */
export interface CastOptions {
  /** The server of the topic; before the definition's own rule. */
  readonly server?: string;
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
  readonly #replies: Replies;
  readonly #codec: ValueCodec;
  readonly #sendings: ReadonlyMap<string, Sending>;
  readonly #run: (request: ClientRequest) => Promise<unknown>;

  /**
   * @throws {RangeError} when the version cap names no version or release of the definition
   * @throws {TypeError} when a converter of the definition is missing
   */
  constructor(transport: Transport, service: Service, options: RPCClientOptions = {}) {
    this.#transport = transport;
    this.#service = service;
    this.#options = options;
    this.#replies = Replies.of(transport, options.logger ?? silentLogger);
    this.#codec = createCodec(service.codecs);
    const cap = resolveCap(service, options.versionCap);
    const converters = convertersOf(options.converters, service.name);
    this.#sendings = new Map(
      Object.keys(service.methods).map((name) => [name, new Sending(service, name, cap, this.#codec, converters)]),
    );
    this.canSend = canSendOf(service, this.#sendings);
    this.#run = intercept(options.interceptors ?? [], (request) => this.#perform(request));
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
  async send<Result>(
    name: MethodName<Service>,
    context: Context,
    args: object = {},
    options: CallOptions = {},
  ): Promise<Result> {
    const method: MethodDescriptor | undefined = this.#service.methods[name];
    if (method === undefined) throw new TypeError(`${this.#service.name} has no method ${name}`);
    const request = { service: this.#service, name, method, context, args: { ...args }, options };
    // The definition types the result; a server of it validates what it sends.
    return (await this.#run(request)) as Result;
  }

  #perform(request: ClientRequest): Promise<unknown> {
    const { name, args, options } = request;
    const sending = this.#sendings.get(name);
    if (sending === undefined) throw new TypeError(`${this.#service.name} has no method ${name}`);
    const prepared = sending.prepare(args, options.server);
    const target = this.#targetOf(prepared);
    const details: ErrorDetails = { service: this.#service.name, method: name, target };
    const { timeout, heartbeat } = this.#timesOf(request);
    const left = (deadlineOf(request.context) ?? Number.POSITIVE_INFINITY) - Date.now();
    if (left <= 0) {
      throw new RPCTimeoutError("the deadline of the request that is being served has passed", details);
    }
    const deadline = new Deadline(Math.min(timeout, left), options.signal);
    const operation =
      prepared.kind === "call"
        ? this.#call(request, prepared, target, details, deadline, Math.min(timeout, left), heartbeat)
        : this.#cast(request, prepared, target, details, deadline);
    return operation.finally(() => deadline.dispose());
  }

  async #call(
    request: ClientRequest,
    prepared: PreparedRequest,
    target: Target,
    details: ErrorDetails,
    deadline: Deadline,
    timeout: number,
    heartbeat: number | undefined,
  ): Promise<unknown> {
    const expiration = await this.#untilExpiration(timeout, details, deadline);
    const messageId = newId();
    const seconds = heartbeat === undefined ? null : heartbeat / 1000;
    const body = this.#encode(request, prepared, details, {
      messageId,
      queue: this.#replies.queue,
      heartbeat: seconds,
    });
    if (heartbeat !== undefined) deadline.watch(heartbeat);
    try {
      const reply = await new Promise<Exclude<WireReply, { kind: "heartbeat" }>>((resolve, reject) => {
        this.#replies.expect(messageId, { settle: resolve, heartbeat: () => deadline.heartbeat() });
        let isPublished = false;
        deadline.signal.addEventListener("abort", () => {
          // Until it is published, the transport knows better what went wrong and rejects too.
          if (isPublished) reject(deadline.error(details));
        });
        this.#publish(request, target, body, deadline, expiration).then(
          () => {
            isPublished = true;
            if (deadline.signal.aborted) reject(deadline.error(details));
          },
          (error: unknown) => reject(publishError(error, details, deadline)),
        );
      });
      if (reply.kind === "failure") throw errorOf(reply.failure, this.#service, details);
      return this.#codec.decode(reply.result, request.method.result);
    } finally {
      this.#replies.forget(messageId);
    }
  }

  async #cast(
    request: ClientRequest,
    prepared: PreparedRequest,
    target: Target,
    details: ErrorDetails,
    deadline: Deadline,
  ): Promise<void> {
    const body = this.#encode(request, prepared, details, undefined);
    try {
      await this.#publish(request, target, body, deadline, undefined);
    } catch (error) {
      throw publishError(error, details, deadline);
    }
  }

  /** Waits for the reply queue, and says how long the broker may keep the request. */
  async #untilExpiration(timeout: number, details: ErrorDetails, deadline: Deadline): Promise<number | undefined> {
    const start = Date.now();
    const wasReady = this.#replies.isReady;
    if (!wasReady) await this.#replyQueue(details, deadline);
    if (timeout === Number.POSITIVE_INFINITY) return undefined;
    return Math.max(1, Math.trunc(wasReady ? timeout : timeout - (Date.now() - start)));
  }

  #replyQueue(details: ErrorDetails, deadline: Deadline): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(deadline.error(details));
      if (deadline.signal.aborted) ended();
      deadline.signal.addEventListener("abort", ended);
      this.#replies.ready().then(
        () => resolve(),
        (error: unknown) => reject(publishError(error, details, deadline)),
      );
    });
  }

  #publish(
    request: ClientRequest,
    target: Target,
    body: Buffer,
    deadline: Deadline,
    expiration: number | undefined,
  ): Promise<void> {
    const { priority } = request.method;
    return this.#transport.publish(
      { target },
      {
        body,
        // A fanout exchange without queues is a topic without servers: nothing is lost that anyone waits for.
        mandatory: target.fanout !== true && (this.#options.mandatory ?? true),
        signal: deadline.signal,
        ...(expiration === undefined ? {} : { expiration }),
        ...(priority === undefined ? {} : { priority }),
      },
    );
  }

  #encode(
    { context }: ClientRequest,
    { method, version, args }: PreparedRequest,
    details: ErrorDetails,
    reply: ReplyAddress | undefined,
  ): Buffer {
    const { namespace } = this.#service;
    try {
      return encodeRequest({ method, args, namespace, version, reply, uniqueId: newId(), context });
    } catch (error) {
      throw new EncodingError(`the arguments cannot be encoded: ${textOf(error)}`, { ...details, cause: error });
    }
  }

  #targetOf({ topic, server, kind }: PreparedRequest): Target {
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
    return {
      timeout: options.timeout ?? own ?? this.#options.timeout ?? DEFAULT_TIMEOUT,
      heartbeat: options.heartbeat ?? method.heartbeat ?? profile.heartbeat,
    };
  }
}

/** A transport's error with what the request was about; the transport does not know that. */
function publishError(error: unknown, details: ErrorDetails, deadline: Deadline): Error {
  if (deadline.signal.aborted) return deadline.error(details, error);
  if (error instanceof MessageUndeliverableError) {
    return new MessageUndeliverableError("nobody listens there; the message was not delivered", {
      ...details,
      cause: error,
    });
  }
  return new TransportError(textOf(error), { ...details, cause: error });
}

function canSendOf<Service extends ServiceDescriptor>(
  service: Service,
  sendings: ReadonlyMap<string, Sending>,
): CanSend<Service> {
  const checks = [...sendings].map(([name, sending]) => [service.methods[name]?.member, sending.allows.bind(sending)]);
  // The keys are the members by construction; fromEntries cannot say so.
  return Object.fromEntries(checks) as CanSend<Service>;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
