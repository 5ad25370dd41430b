import { createServer, type ServerResponse } from "node:http";
import type { FleetMember, Service } from "../service.js";
import { setPage, workerNumber } from "../worker.js";
import { gaugeText, type PrometheusMetrics, transportText } from "./prometheus.js";
import { workersText } from "./workers.js";

/** Where the health of a service is told. */
export interface HealthServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** The address to listen at. What it says is not secret, but it is for the operator. @default "127.0.0.1" */
  readonly host?: string;
  /** Counters and histograms for `/metrics`: what was given to the service, its clients and transports as `metrics`. */
  readonly metrics?: PrometheusMetrics;
}

/** An HTTP server that tells the health of a service. It does not keep the process alive. */
export interface HealthServer {
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Answers `GET /live` (200 until the service has stopped), `GET /ready` (200 while requests arrive and replies leave,
 * otherwise 503) and `GET /metrics` (Prometheus's text).
 *
 * A service with workers has one such server, in their parent: it is ready when all workers are, and its metrics are
 * those of the workers with the label `worker`. In a worker this listens to no port.
 *
 * @throws when the port is taken
 */
export async function startHealthServer(service: Service, options: HealthServerOptions): Promise<HealthServer> {
  const { port, host = "127.0.0.1", metrics } = options;
  if (workerNumber() !== undefined) {
    setPage(service, () => pageOf(service, metrics));
    return { port, close: async () => setPage(service, undefined) };
  }
  const server = createServer((request, response) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (isRead) void answer(service, metrics, path, response);
    else response.writeHead(405, { allow: "GET, HEAD" }).end();
  });
  // A probe asks once and goes; nobody may hold a socket.
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  server.keepAliveTimeout = 1_000;
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.unref();
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        // The only failure is that it is closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  service: Service,
  metrics: PrometheusMetrics | undefined,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const say = (isGood: boolean, body: object): void => {
    response.writeHead(isGood ? 200 : 503, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
  };
  const { state, live, ready, reason } = service.health();
  switch (path) {
    case "/live":
      say(live, { live, state });
      return;
    case "/ready": {
      const members = await service.fleet?.members();
      if (members === undefined) say(ready, { ready, state, ...(reason === undefined ? {} : { reason }) });
      else say(...readinessOf(service, members));
      return;
    }
    case "/metrics": {
      const members = await service.fleet?.members();
      const text = members === undefined ? pageOf(service, metrics) : workersText(members);
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
      return;
    }
    default:
      response.writeHead(404, { "content-type": "text/plain" }).end("/live, /ready, /metrics\n");
  }
}

function readinessOf(service: Service, members: readonly FleetMember[]): [boolean, object] {
  // Asked now, since the workers' answers took a moment.
  const { state } = service.health();
  const ready = state === "running" && members.every((member) => member.ready);
  const reasons = members.map(({ reason }) => reason).filter((reason) => reason !== undefined);
  const workers = members.map(({ worker, pid, ready, restarts }) => ({ worker, pid, ready, restarts }));
  return [ready, { ready, state, ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }), workers }];
}

/** What one process has to tell Prometheus. */
function pageOf(service: Service, metrics: PrometheusMetrics | undefined): string {
  const { ready, running, waiting, transport } = service.health();
  return [
    gaugeText("rpcgen_service_ready", "Whether requests arrive and replies leave.", ready ? 1 : 0),
    gaugeText("rpcgen_service_running", "Requests that run.", running),
    gaugeText("rpcgen_service_waiting", "Requests that were delivered and have not begun.", waiting),
    transport === undefined ? "" : transportText(transport),
    metrics?.text() ?? "",
  ].join("");
}
