import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTransport, Service } from "@rpcgen/runtime";
import { createComputeDispatcher } from "../../generated/compute/index.js";
import { conduct } from "./conductor.js";
import { MemoryHypervisor } from "./manager.js";

// npm run demo                      everything in this process, on the memory transport
// npm run demo -- --url rabbit://…  the same as three processes over a broker
const { values } = parseArgs({ options: { url: { type: "string" } } });
const program = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

title("rpcgen generate schemas/compute.yaml --out generated");
const rpcgen = fileURLToPath(new URL("../../../../dist/cli/main.js", import.meta.url));
const generate = spawnSync(process.execPath, [rpcgen, "generate"], { stdio: "inherit" });
if (generate.status !== 0) process.exit(generate.status ?? 1);

if (values.url === undefined) await inThisProcess();
else await asProcesses(values.url);

async function inThisProcess(): Promise<void> {
  title("nova-compute on host1 and host2 (memory://demo, all in this process)");
  const transport = createTransport("memory://demo");
  const services = await Promise.all(
    ["host1", "host2"].map((host) =>
      Service.create({
        binary: "nova-compute",
        host,
        transport,
        endpoints: [createComputeDispatcher(new MemoryHypervisor(console.log))],
      }),
    ),
  );
  for (const service of services) await service.start();
  title("the conductor uses the generated ComputeAPI");
  await conduct(transport, (line) => console.log(`[conductor] ${line}`));
  title("stop: takes no more, finishes what runs, replies");
  for (const service of services) await service.stop();
  await transport.close();
}

async function asProcesses(url: string): Promise<void> {
  title("nova-compute on host1 and host2 (two processes over the broker)");
  const services = ["host1", "host2"].map((host) => run("nova-compute", ["--url", url, "--host", host]));
  await Promise.all(services.map(({ ready }) => ready));
  title("the conductor uses the generated ComputeAPI");
  const conductor = run("conductor", ["--url", url]);
  await once(conductor.child, "exit");
  title("SIGTERM: takes no more, finishes what runs, replies");
  for (const { child } of services) child.kill("SIGTERM");
  await Promise.all(services.map(({ exited }) => exited));
}

/** Starts a program and shows what it prints; `ready` resolves at its first line, and fails when it ends without one. */
function run(
  name: string,
  args: readonly string[],
): { child: ChildProcess; ready: Promise<unknown>; exited: Promise<unknown> } {
  const child = spawn(process.execPath, [program(name), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => console.log(line));
  const failed = exited.then(() => {
    throw new Error(`${name} ended before it was ready`);
  });
  failed.catch(() => {});
  return { child, ready: Promise.race([once(lines, "line"), failed]), exited };
}

function title(text: string): void {
  console.log(`\n== ${text}`);
}
