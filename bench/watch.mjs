// How long a save takes to reach the generated files while `rpcgen generate --watch` runs, on one service of 50 methods.
//   npm run build && node bench/watch.mjs [SAVES]
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Milliseconds from the save to the status line, which is printed when the files are written. */
const limit = 150;
const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const saves = Number(process.argv[2] ?? 30);
const folder = mkdtempSync(join(tmpdir(), "rpcgen-watch-"));
mkdirSync(join(folder, "schemas"));
mkdirSync(join(folder, "node_modules"));
writeFileSync(join(folder, "rpcgen.yaml"), "inputs: [schemas]\nout: out\n");
save(0);
const child = spawn(process.execPath, [program, "generate", "--watch"], {
  cwd: folder,
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const lines = linesOf(child.stdout);
  while (!(await next(lines)).startsWith("watching")) {
    // The first run, which is cold.
  }
  const times = [];
  for (let index = 1; index <= saves + 5; index += 1) {
    const start = performance.now();
    save(index);
    const line = await next(lines);
    if (!line.includes("updated")) throw new Error(`not a run that writes: ${line}`);
    // The first few make the process warm.
    if (index > 5) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  console.log(`node ${process.version}, ${saves} saves, milliseconds from save to files\n`);
  console.log("| median | least | 95 % | most | at most |\n|---|---|---|---|---|");
  console.log(`| ${at(0.5)} | ${at(0)} | ${at(0.95)} | ${at(1)} | ${limit} |`);
  if (Number(at(0.5)) > limit) {
    console.log("The limit is missed.");
    process.exitCode = 1;
  }
} finally {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  await closed;
  rmSync(folder, { recursive: true, force: true });
}
if (child.exitCode !== 0) throw new Error(`rpcgen ended with ${child.exitCode}`);

function save(index) {
  const methods = Array.from({ length: 50 }, (_, number) => method(number, index)).join("");
  writeFileSync(
    join(folder, "schemas/compute.yaml"),
    `rpcapi: 1
service: compute
topic: compute
versions: { "5.0": First version., "6.0": Adds more. }
errors:
  InstanceNotFound: { wire: nova.InstanceNotFound, message: "No {id}.", fields: { id: uuid } }
types:
  Instance:
    description: A virtual machine.
    fields: { uuid: uuid, host: string?, state: State, tags: list<string> }
  State: { enum: [building, active, error] }
methods:
${methods}`,
  );
}

/** Saves differ in the name of one argument, which moves through every file. */
function method(number, index) {
  return `  reboot_instance_${number}:
    description: Reboots an instance.
    kind: call
    server: instance.host
    params:
      instance: Instance
      tail_length: { type: integer?, minimum: 0, default: null }
      reason${number === 0 ? index : ""}: { type: string, maxLength: 255, since: "6.0", default: "", when_older: drop }
    returns: map<Instance>
    errors: [InstanceNotFound]
`;
}

async function* linesOf(stream) {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}

async function next(lines) {
  const { value, done } = await lines.next();
  if (done) throw new Error("rpcgen has ended");
  return value;
}
