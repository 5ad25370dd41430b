// For operators: `@rpcgen/runtime/health`. Nothing of it is loaded by a program that does not import it.
export { PrometheusMetrics } from "./prometheus.js";
export { type HealthServer, type HealthServerOptions, startHealthServer } from "./server.js";
