import type { FleetMember } from "../service.js";

/** The pages of all workers as one, each sample with the label `worker`; each metric is explained once, as Prometheus wants. */
export function workersText(members: readonly FleetMember[]): string {
  /** By the line that begins a metric. */
  const blocks = new Map<string, string[]>();
  const pages = [{ worker: undefined, metrics: ownPage(members) }, ...members];
  for (const { worker, metrics } of pages) {
    let block: string[] = [];
    for (const line of metrics.split("\n")) {
      if (line.startsWith("# HELP ")) {
        block = blocks.get(line) ?? [];
        blocks.set(line, block);
      } else if (line.startsWith("# TYPE ")) {
        if (block.length === 0) block.push(line);
      } else if (line !== "") {
        block.push(worker === undefined ? line : labelled(line, worker));
      }
    }
  }
  return [...blocks]
    .flatMap(([help, lines]) => [help, ...lines])
    .map((line) => `${line}\n`)
    .join("");
}

function ownPage(members: readonly FleetMember[]): string {
  const restarts = members.map(
    ({ worker, restarts }) => `rpcgen_worker_restarts_total{worker="${worker}"} ${restarts}`,
  );
  return [
    "# HELP rpcgen_workers Workers that should serve.",
    "# TYPE rpcgen_workers gauge",
    `rpcgen_workers ${members.length}`,
    "# HELP rpcgen_workers_ready Workers that are ready.",
    "# TYPE rpcgen_workers_ready gauge",
    `rpcgen_workers_ready ${members.filter(({ ready }) => ready).length}`,
    "# HELP rpcgen_worker_restarts_total Workers that were started again, by worker.",
    "# TYPE rpcgen_worker_restarts_total counter",
    ...restarts,
  ].join("\n");
}

/** `name 1` or `name{label="value"} 1`. */
function labelled(sample: string, worker: number): string {
  return sample.replace(/^\w+(\{?)/, (name, brace) =>
    brace === "" ? `${name}{worker="${worker}"}` : `${name}worker="${worker}",`,
  );
}
