import { createCodec, type ValueCodec } from "./codec.js";
import type { RequestContext } from "./context.js";
import { convertersOf, type UserConverters } from "./converters.js";
import type { MethodDescriptor, PeriodicDescriptor, ServiceDescriptor } from "./descriptor.js";
import type { Encoder, Encoders } from "./encoding.js";
import { InvalidArgumentsError } from "./errors.js";
import { type ReceivedMethod, Receiving } from "./receiving.js";
import type { Validators } from "./validator.js";
import { violationsOf } from "./violations.js";
import { anyText } from "./wire/escaped.js";

/** One service definition bound to the manager that serves it: an endpoint of a server. */
export interface Dispatcher {
  readonly service: ServiceDescriptor;
  readonly manager: ManagerHooks;
  readonly periodic: readonly PeriodicTask[];
  /** Finds who serves a request; a server asks each of its dispatchers in order. */
  find(request: {
    readonly namespace?: string | undefined;
    readonly version: string | null;
    readonly method: string;
  }): Found;
}

/** What a dispatcher knows of a request. */
export type Found =
  | { readonly kind: "handler"; readonly handler: MethodHandler }
  | { readonly kind: "no-such-method" }
  | { readonly kind: "unsupported-version" };

/** A method that can be run. */
export interface MethodHandler {
  readonly service: ServiceDescriptor;
  /** The newest wire name. */
  readonly name: string;
  readonly method: MethodDescriptor;
  /**
   * Arguments of the wire in the manager's shape, validated.
   *
   * @throws {InvalidArgumentsError} when they do not fit the definition
   */
  readArgs(args: unknown): Record<string, unknown>;
  run(context: RequestContext, args: Record<string, unknown>): Promise<unknown>;
  /**
   * A result as it goes into the reply's envelope: printed, and escaped for a JSON string.
   *
   * @throws {TypeError} when it has no JSON form
   */
  printResult(result: unknown): string;
}

/** Hooks of a manager, in the order in which a service calls them; all are optional. Source: nova.manager.Manager. */
export interface ManagerHooks {
  /** Before the server listens: restore what a former run left. Nothing is served until it resolves. */
  initHost?(host: string): Promise<void> | void;
  /** Before the server listens, after `initHost`. */
  preStart?(): Promise<void> | void;
  /** After the server listens. */
  postStart?(): Promise<void> | void;
  /** After the server has drained. */
  cleanupHost?(): Promise<void> | void;
  /** On SIGHUP: read the configuration again. */
  reset?(): Promise<void> | void;
}

export interface PeriodicTask extends PeriodicDescriptor {
  readonly name: string;
  run(context: RequestContext): Promise<void>;
}

export interface DispatcherOptions {
  /** Checks the arguments of each request. @default true */
  readonly validate?: boolean;
  /** The converters which the definition names. */
  readonly converters?: UserConverters;
}

/** The table of a generated dispatcher: the only way by which a request reaches a manager. */
export interface DispatcherTable<Manager> {
  readonly manager: Manager;
  readonly methods: Readonly<Record<string, (context: RequestContext, args: never) => Promise<unknown>>>;
  readonly periodic?: Readonly<Record<string, (context: RequestContext) => Promise<void>>>;
}

/**
 * Binds a service to its manager; generated code calls it.
 *
 * @throws {TypeError} when a converter of the definition is missing
 */
export function createDispatcher<Manager extends ManagerHooks>(
  service: ServiceDescriptor,
  validators: Validators,
  table: DispatcherTable<Manager>,
  options: DispatcherOptions = {},
  encoders: Encoders = {},
): Dispatcher {
  const codec = createCodec(service.codecs);
  const receiving = new Receiving(service, codec, convertersOf(options.converters, service.name));
  const used = options.validate === false ? {} : validators;
  const handlers = new WeakMap<ReceivedMethod, MethodHandler>();
  const runners = new Map(
    Object.entries(table.methods).map(([name, run]) => [
      name,
      methodRunner(service, name, run, used, codec, encoders[name]?.result),
    ]),
  );
  return {
    service,
    manager: table.manager,
    periodic: Object.entries(service.periodic ?? {}).flatMap(([name, task]) => {
      const run = table.periodic?.[name];
      return run === undefined ? [] : [{ ...task, name, run }];
    }),
    find({ namespace, version, method: wireName }) {
      const served = receiving.served(namespace, version);
      if (served === undefined) return { kind: "unsupported-version" };
      const received = receiving.method(served, wireName);
      const runner = received === undefined ? undefined : runners.get(received.name);
      if (received === undefined || runner === undefined) return { kind: "no-such-method" };
      let handler = handlers.get(received);
      if (handler === undefined) {
        handler = runner(received);
        handlers.set(received, handler);
      }
      return { kind: "handler", handler };
    },
  };
}

type Runner = (received: ReceivedMethod) => MethodHandler;

function methodRunner(
  service: ServiceDescriptor,
  name: string,
  run: (context: RequestContext, args: never) => Promise<unknown>,
  validators: Validators,
  codec: ValueCodec,
  encoder: Encoder | undefined,
): Runner {
  const method = service.methods[name];
  if (method === undefined) throw new TypeError(`${service.name} has no method ${name}`);
  const validate = Object.hasOwn(validators, name) ? validators[name] : undefined;
  return (received) => ({
    service,
    name,
    method,
    readArgs(raw) {
      const args = received.readArgs(raw);
      if (validate !== undefined && !validate(args)) {
        throw new InvalidArgumentsError(violationsOf(validate.errors ?? []), { service: service.name, method: name });
      }
      return args;
    },
    // The validator, or the user who turned it off, answers for the type.
    run: (context, args) => run(context, args as never),
    printResult(result) {
      if (method.returnsNothing === true || result === undefined || result === null) return "null";
      // An encoder takes anything, and prints what is not of its type the general way.
      return encoder === undefined ? anyText(codec.encode(result, method.result)) : encoder(result as never);
    },
  });
}
