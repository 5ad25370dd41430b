import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { definition, protobuf } from "../definitions.mjs";
import { peakOf, timed } from "./process-run.mjs";
import { median } from "./statistics.mjs";

const program = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const require = createRequire(import.meta.url);
const methods = 50;
/** Services, and how often rpcgen and buf compile them: the large ones take long, and vary less. */
const sizes = [
  { services: 1, runs: 11, bufRuns: 11 },
  { services: 10, runs: 5, bufRuns: 3 },
  { services: 100, runs: 3, bufRuns: 1 },
  { services: 400, runs: 1, bufRuns: 0 },
];

/**
 * Whole runs of `rpcgen generate` and of `buf generate` with protoc-gen-es, on definitions that say the same, in turns. Gives
 * for each size `{ services, cold, unchanged, buf }`, each as `{ seconds, least, memory }`; cold is
 * without output and cache.
 */
export async function measureGenerators(say) {
  const work = mkdtempSync(join(tmpdir(), "rpcgen-bench-"));
  try {
    const results = [];
    for (const { services, runs, bufRuns } of sizes) {
      results.push({
        services,
        methods: services * methods,
        ...(await measure(project(work, services), runs, bufRuns)),
      });
      const { cold, unchanged, buf } = results.at(-1);
      const text = [cold, unchanged, buf].map((each) => each?.seconds.toFixed(2) ?? "-").join(", ");
      say(`generate ${services} services: cold, unchanged, buf: ${text} s`);
    }
    return results;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function measure(folder, runs, bufRuns) {
  const times = { cold: [], unchanged: [], buf: [] };
  const generate = [program, "generate"];
  const buf = bufCommand(folder);
  for (let run = 0; run < runs; run++) {
    forget(folder);
    times.cold.push(await timed(process.execPath, generate, { cwd: folder }));
    times.unchanged.push(await timed(process.execPath, generate, { cwd: folder }));
    if (buf !== undefined && run < bufRuns)
      times.buf.push(await timed(buf.command, buf.args, { cwd: folder, env: buf.env }));
  }
  // Apart, since it takes a little time.
  forget(folder);
  const coldPeak = await peakOf(generate, { cwd: folder });
  const unchangedPeak = await peakOf(generate, { cwd: folder });
  return {
    cold: { seconds: median(times.cold), least: Math.min(...times.cold), memory: coldPeak },
    unchanged: { seconds: median(times.unchanged), least: Math.min(...times.unchanged), memory: unchangedPeak },
    buf: times.buf.length === 0 ? undefined : { seconds: median(times.buf), least: Math.min(...times.buf) },
    // Of the same turn.
    coldToBuf: median(times.cold.map((time, run) => time / times.buf[run])),
    unchangedToBuf: median(times.unchanged.map((time, run) => time / times.buf[run])),
  };
}

function project(work, services) {
  const folder = join(work, String(services));
  for (const name of ["schemas", "proto", "node_modules"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "rpcgen.yaml"), "inputs: [schemas]\nout: out\n");
  writeFileSync(join(folder, "buf.yaml"), "version: v2\nmodules: [{ path: proto }]\n");
  const plugin = join(dirname(require.resolve("@bufbuild/protoc-gen-es/package.json")), "bin/protoc-gen-es");
  const plugins = [{ local: [process.execPath, plugin], out: "buf", opt: ["target=ts"] }];
  writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify({ version: "v2", plugins }));
  for (let index = 0; index < services; index++) {
    const name = `service${index}`;
    writeFileSync(join(folder, "schemas", `${name}.yaml`), definition(name, methods));
    writeFileSync(join(folder, "proto", `${name}.proto`), protobuf(name, methods));
  }
  return folder;
}

/** buf as npm installs it, the way that npx starts it: a program of Node.js that runs the one for this platform. */
function bufCommand(folder) {
  const script = join(dirname(require.resolve("@bufbuild/buf/package.json")), "bin/buf");
  if (!existsSync(script)) return undefined;
  return { command: process.execPath, args: [script, "generate"], env: { BUF_CACHE_DIR: join(folder, "buf-cache") } };
}

function forget(folder) {
  for (const name of ["out", "buf", "node_modules/.cache"])
    rmSync(join(folder, name), { recursive: true, force: true });
}
