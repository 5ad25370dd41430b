import type { Dispatcher } from "./dispatcher.js";
import {
  InvalidArgumentsError,
  MessageTooLargeError,
  NoSuchMethodError,
  type RPCError,
  TransportError,
} from "./errors.js";
import { failureOf } from "./failures.js";
import type { ServerInterceptor } from "./interceptor.js";
import { type Logger, silentLogger } from "./logger.js";
import type { Metrics } from "./metrics.js";
import { replyAddressWithin } from "./oversized.js";
import { RecentIds } from "./recent-ids.js";
import { Redelivery } from "./redelivery.js";
import { type EncodedReply, encodedReply, ReplySender } from "./reply-sender.js";
import { hasAtLeastOnce, isAtLeastOnce, isHandler, RequestRunner, type Served } from "./request-runner.js";
import { describeTarget, type Target } from "./target.js";
import type { IncomingMessage, Subscription, Transport } from "./transport.js";
import { defaultLimits } from "./transport-options.js";
import { atEndOfTurn } from "./turn.js";
import { MalformedMessageError, TooDeepError } from "./wire/envelope.js";
import { decodeRequest, replyAddressOf, type WireRequest } from "./wire/request.js";

/** How a server serves. */
export interface RPCServerOptions {
  /** Requests that run at the same time; what is delivered beyond waits unacknowledged. @default 256 */
  readonly concurrency?: number;
  /** Messages delivered and not yet acknowledged. @default the transport's */
  readonly prefetch?: number;
  /** Answers `oslo_rpc_server_ping` with "pong". oslo.messaging's own default is false. @default true */
  readonly ping?: boolean;
  /**
   * Time before the second attempt at an at-least-once cast, in milliseconds. It doubles with each further one, to 30 s.
   * @default 1_000
   */
  readonly redeliveryDelay?: number;
  /** Sends the stack of a failed method to its caller. @default false */
  readonly traces?: boolean;
  /** Run around each method, the first outermost. */
  readonly interceptors?: readonly ServerInterceptor[];
  /** @default silent */
  readonly logger?: Logger;
  /** Counts and times the requests. @default none */
  readonly metrics?: Metrics;
}

const DEFAULT_CONCURRENCY = 256;
/** Bytes of an answer that is kept for a request that is sent again; one that was larger is made again. */
const LARGEST_KEPT = 4_096;

const NOT_DURABLE =
  "at-least-once casts that wait are lost when the broker restarts, since the queues are not durable: set amqp_durable_queues or rabbit_quorum_queue in the whole fleet";

/** Serves one topic of one host: receives, acknowledges, dispatches and replies. */
export class RPCServer {
  readonly #transport: Transport;
  readonly #target: Target & { readonly server: string };
  readonly #options: RPCServerOptions;
  readonly #logger: Logger;
  readonly #replies: ReplySender;
  readonly #runner: RequestRunner;
  readonly #recent = new RecentIds<EncodedReply>();
  /** Where one of the methods is served at least once. */
  readonly #redelivery: Redelivery | undefined;
  readonly #concurrency: number;
  /** Delivered and not yet begun, oldest first. */
  readonly #waiting: { readonly message: IncomingMessage; readonly receivedAt: number }[] = [];
  /** Requests that run, and who waits until none does. */
  #running = 0;
  #idle: (() => void)[] = [];
  readonly #stopped = new AbortController();
  readonly #gaveUp: Promise<void>;
  #subscription: Promise<Subscription> | undefined;
  #isSubscribed = false;
  /** Rejects when the server is stopped before it could subscribe. */
  readonly #abandoned: Promise<never>;
  #abandon: (error: TransportError) => void = () => {};
  #stopping: Promise<void> | undefined;
  #giveUp: () => void = () => {};

  constructor(
    transport: Transport,
    target: Target & { readonly server: string },
    dispatchers: readonly Dispatcher[],
    options: RPCServerOptions = {},
  ) {
    this.#transport = transport;
    this.#target = target;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#replies = new ReplySender(transport, this.#logger);
    this.#runner = new RequestRunner(dispatchers, target, options, this.#stopped.signal);
    if (dispatchers.some(hasAtLeastOnce)) {
      this.#redelivery = new Redelivery(transport, {
        topic: target.topic,
        delay: options.redeliveryDelay,
        logger: this.#logger,
        onMove: (result, { service, name }) =>
          this.#options.metrics?.count("rpcgen.server.redelivered", { service: service.name, method: name, result }),
      });
    }
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#abandoned = new Promise((_resolve, reject) => {
      this.#abandon = reject;
    });
    // Only who starts the server waits for it.
    this.#abandoned.catch(() => {});
    this.#gaveUp = new Promise((resolve) => {
      this.#giveUp = () => {
        if (this.#running > 0) {
          this.#logger.warn(
            { running: this.#running },
            "stopped while methods were running; their callers get no reply",
          );
        }
        resolve();
      };
    });
  }

  /** Requests that run now. */
  get running(): number {
    return this.#running;
  }

  /** Requests that were delivered and have not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Starts to listen; resolves when the broker delivers. */
  async start(): Promise<void> {
    const { prefetch } = this.#options;
    const source = {
      target: this.#target,
      deadLetters: this.#redelivery !== undefined,
      oversized: (message: IncomingMessage) => this.#refuseOversized(message),
      ...(prefetch === undefined ? {} : { prefetch }),
    };
    if (this.#subscription === undefined && this.#redelivery !== undefined && this.#transport.durable === false) {
      this.#logger.warn({ target: describeTarget(this.#target) }, NOT_DURABLE);
    }
    this.#subscription ??= this.#transport.subscribe(source, (message) => this.#receive(message));
    await Promise.race([this.#subscription, this.#abandoned]);
    this.#isSubscribed = true;
  }

  /**
   * Takes no more requests, gives back what has not begun, waits for what runs and for its replies. Idempotent; a later
   * call with a shorter time-out shortens the wait of all.
   *
   * @param timeout milliseconds after which what still runs is left alone and its `context.signal` aborts
   */
  async stop(timeout: number): Promise<void> {
    this.#stopping ??= this.#stop();
    const timer = setTimeout(() => this.#giveUp(), timeout);
    await Promise.race([this.#stopping, this.#gaveUp]);
    clearTimeout(timer);
    this.#stopped.abort();
    this.#replies.stop();
    this.#redelivery?.stop();
  }

  async #stop(): Promise<void> {
    await this.#unsubscribe();
    await Promise.all(this.#waiting.splice(0).map(({ message }) => this.#giveBack(message)));
    while (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#replies.settled();
    await this.#redelivery?.stop();
  }

  /** Without a broker there may never be a subscription to cancel: nobody waits for it, and it ends when it comes. */
  async #unsubscribe(): Promise<void> {
    const cancelled = this.#subscription?.then(
      (subscription) => subscription.cancel(),
      () => {},
    );
    const state = this.#transport.stats?.().connections.consume.state ?? "open";
    if (this.#isSubscribed || state === "open" || state === "blocked") await cancelled;
    else this.#abandon(new TransportError("the server was stopped before there was a connection to the broker"));
  }

  async #giveBack(message: IncomingMessage): Promise<void> {
    const request = this.#redelivery === undefined ? undefined : this.#decode(message);
    if (request !== undefined && isAtLeastOnce(request, this.#runner.find(request))) {
      await this.#redelivery?.giveBack(message);
    } else {
      message.reject(true);
    }
  }

  #receive(message: IncomingMessage): void {
    const receivedAt = Date.now();
    this.#waiting.push({ message, receivedAt });
    this.#beginWaiting();
  }

  #beginWaiting(): void {
    while (this.#running < this.#concurrency && this.#stopping === undefined) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#begin(next.message, next.receivedAt);
    }
  }

  /** Acknowledges before it dispatches: a request runs at most once, whatever happens to this server. */
  #begin(message: IncomingMessage, receivedAt: number): void {
    const request = this.#decode(message);
    if (request === undefined) {
      message.reject();
      return;
    }
    const served = this.#runner.find(request);
    const isOnce = isAtLeastOnce(request, served);
    if (message.isStale === true) {
      // The broker gives it to another server, or to this one again.
      if (isOnce) this.#redelivery?.missed(message, request);
      return;
    }
    if (isOnce) {
      const run = (): Promise<unknown> => this.#runner.run(request, served, undefined, message);
      this.#run(this.#redelivery?.process(message, request, served, run));
      return;
    }
    message.ack();
    if (request.uniqueId !== undefined && !this.#recent.add(request.uniqueId)) {
      this.#repeated(request);
      return;
    }
    const { expiration } = message;
    const deadline = expiration === undefined ? undefined : receivedAt + expiration;
    this.#running++;
    // After the acknowledgement has left: a method that ends the program at once has run, and must not run elsewhere.
    atEndOfTurn(() => {
      this.#serve(request, served, deadline, message).then(this.#ended, this.#ended);
    });
  }

  /** Undefined for what is no request, and has been logged. */
  #decode(message: IncomingMessage): WireRequest | undefined {
    try {
      return decodeRequest(message);
    } catch (error) {
      // Any other error is a mistake of ours, which one message must not turn into the end of the server.
      const level = error instanceof MalformedMessageError ? "warn" : "error";
      this.#logger[level]({ error, target: describeTarget(this.#target) }, "rejected a message that is not a request");
      this.#dropped(error instanceof TooDeepError ? "too-deep" : "malformed");
      if (error instanceof TooDeepError) {
        this.#refuse(replyAddressOf(error.payload), new InvalidArgumentsError([{ path: "", message: error.message }]));
      }
      return undefined;
    }
  }

  #dropped(reason: string): void {
    this.#options.metrics?.count("rpcgen.server.dropped", { topic: this.#target.topic, reason });
  }

  /** The transport has logged it, and rejects it; a caller hears of it at once. */
  #refuseOversized({ body }: IncomingMessage): void {
    this.#dropped("too-large");
    const limit = this.#transport.maxMessageSize ?? defaultLimits.maxMessageSize;
    this.#refuse(replyAddressWithin(body), new MessageTooLargeError(body.length, limit));
  }

  #refuse(reply: ReturnType<typeof replyAddressOf>, error: RPCError): void {
    if (reply === undefined) return;
    const failure = failureOf(error, { traces: false });
    this.#run(this.#replies.send(reply, encodedReply({ messageId: reply.messageId, kind: "failure", failure })));
  }

  #run(serving: Promise<unknown> | undefined): void {
    if (serving === undefined) return;
    this.#running++;
    // None of them rejects.
    serving.then(this.#ended, this.#ended);
  }

  readonly #ended = (): void => {
    this.#running--;
    this.#beginWaiting();
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  };

  /** A caller whose connection was lost asks again: its answer is sent again, or comes when the method has run. */
  #repeated({ method, reply, uniqueId = "" }: WireRequest): void {
    this.#dropped("duplicate");
    this.#logger.debug({ method }, "did not run a request that came before");
    const answer = this.#recent.kept(uniqueId);
    if (reply !== undefined && answer !== undefined) this.#run(this.#replies.send(reply, answer));
  }

  /** Never rejects. */
  async #serve(
    request: WireRequest,
    served: Served,
    deadline: number | undefined,
    message: IncomingMessage,
  ): Promise<void> {
    const { reply } = request;
    if (deadline !== undefined && deadline < Date.now()) {
      this.#dropped("expired");
      this.#logger.debug({ method: request.method }, "dropped a request whose caller has given up");
      return;
    }
    if (reply === undefined) return this.#serveCast(request, served, message);
    const { messageId } = reply;
    const stopHeartbeats = this.#replies.startHeartbeats(reply);
    let answer: EncodedReply;
    try {
      const text = (await this.#runner.run(request, served, deadline, message)) ?? "null";
      answer = encodedReply({ messageId, kind: "result", result: undefined, text });
    } catch (error) {
      this.#logFailure(request, error);
      const failure = failureOf(error, { traces: this.#options.traces ?? false });
      answer = encodedReply({ messageId, kind: "failure", failure });
    }
    stopHeartbeats();
    const { uniqueId } = request;
    const isKept = uniqueId !== undefined && isHandler(served) && served.method.idempotent === true;
    if (isKept) this.#recent.keep(uniqueId, answer);
    await this.#replies.send(reply, answer);
    if (isKept && answer.body.length > LARGEST_KEPT) this.#recent.forget(uniqueId);
  }

  async #serveCast(request: WireRequest, served: Served, message: IncomingMessage): Promise<void> {
    try {
      await this.#runner.run(request, served, undefined, message);
    } catch (error) {
      this.#logFailure(request, error);
    }
  }

  /** A caller of a cast hears of no failure, so the log is all there is; a call's failure goes to its caller. */
  #logFailure({ method, reply, context }: WireRequest, error: unknown): void {
    const fields = { method, error, requestId: context["request_id"] };
    if (error instanceof NoSuchMethodError && method.endsWith("_ignore_errors")) return;
    if (reply === undefined) this.#logger.error(fields, "a cast failed");
    else if (error instanceof InvalidArgumentsError) this.#logger.warn(fields, "refused a call");
    else this.#logger.info(fields, "a call failed");
  }
}
