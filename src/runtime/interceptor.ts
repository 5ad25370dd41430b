import type { CallOptions } from "./client.js";
import type { Context, RequestContext } from "./context.js";
import type { MethodDescriptor, MethodKind, ServiceDescriptor, Version } from "./descriptor.js";
import type { Target } from "./target.js";
import type { Headers } from "./transport.js";

/** One request as a client interceptor sees it: in the program's terms, before the version cap is applied. */
export interface ClientRequest {
  readonly service: ServiceDescriptor;
  /** The wire name: `reboot_instance`. */
  readonly name: string;
  readonly method: MethodDescriptor;
  readonly context: Context;
  readonly args: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  /** AMQP headers for the message, for example a trace context; peers that do not know them ignore them. */
  readonly headers?: Headers;
}

/** Runs around every request of a client: may change it, answer it, time it, or send it again. */
export type ClientInterceptor = (
  request: ClientRequest,
  next: (request: ClientRequest) => Promise<unknown>,
) => Promise<unknown>;

/** One request as a server interceptor sees it: in the manager's terms, validated. */
export interface ServerRequest {
  readonly service: ServiceDescriptor;
  readonly name: string;
  readonly method: MethodDescriptor;
  readonly kind: Exclude<MethodKind, "fanout">;
  /** The label which the request came with. */
  readonly version: Version;
  readonly target: Target;
  readonly context: RequestContext;
  readonly args: Readonly<Record<string, unknown>>;
  /** The message's AMQP headers, as the peer sent them. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Runs around every method of a server; what it throws is the reply. */
export type ServerInterceptor = (
  request: ServerRequest,
  next: (request: ServerRequest) => Promise<unknown>,
) => Promise<unknown>;

/** Puts interceptors around a last step; the first of the list is the outermost. */
export function intercept<Request>(
  interceptors: readonly ((request: Request, next: (request: Request) => Promise<unknown>) => Promise<unknown>)[],
  last: (request: Request) => Promise<unknown>,
): (request: Request) => Promise<unknown> {
  return interceptors.reduceRight<(request: Request) => Promise<unknown>>(
    (next, interceptor) => (request) => interceptor(request, next),
    last,
  );
}
