import {
  type Attributes,
  context as contexts,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { RPCError } from "../errors.js";
import type { ClientInterceptor, ClientRequest, ServerInterceptor, ServerRequest } from "../interceptor.js";
import { maskText } from "../sensitive.js";
import { SCOPE } from "./metrics.js";

/**
 * A span for each request of a client; put it first into the client's `interceptors`.
 *
 * The trace context travels in the message's AMQP headers (`traceparent`, `tracestate`), which Python peers ignore: a key
 * of the context would reach their context objects.
 *
 * @param tracer the global one when absent
 */
export function clientTracing(tracer: Tracer = trace.getTracer(SCOPE)): ClientInterceptor {
  return (request, next) => {
    const { service, name, options } = request;
    const isCall = request.method.kind === "call";
    const attributes = { ...attributesOf(request), "messaging.operation.type": "send" };
    const target = options.server === undefined ? {} : { "rpcgen.server": options.server };
    const kind = isCall ? SpanKind.CLIENT : SpanKind.PRODUCER;
    const spanName = `send ${service.topic} ${name}`;
    return tracer.startActiveSpan(spanName, { kind, attributes: { ...attributes, ...target } }, (span) => {
      const headers: Record<string, string> = {};
      propagation.inject(contexts.active(), headers);
      return finish(span, request, () => next({ ...request, headers: { ...request.headers, ...headers } }));
    });
  };
}

/**
 * A span for each method that a server runs, a child of its caller's; put it first into the server's `interceptors`.
 *
 * @param tracer the global one when absent
 */
export function serverTracing(tracer: Tracer = trace.getTracer(SCOPE)): ServerInterceptor {
  return (request, next) => {
    const { name, target } = request;
    const parent = propagation.extract(contexts.active(), request.headers, headerGetter);
    const attributes = {
      ...attributesOf(request),
      "messaging.operation.type": "process",
      "messaging.destination.name": target.topic,
      "rpcgen.version": request.version,
    };
    const kind = request.kind === "call" ? SpanKind.SERVER : SpanKind.CONSUMER;
    return tracer.startActiveSpan(`process ${target.topic} ${name}`, { kind, attributes }, parent, (span) =>
      finish(span, request, () => next(request)),
    );
  };
}

/** Source: OpenTelemetry's semantic conventions for messaging and for RPC. Arguments, results and contexts stay out. */
function attributesOf({ service, name, context }: ClientRequest | ServerRequest): Attributes {
  const requestId = context["request_id"];
  return {
    "messaging.system": "rabbitmq",
    "messaging.destination.name": service.topic,
    "messaging.operation.name": name,
    "rpc.system": "rpcgen",
    "rpc.service": service.name,
    "rpc.method": name,
    ...(typeof requestId === "string" ? { "openstack.request_id": requestId } : {}),
  };
}

async function finish(
  span: Span,
  { method, args }: ClientRequest | ServerRequest,
  run: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const text = maskText(message, method, args);
    span.setAttribute("error.type", error instanceof RPCError ? error.code : name);
    // Without the stack, which holds the text once more.
    span.recordException({ name, message: text });
    span.setStatus({ code: SpanStatusCode.ERROR, message: text });
    throw error;
  } finally {
    span.end();
  }
}

/** A peer's headers are anything; only texts are read. */
const headerGetter: TextMapGetter<Readonly<Record<string, unknown>>> = {
  get: (headers, key) => {
    const value = headers[key];
    return typeof value === "string" ? value : undefined;
  },
  keys: (headers) => Object.keys(headers),
};
