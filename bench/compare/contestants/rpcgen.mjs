// rpcgen as its users have it: compiled from echo.yaml with `rpcgen generate`, every option as it is by default.
import { createTransport, Service } from "@rpcgen/runtime";
import { BenchAPI, createBenchDispatcher } from "../../dist/echo/bench/index.js";

export async function serve(url, manager, name) {
  const endpoint = createBenchDispatcher({
    echo: (_context, { report }) => manager.echo(report),
    note: (_context, { report }) => manager.note(report),
    noteAll: (_context, { report }) => manager.note(report),
  });
  const service = await Service.create({ binary: "bench", host: name, transport: url, endpoints: [endpoint] });
  await service.start();
  return () => service.stop();
}

export async function connect(url, _name, options) {
  const transport = createTransport(url);
  const api = new BenchAPI(transport, options);
  return {
    call: (report) => api.echo({}, { report }),
    cast: (report) => api.note({}, { report }),
    fanout: (report) => api.noteAll({}, { report }),
    close: () => transport.close(),
  };
}
