import type { Version } from "./descriptor.js";
import { describeTarget, type Target } from "./target.js";

/** What a failed operation was about; every error of the runtime carries as much of it as is known. */
export interface ErrorDetails {
  /** The service's name in its definition: `compute`. */
  readonly service?: string | undefined;
  /** The method's name on the wire: `reboot_instance`. */
  readonly method?: string | undefined;
  readonly target?: Target | undefined;
  readonly cause?: unknown;
}

/** Every error of the runtime. `code` is stable and may be matched; the message is for people. */
export abstract class RPCError extends Error {
  abstract readonly code: string;
  readonly service: string | undefined;
  readonly method: string | undefined;
  readonly target: Target | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(`${subject(details)}${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.service = details.service;
    this.method = details.method;
    this.target = details.target;
  }
}

/** No reply came in time, or the call monitor heard no heartbeat. The server may still run the method. */
export class RPCTimeoutError extends RPCError {
  readonly code = "timeout";
}

/** No queue took the message: nobody serves the topic, or that server of it. Nothing ran. It comes at the deadline where servers may be reconnecting. */
export class MessageUndeliverableError extends RPCError {
  readonly code = "undeliverable";
}

/** The server does not serve the version that the request needs. */
export class UnsupportedVersionError extends RPCError {
  readonly code = "unsupported-version";
}

/** The version cap does not allow the method or an argument; nothing was sent. */
export class VersionCapError extends RPCError {
  readonly code = "version-cap";
  /** The version that the request needs. */
  readonly version: Version;
  readonly cap: Version;

  constructor(message: string, details: ErrorDetails & { readonly version: Version; readonly cap: Version }) {
    super(message, details);
    this.version = details.version;
    this.cap = details.cap;
  }
}

/** The server has no such method. */
export class NoSuchMethodError extends RPCError {
  readonly code = "no-such-method";
}

/** One place where a value does not fit its declared type. */
export interface Violation {
  /** A path from the arguments: `instance.host`, `uuids.3`; empty for the arguments as a whole. */
  readonly path: string;
  /** In plain words, without the value: `must be integer`. */
  readonly message: string;
}

/** The arguments (or the result, where results are validated) do not fit the definition. */
export class InvalidArgumentsError extends RPCError {
  readonly code = "invalid-arguments";
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[], details: ErrorDetails = {}) {
    super(`invalid arguments: ${violations.map(violationText).join("; ")}`, details);
    this.violations = violations;
  }
}

/** The request has no valid target: a server path that is not set, a call to every server. */
export class InvalidTargetError extends RPCError {
  readonly code = "invalid-target";
}

/** The method failed on the server with an error that the definition does not declare. */
export class RemoteError extends RPCError {
  readonly code = "remote";
  /** The error's class at the server: `KeyError`. */
  readonly className: string;
  /** The module of that class, for a Python peer its import path; may be empty. */
  readonly module: string;
  /** The error's text at the server. */
  readonly remoteMessage: string;
  /** The server's stack trace, where it sends one. */
  readonly remoteTrace: string | undefined;

  constructor(
    failure: { className: string; module: string; message: string; trace: string | undefined },
    details: ErrorDetails = {},
  ) {
    super(`the server failed with ${failure.className}: ${failure.message}`, details);
    this.className = failure.className;
    this.module = failure.module;
    this.remoteMessage = failure.message;
    this.remoteTrace = failure.trace;
  }
}

/**
 * What a failed operation knows of its message.
 *
 * - `not-sent`: the broker surely has not got it
 * - `unknown`: it was on its way, and the broker did not confirm it
 * - `confirmed`: the broker had it, and a server may have run it; what was lost is the reply
 */
export type Delivery = "not-sent" | "unknown" | "confirmed";

/** The transport could not do its work: no connection, refused by the broker, closed. */
export class TransportError extends RPCError {
  readonly code = "transport";
  /** What became of the message; undefined where none was being sent. */
  readonly delivery: Delivery | undefined;

  constructor(message: string, details: ErrorDetails & { readonly delivery?: Delivery | undefined } = {}) {
    super(message, details);
    this.delivery = details.delivery;
  }
}

/** The message is larger than the transport's `maxMessageSize`; it was not sent. */
export class MessageTooLargeError extends RPCError {
  readonly code = "too-large";
  /** In bytes. */
  readonly size: number;
  readonly limit: number;

  constructor(size: number, limit: number, details: ErrorDetails = {}) {
    super(`the message has ${size} bytes, and the transport takes ${limit} at most (maxMessageSize)`, details);
    this.size = size;
    this.limit = limit;
  }
}

/** As many calls as the transport's `maxPendingCalls` wait for their replies already; the call was not sent. */
export class TooManyPendingCallsError extends RPCError {
  readonly code = "too-many-pending-calls";
  readonly limit: number;

  constructor(limit: number, details: ErrorDetails = {}) {
    super(`not sent: ${limit} calls wait for a reply already (maxPendingCalls)`, details);
    this.limit = limit;
  }
}

/**
 * The messages that wait for a connection, for a broker that takes none, or for their confirmation have reached the
 * transport's `maxBacklog` or `maxBacklogBytes`; this one was not sent.
 */
export class BacklogFullError extends RPCError {
  readonly code = "backlog-full";
}

/** A value has no form on the wire: a cycle, a symbol, a Date in a place without a converter. */
export class EncodingError extends RPCError {
  readonly code = "encoding";
}

/** A peer sent a versioned object that is newer than the definition knows, or of another major version. */
export class IncompatibleObjectError extends RPCError {
  readonly code = "incompatible-object";
  /** The object's name: `Instance`. */
  readonly objectName: string;
  /** The version that came. */
  readonly version: Version;
  /** The version that the definition declares. */
  readonly supported: Version;

  constructor(objectName: string, version: Version, supported: Version, details: ErrorDetails = {}) {
    super(`version ${version} of ${objectName} is not supported; ${supported} is`, details);
    this.objectName = objectName;
    this.version = version;
    this.supported = supported;
  }
}

/** The caller's AbortSignal aborted the call. The server may still run the method. */
export class AbortedError extends RPCError {
  readonly code = "aborted";
}

export interface DeclaredErrorDetails extends ErrorDetails {
  /** The text as the server wrote it; the definition's own when absent. */
  readonly message?: string | undefined;
}

/**
 * The base of the error classes which the compiler generates from `errors:`. A manager throws one, and the caller gets
 * the same class with the same fields.
 */
export abstract class DeclaredError<Fields extends object = Readonly<Record<string, unknown>>> extends RPCError {
  readonly code = "declared";
  /** As the server sent them; a peer of another version may send more or fewer. */
  readonly fields: Fields;

  constructor(message: string, fields: Fields, details: DeclaredErrorDetails = {}) {
    super(message, details);
    this.fields = fields;
    // The text goes on the wire as it is, so it has no "service.method: " before it as other errors have.
    this.message = details.message ?? message;
  }
}

/** What an error says without what it was about, to be quoted in another that says so already. */
export function reasonOf(error: unknown): string {
  if (error instanceof RPCError) return error.message.slice(subject(error).length);
  return error instanceof Error ? error.message : String(error);
}

function subject({ service, method, target }: ErrorDetails): string {
  const name = service === undefined ? method : method === undefined ? service : `${service}.${method}`;
  const at = target === undefined ? "" : ` on ${describeTarget(target)}`;
  return name === undefined ? (at === "" ? "" : `${at.slice(1)}: `) : `${name}${at}: `;
}

function violationText({ path, message }: Violation): string {
  return path === "" ? message : `${path} ${message}`;
}
