import type { ChannelModel, Options, SocketOptions } from "amqplib";
import { TransportError } from "../errors.js";
import type { ConnectionStats } from "../transport-stats.js";
import { connectFailure } from "./broker-error.js";
import { within } from "./deadline.js";
import { Link } from "./link.js";
import type { AMQPSettings } from "./options.js";
import { tlsConnectionOptions } from "./tls.js";
import { describeHost, type Host } from "./transport-url.js";

/**
 * One connection to one of the hosts, made when it is wanted and again when it is lost.
 *
 * - `idle`: none, and nobody wants one
 * - `connecting`: an attempt at one host runs; when it fails the next host has its turn
 * - `open`: usable
 * - `blocked`: open, but the broker is short of memory or disk and takes no publishes
 * - `waiting`: every host has failed; a timer runs until the next round
 * - `closed`: for good
 *
 * amqplib's own recovery is not used: it knows one host, retries a wrong password like a lost network, lets callers
 * wait without end for a channel, cannot abandon an attempt that runs, and leaves channels, consumers and unconfirmed
 * messages to its user anyway.
 */
export type ConnectionState =
  | { readonly name: "idle" }
  | { readonly name: "connecting"; readonly attempt: Attempt }
  | { readonly name: "open"; readonly attempt: Attempt; readonly link: Link }
  | { readonly name: "blocked"; readonly attempt: Attempt; readonly link: Link }
  | { readonly name: "waiting"; readonly timer: NodeJS.Timeout }
  | { readonly name: "closed" };

/** Who uses the connection. */
export interface ConnectionUser {
  opened(link: Link): void;
  /** The connection was open and is gone, with every channel. */
  lost(error: TransportError): void;
  /**
   * Every host has been tried. When one of them said no (`refused`), trying again does not help by itself, and what
   * waits for the connection should fail with the error.
   */
  unreachable(error: TransportError, refused: boolean): void;
  blocked(blocked: boolean): void;
  /** Whether something waits for a connection, so that it should be made again. */
  needed(): boolean;
}

/** One try at one host. Aborting it destroys its socket, in whatever state that is. */
interface Attempt {
  readonly host: Host;
  readonly abort: AbortController;
}

type Event =
  | { readonly type: "wanted" }
  | { readonly type: "connected"; readonly attempt: Attempt; readonly link: Link }
  | { readonly type: "failed"; readonly attempt: Attempt; readonly error: TransportError; readonly refused: boolean }
  | { readonly type: "blocked" | "unblocked"; readonly attempt: Attempt }
  | { readonly type: "lost"; readonly attempt: Attempt; readonly cause: unknown }
  | { readonly type: "timer" }
  | { readonly type: "close" };

export class Connection {
  readonly #role: "publish" | "consume";
  readonly #settings: AMQPSettings;
  readonly #user: ConnectionUser;
  readonly #hosts: Host[];
  #state: ConnectionState = { name: "idle" };
  #lastError: TransportError | undefined;
  /** Hosts that failed since the last success or wait. */
  #failures = 0;
  #refusal: TransportError | undefined;
  /** Rounds over all hosts since the last success. */
  #rounds = 0;
  #opened = 0;
  #lost = 0;
  #openedAt: number | undefined;

  constructor(role: "publish" | "consume", settings: AMQPSettings, user: ConnectionUser) {
    this.#role = role;
    this.#settings = settings;
    this.#user = user;
    this.#hosts = shuffled(settings.hosts);
  }

  get link(): Link | undefined {
    return this.#state.name === "open" || this.#state.name === "blocked" ? this.#state.link : undefined;
  }

  get state(): ConnectionState["name"] {
    return this.#state.name;
  }

  /** Why there is no connection; undefined when none has failed. */
  get lastError(): TransportError | undefined {
    return this.#lastError;
  }

  stats(): ConnectionStats {
    const stats = { state: this.#state.name, opened: this.#opened, lost: this.#lost, openedAt: this.#openedAt };
    return this.#lastError === undefined ? stats : { ...stats, problem: this.#lastError.message };
  }

  /** Asks for a connection; the user hears when there is one. */
  want(): void {
    this.#handle({ type: "wanted" });
  }

  /** Closes for good. Idempotent; resolves when no handle is left. */
  async close(): Promise<void> {
    const { link } = this;
    const attempt = "attempt" in this.#state ? this.#state.attempt : undefined;
    this.#handle({ type: "close" });
    if (link !== undefined) await within(this.#settings.closeTimeout, link.close());
    // amqplib ends its side of the socket and leaves the rest to the broker, which may be gone.
    attempt?.abort.abort(new TransportError("the transport is closed"));
  }

  /** Every change of state. */
  #handle(event: Event): void {
    const state = this.#state;
    switch (event.type) {
      case "wanted":
        if (state.name === "idle") this.#connect();
        return;
      case "timer":
        if (state.name === "waiting") this.#connectIfNeeded();
        return;
      case "connected":
        if (state.name !== "connecting" || state.attempt !== event.attempt) {
          event.attempt.abort.abort();
          return;
        }
        this.#become({ name: "open", attempt: event.attempt, link: event.link });
        this.#opened++;
        this.#openedAt = Date.now();
        this.#failures = 0;
        this.#rounds = 0;
        this.#refusal = undefined;
        this.#lastError = undefined;
        this.#log("info", event.attempt.host, "connected to RabbitMQ");
        this.#user.opened(event.link);
        return;
      case "failed":
        if (state.name !== "connecting" || state.attempt !== event.attempt) return;
        this.#log("warn", event.attempt.host, event.error.message);
        this.#lastError = event.error;
        if (event.refused) this.#refusal = event.error;
        this.#nextHost();
        this.#failures++;
        if (this.#failures < this.#hosts.length) this.#connect();
        else this.#endRound();
        return;
      case "lost": {
        if ((state.name !== "open" && state.name !== "blocked") || state.attempt !== event.attempt) return;
        state.link.lost();
        // After a missed heartbeat amqplib only ends the socket, and a half-open one would stay for many minutes.
        event.attempt.abort.abort();
        const error = new TransportError(`the connection to ${this.#describe(event.attempt.host)} was lost`, {
          cause: event.cause,
        });
        this.#lastError = error;
        this.#lost++;
        this.#become({ name: "idle" }, error);
        this.#nextHost();
        this.#log("warn", event.attempt.host, error.message, event.cause);
        this.#user.lost(error);
        // Afterwards: what is told before would write to the channels that are gone.
        if (state.name === "blocked") this.#user.blocked(false);
        if (this.#user.needed()) this.#wait(this.#settings.reconnect.initial / 10);
        return;
      }
      case "blocked":
        if (state.name !== "open" || state.attempt !== event.attempt) return;
        this.#become({ ...state, name: "blocked" });
        this.#log("warn", event.attempt.host, "RabbitMQ takes no messages for now: it is short of memory or disk");
        this.#user.blocked(true);
        return;
      case "unblocked":
        if (state.name !== "blocked" || state.attempt !== event.attempt) return;
        this.#become({ ...state, name: "open" });
        this.#log("info", event.attempt.host, "RabbitMQ takes messages again");
        this.#user.blocked(false);
        return;
      case "close":
        if (state.name === "waiting") clearTimeout(state.timer);
        if (state.name === "connecting") state.attempt.abort.abort(new TransportError("the transport is closed"));
        this.#become({ name: "closed" });
        return;
    }
  }

  #become(state: ConnectionState, error?: TransportError): void {
    const { name: from } = this.#state;
    const { onStateChange, metrics, logger } = this.#settings;
    this.#state = state;
    if (from === state.name) return;
    metrics?.count("rpcgen.transport.state_changes", { role: this.#role, state: state.name });
    if (onStateChange === undefined) return;
    const { host } = "attempt" in state ? state.attempt : {};
    const broker = host === undefined ? undefined : describeHost(host);
    try {
      onStateChange({ role: this.#role, from, to: state.name, broker, error });
    } catch (thrown) {
      logger.error({ role: this.#role, err: thrown }, "a listener for connection states failed");
    }
  }

  #connectIfNeeded(): void {
    this.#become({ name: "idle" });
    if (this.#user.needed()) this.#connect();
  }

  #connect(): void {
    const [host] = this.#hosts;
    if (host === undefined) return;
    const attempt: Attempt = { host, abort: new AbortController() };
    this.#become({ name: "connecting", attempt });
    this.#open(attempt).then(
      (link) => this.#handle({ type: "connected", attempt, link }),
      (cause: unknown) => {
        attempt.abort.abort();
        this.#handle({ type: "failed", attempt, ...connectFailure(cause, host, this.#settings, this.#opened > 0) });
      },
    );
  }

  /** A refusal is told to those who wait; where somebody still needs the connection, it goes on with the longest wait. */
  #endRound(): void {
    this.#failures = 0;
    this.#rounds++;
    const { initial, max } = this.#settings.reconnect;
    const refusal = this.#refusal;
    this.#refusal = undefined;
    const error = refusal ?? this.#lastError;
    this.#become({ name: "idle" }, error);
    if (error !== undefined) this.#user.unreachable(error, refusal !== undefined);
    // The user may have asked again, or closed, while it heard of it.
    if (this.state !== "idle" || !this.#user.needed()) return;
    this.#wait(refusal === undefined ? Math.min(max, initial * 2 ** (this.#rounds - 1)) : max);
  }

  #wait(milliseconds: number): void {
    if (this.#state.name !== "idle") return;
    const { jitter } = this.#settings.reconnect;
    const timer = setTimeout(() => this.#handle({ type: "timer" }), milliseconds * (1 - jitter * Math.random()));
    this.#become({ name: "waiting", timer });
  }

  #nextHost(): void {
    const [first, ...others] = this.#hosts;
    if (first === undefined) return;
    const order = this.#settings.failover === "shuffle" ? [...shuffled(others), first] : [...others, first];
    this.#hosts.splice(0, this.#hosts.length, ...order);
  }

  async #open(attempt: Attempt): Promise<Link> {
    const { signal } = attempt.abort;
    const { connectTimeout } = this.#settings;
    const expire = (): void => attempt.abort.abort(new Error(`no answer within ${connectTimeout} ms`));
    const timer = connectTimeout > 0 ? setTimeout(expire, connectTimeout) : undefined;
    try {
      const model = await connectAMQP(attempt.host, this.#settings, this.#role, signal);
      model.on("error", () => {
        // "close" follows, with the same error; without a listener here Node would end the program.
      });
      model.on("close", (cause) => this.#handle({ type: "lost", attempt, cause }));
      model.on("blocked", () => this.#handle({ type: "blocked", attempt }));
      model.on("unblocked", () => this.#handle({ type: "unblocked", attempt }));
      return new Link(model);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #describe(host: Host): string {
    return `RabbitMQ at ${describeHost(host)}`;
  }

  #log(level: "info" | "warn", host: Host, message: string, cause?: unknown): void {
    const fields = { broker: describeHost(host), role: this.#role };
    this.#settings.logger[level](cause === undefined ? fields : { ...fields, err: cause }, message);
  }
}

/** amqplib is loaded with the first connection, so that programs on `memory://` never load it. */
async function connectAMQP(
  host: Host,
  settings: AMQPSettings,
  role: string,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const { connect, credentials } = await import("amqplib");
  const { hostname, port, username, password } = host;
  const tls = settings.tls === undefined ? {} : await tlsConnectionOptions(settings.tls);
  const login = {
    PLAIN: () => credentials.plain(username, password),
    AMQPLAIN: () => credentials.amqplain(username, password),
    EXTERNAL: () => credentials.external(),
  }[settings.loginMethod]();
  const server: Options.Connect = {
    protocol: settings.tls === undefined ? "amqp" : "amqps",
    hostname,
    port,
    // amqplib decodes it.
    vhost: encodeURIComponent(settings.virtualHost),
    heartbeat: settings.heartbeat,
  };
  const socket: SocketOptions & { readonly signal: AbortSignal } = {
    ...tls,
    // Nagle's algorithm holds a reply back for 40 ms.
    noDelay: true,
    keepAlive: true,
    signal,
    credentials: login,
    clientProperties: { product: "rpcgen", connection_name: `${settings.connectionName}:${role}` },
  };
  return connect(server, socket);
}

/** oslo shuffles the hosts, so that a fleet with one configuration does not sit on one node. */
function shuffled<T>(items: readonly T[]): T[] {
  const result: T[] = [];
  for (const item of items) result.splice(Math.floor(Math.random() * (result.length + 1)), 0, item);
  return result;
}
