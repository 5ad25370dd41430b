// How fast the generator is: whole runs of the built program in processes of their own, as a user starts it.
//   npm run build && node bench/generator.mjs [RUNS]
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { definition } from "./definitions.mjs";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const runs = Number(process.argv[2] ?? 9);
if (!existsSync(program)) throw new Error("run npm run build first");

let changes = 0;
const work = mkdtempSync(join(tmpdir(), "rpcgen-bench-"));
try {
  const small = project("small", 1, 50);
  const large = project("large", 20, 100);
  const tidy = project("tidy", 1, 50);
  await run("fmt", [program, "fmt"], tidy, "inherit");
  const [smallBefore, largeBefore] = [previous("small", small), previous("large", large)];
  const generate = [program, "generate"];
  const cases = [
    { name: "node alone", args: ["-e", "0"], cwd: work },
    { name: "--help", args: [program, "--help"], cwd: work, limit: 0.12 },
    { name: "1 service x 50 methods, cold", args: generate, cwd: small, before: () => forget(small), limit: 0.35 },
    { name: "1 service x 50 methods, one method changed", args: generate, cwd: small, before: () => touch(small) },
    { name: "1 service x 50 methods, unchanged", args: generate, cwd: small, limit: 0.2 },
    {
      name: "20 services x 100 methods, cold",
      args: generate,
      cwd: large,
      before: () => forget(large),
      limit: 3,
      memory: 300,
    },
    { name: "20 services x 100 methods, unchanged", args: generate, cwd: large },
    // Both have something to say of these definitions, so that they end with 1.
    { name: "lint, 50 methods", args: [program, "lint"], cwd: small, codes: [1], limit: 0.25 },
    { name: "fmt --check, 50 methods, not formatted", args: [program, "fmt", "--check"], cwd: small, codes: [1] },
    { name: "fmt, 50 methods, formatted", args: [program, "fmt"], cwd: tidy, limit: 0.2 },
    {
      name: "breaking, 50 methods",
      args: [program, "breaking", "--against", smallBefore],
      cwd: small,
      codes: [1],
      limit: 0.25,
    },
    {
      name: "breaking, 2,000 methods",
      args: [program, "breaking", "--against", largeBefore],
      cwd: large,
      codes: [1],
      limit: 2,
    },
    { name: "lint, 2,000 methods", args: [program, "lint"], cwd: large, codes: [1], limit: 2 },
    {
      name: "fmt --check, 2,000 methods, not formatted",
      args: [program, "fmt", "--check"],
      cwd: large,
      codes: [1],
      limit: 2,
    },
  ];
  // Interleaved, so that a slow moment of the machine falls on all of them.
  const results = cases.map(() => []);
  for (let round = 0; round < runs; round += 1) {
    for (const [index, each] of cases.entries()) {
      each.before?.();
      results[index].push(await seconds(each));
    }
  }
  console.log(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  );
  console.log(`median of ${runs} runs\n`);
  console.log("| case | seconds | least | CPU s | peak MB | at most |");
  console.log("|---|---|---|---|---|---|");
  let missed = false;
  for (const [index, each] of cases.entries()) {
    const { name, limit, memory } = each;
    const times = results[index].sort((a, b) => a - b);
    const time = times[Math.floor(times.length / 2)];
    each.before?.();
    const { peak, cpu } = await usage(each);
    missed ||= time > (limit ?? Infinity) || peak > (memory ?? Infinity);
    const goal = [limit && `${limit.toFixed(2)} s`, memory && `${memory} MB`].filter(Boolean).join(", ");
    console.log(
      `| ${name} | ${time.toFixed(3)} | ${times[0].toFixed(3)} | ${cpu.toFixed(2)} | ${peak.toFixed(0)} | ${goal} |`,
    );
  }
  const size = bytesOf(join(small, "out"), (file) => !file.startsWith("validators."));
  const validators = bytesOf(join(small, "out"), (file) => file.startsWith("validators."));
  missed ||= size > 90_000;
  console.log(
    `\nOutput for 50 methods: ${kilobytes(size)} without validators (at most 90 kB), validators ${kilobytes(validators)}.`,
  );
  missed = (await growth()) || missed;
  if (missed) console.log("A limit is missed.");
  process.exitCode = missed ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Whether cold runs of more and more services miss a limit. A service must not take longer where there are more of them. */
async function growth() {
  const sizes = [10, 100, 400].map((services) => ({ services, cwd: project(`growth${services}`, services, 50) }));
  const walls = sizes.map(() => []);
  for (let round = 0; round < Math.min(runs, 3); round += 1) {
    for (const [index, { cwd }] of sizes.entries()) {
      forget(cwd);
      walls[index].push(await seconds({ name: "growth", args: [program, "generate"], cwd, silent: true }));
    }
  }
  console.log("\n| services x 50 methods, cold | seconds | least | CPU s | CPU ms a service | peak MB | at most |");
  console.log("|---|---|---|---|---|---|---|");
  let missed = false;
  for (const [index, { services, cwd }] of sizes.entries()) {
    const [least, median = least] = walls[index].sort((a, b) => a - b);
    forget(cwd);
    const { peak, cpu } = await usage({ name: "growth", args: [program, "generate"], cwd });
    const each = ((cpu * 1000) / services).toFixed(0);
    if (services === 100) missed = median > 5 || peak > 400;
    const goal = services === 100 ? "5 s, 400 MB" : "";
    const times = [median, least, cpu].map((value) => value.toFixed(2)).join(" | ");
    console.log(`| ${services} | ${times} | ${each} | ${peak.toFixed(0)} | ${goal} |`);
  }
  return missed;
}

/** A project with some services of so many methods each. */
function project(name, services, methods) {
  const folder = join(work, name);
  mkdirSync(join(folder, "schemas"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "rpcgen.yaml"), "inputs: [schemas]\nout: out\n");
  for (let index = 0; index < services; index += 1) {
    writeFileSync(join(folder, `schemas/service${index}.yaml`), definition(`service${index}`, methods));
  }
  return folder;
}

/** A folder with an earlier state of a project's definitions: some things were not there, some are gone or tighter now. */
function previous(name, folder) {
  const before = join(work, `${name}-before`);
  mkdirSync(before);
  for (const file of readdirSync(join(folder, "schemas"))) {
    const text = readFileSync(join(folder, "schemas", file), "utf8")
      .replace("[building, active, paused, stopped, error]", "[building, active, paused, stopped, rescued]")
      .replace("minimum: 1 }, extra_specs", "minimum: 0 }, disk: integer, extra_specs")
      .replace(/( {2}start_instance_)0:/, "$11000:")
      .replace(/maxLength: 255/g, (limit, at) => (at % 3 === 0 ? "maxLength: 300" : limit));
    writeFileSync(join(before, file), text);
  }
  return before;
}

/** A cold run: no output, no cache. */
function forget(folder) {
  for (const name of ["out", "node_modules/.cache"]) rmSync(join(folder, name), { recursive: true, force: true });
}

function touch(folder) {
  const path = join(folder, "schemas/service0.yaml");
  changes += 1;
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(
      /description: Starts an instance on its host.*/,
      `description: Starts an instance on its host, ${changes}.`,
    ),
  );
}

/** Seconds from start to end of a process. */
async function seconds({ name, args, cwd, codes, silent = false }) {
  const start = performance.now();
  // Of hundreds of services there are hundreds of warnings.
  await run(name, args, cwd, silent ? "ignore" : "inherit", codes);
  return (performance.now() - start) / 1000;
}

/**
 * What a process used, told by itself when it ends; measured apart, since that takes time. The processor time of the main
 * thread is what the run would take on a machine of its own, and hardly moves when others work beside it. Linux tells it.
 */
async function usage({ name, args, cwd, codes }) {
  const probe = `import { readFileSync } from "node:fs";
    process.on("exit", () => {
      let ticks = [];
      try {
        ticks = readFileSync(\`/proc/self/task/\${process.pid}/stat\`, "utf8").split(" ").slice(13, 15);
      } catch {}
      const cpu = ticks.reduce((sum, each) => sum + Number(each), 0) / 100;
      console.error("peak " + process.resourceUsage().maxRSS + " cpu " + cpu);
    });`;
  const loaded = ["--import", `data:text/javascript,${encodeURIComponent(probe)}`, ...args];
  const [, peak, cpu] = /^peak (\d+) cpu ([\d.]+)$/m.exec(await run(name, loaded, cwd, "pipe", codes)) ?? [];
  return { peak: Number(peak) / 1024, cpu: Number(cpu) };
}

function run(name, args, cwd, errors, codes = [0]) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", errors] });
    let text = "";
    child.stderr?.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject).on("close", (code) => {
      if (codes.includes(code)) resolve(text);
      else reject(new Error(`${name} ended with ${code}`));
    });
  });
}

function bytesOf(folder, takes) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && takes(entry.name))
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
