// The one test command. Makes the machine ready, builds, checks, and runs all tests; the last line counts them.
// Whatever fails, the rest still runs, so that one run tells everything. Arguments go to vitest.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);
const script = (name) => [process.execPath, join(root, "scripts", name)];
const rpcgen = [process.execPath, join(root, "dist/cli/main.js")];

/** Each begins when those in `after` have ended well; at most two at a time. */
const steps = [
  { name: "machine", command: script("setup-tests.mjs") },
  { name: "build", command: script("build.mjs") },
  { name: "format and lint", command: [bin("biome"), "ci", "--colors=off", "."] },
  { name: "types", command: [bin("tsc"), "--noEmit", "-p", "tsconfig.json"] },
  { name: "unused code", command: [bin("knip"), "--no-progress"] },
  { name: "generated", command: [...rpcgen, "generate", "--check"], after: ["build"] },
  {
    name: "generated/nova",
    command: [...rpcgen, "generate", "schemas/nova", "--out", "generated/nova", "--check"],
    after: ["build"],
  },
  { name: "schemas: fmt", command: [...rpcgen, "fmt", "--check", "schemas"], after: ["build"] },
  { name: "schemas: lint", command: [...rpcgen, "lint"], after: ["build"] },
  { name: "schemas/nova: lint", command: [...rpcgen, "lint", "schemas/nova"], after: ["build"] },
];

const started = performance.now();
const failed = await runAll(steps);
const counts = await runTests(process.argv.slice(2));
if (counts.exitCode !== 0) failed.push("tests");
console.log(`\n${seconds(started)} in all${failed.length === 0 ? "" : `; failed: ${failed.join(", ")}`}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs the steps and gives the names of those that failed or could not begin. */
async function runAll(all) {
  const waiting = [...all];
  const running = new Map();
  const ended = new Map();
  while (waiting.length > 0 || running.size > 0) {
    for (const step of [...waiting]) {
      const before = step.after ?? [];
      if (running.size >= 2 || before.some((name) => !ended.has(name))) continue;
      waiting.splice(waiting.indexOf(step), 1);
      const isReady = before.every((name) => ended.get(name));
      running.set(step.name, isReady ? runStep(step) : skipStep(step, before));
    }
    const { name, ok } = await Promise.race(running.values());
    running.delete(name);
    ended.set(name, ok);
  }
  return all.map(({ name }) => name).filter((name) => !ended.get(name));
}

async function runStep({ name, command }) {
  const start = performance.now();
  const { exitCode, output } = await run(command, "pipe");
  const ok = exitCode === 0;
  console.log(`${ok ? "ok  " : "FAIL"} ${name.padEnd(16)} ${seconds(start).padStart(8)}`);
  if (!ok) console.log(output.trimEnd().replace(/^/gm, "     "));
  return { name, ok };
}

async function skipStep({ name }, before) {
  console.log(`FAIL ${name.padEnd(16)}          needs ${before.join(", ")}`);
  return { name, ok: false };
}

/** Runs vitest, whose own report goes through as it is, and counts the tests of all files. */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { exitCode } = await run([bin("vitest"), "run", ...reporters, ...args], "inherit");
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    // A file that could not even be loaded has no tests, and is a failure all the same.
    const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
    return {
      exitCode,
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests + numTodoTests,
    };
  } catch (error) {
    console.log(`vitest left no report: ${error.message}`);
    return { exitCode: 1, passed: 0, failed: 0, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run([program, ...args], output) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", output, output] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
    child.on("error", reject).on("close", (code) => resolve({ exitCode: code ?? 1, output: text }));
  });
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
