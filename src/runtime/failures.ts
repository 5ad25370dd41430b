import type { ValueCodec } from "./codec.js";
import type { ServiceDescriptor } from "./descriptor.js";
import {
  DeclaredError,
  type ErrorDetails,
  IncompatibleObjectError,
  InvalidArgumentsError,
  MessageUndeliverableError,
  NoSuchMethodError,
  RemoteError,
  RPCTimeoutError,
  UnsupportedVersionError,
  type Violation,
} from "./errors.js";
import { isRecord } from "./wire/envelope.js";
import type { WireFailure } from "./wire/failure.js";

/** Where oslo.messaging's dispatcher errors live; a Python client rebuilds them by this name. */
const DISPATCHER = "oslo_messaging.rpc.dispatcher";
const EXCEPTIONS = "oslo_messaging.exceptions";
const OBJECTS = "oslo_versionedobjects.exception";
/** The module of what only rpcgen knows; a Python client gets it as RemoteError with the class's name. */
const OURS = "rpcgen";
/** The module of an error that the definition does not declare. */
const UNDECLARED = "node";

export interface FailureOptions {
  /** Sends the stack along. It tells a caller how the server is made, so it is off by default. */
  readonly traces: boolean;
}

/** A thrown value as it goes on the wire. */
export function failureOf(thrown: unknown, options: FailureOptions): WireFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { module, className, message, kwargs = {} } = identityOf(error);
  const trace = options.traces && error.stack !== undefined ? error.stack.split("\n").map((line) => `${line}\n`) : [];
  return { className, module, message, trace, args: [message], kwargs };
}

interface Identity {
  readonly module: string;
  readonly className: string;
  readonly message: string;
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

function identityOf(error: Error): Identity {
  const { message } = error;
  if (error instanceof DeclaredError) return { ...declaredName(error), message, kwargs: { ...error.fields } };
  // An error that came from another server keeps the name which it had there, as Python's `_Remote` classes do.
  if (error instanceof RemoteError)
    return { module: error.module, className: error.className, message: error.remoteMessage };
  if (error instanceof InvalidArgumentsError) {
    return { module: OURS, className: "InvalidArguments", message, kwargs: { violations: error.violations } };
  }
  if (error instanceof IncompatibleObjectError) {
    const { objectName: objname, version: objver, supported } = error;
    return { module: OBJECTS, className: "IncompatibleObjectVersion", message, kwargs: { objname, objver, supported } };
  }
  if (error instanceof UnsupportedVersionError) return { module: DISPATCHER, className: "UnsupportedVersion", message };
  if (error instanceof NoSuchMethodError) return { module: DISPATCHER, className: "NoSuchMethod", message };
  if (error instanceof RPCTimeoutError) return { module: EXCEPTIONS, className: "MessagingTimeout", message };
  if (error instanceof MessageUndeliverableError)
    return { module: EXCEPTIONS, className: "MessageUndeliverable", message };
  return { module: UNDECLARED, className: error.name, message };
}

function declaredName(error: DeclaredError): { readonly module: string; readonly className: string } {
  const { wireName = error.name } = error.constructor as { readonly wireName?: string };
  const dot = wireName.lastIndexOf(".");
  return { module: wireName.slice(0, Math.max(dot, 0)), className: wireName.slice(dot + 1) };
}

/** The error which a caller gets for a failure: a declared class, one of the runtime's, otherwise RemoteError. */
export function errorOf(
  failure: WireFailure,
  service: ServiceDescriptor,
  codec: ValueCodec,
  details: ErrorDetails,
): Error {
  const { className, module, message, kwargs } = failure;
  const wireName = module === "" ? className : `${module}.${className}`;
  for (const [name, Declared] of Object.entries(service.errors ?? {})) {
    if (Declared.wireName !== wireName) continue;
    // A codec under the error's name is that of its fields.
    const fields = codec.decode(kwargs, { ref: name });
    // A peer of another version may send other fields; the class's own type says what the definition promises.
    return new Declared(fields as never, { ...details, message });
  }
  switch (wireName) {
    case `${DISPATCHER}.UnsupportedVersion`:
      return new UnsupportedVersionError(message, details);
    case `${DISPATCHER}.NoSuchMethod`:
      return new NoSuchMethodError(message, details);
    case `${OBJECTS}.IncompatibleObjectVersion`: {
      const { objname, objver, supported } = kwargs;
      return new IncompatibleObjectError(String(objname), String(objver), String(supported), details);
    }
    case `${OURS}.InvalidArguments`:
      return new InvalidArgumentsError(violationsFrom(kwargs["violations"]), details);
    default:
      return new RemoteError({ className, module, message, trace: failure.trace.join("") || undefined }, details);
  }
}

function violationsFrom(violations: unknown): readonly Violation[] {
  if (!Array.isArray(violations)) return [];
  return violations.filter(isRecord).map(({ path, message }) => ({ path: textOf(path), message: textOf(message) }));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
