// For programs with OpenTelemetry: `@rpcgen/runtime/otel`. It needs `@opentelemetry/api`.
export { observeTransport, otelMetrics } from "./metrics.js";
export { clientTracing, serverTracing } from "./tracing.js";
