// The chaos suite as often as it takes to believe it: 20 kills where the test command has 3, and so on. Prints what became
// of every operation as a table for bench/README.md. About ten minutes.
//   node bench/chaos.mjs [TEST FILES]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const files =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ["broker", "network", "cluster"].map((name) => `test/chaos/${name}.test.ts`);
const folder = mkdtempSync(join(tmpdir(), "rpcgen-chaos-"));
const report = join(folder, "report.md");
try {
  // One file at a time: the brokers of several would disturb each other on a small machine.
  const args = ["run", "--no-file-parallelism", ...files];
  const env = { ...process.env, RPCGEN_CHAOS: "heavy", RPCGEN_CHAOS_REPORT: report };
  const child = spawn(join(root, "node_modules/.bin/vitest"), args, { cwd: root, env, stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  if (existsSync(report)) {
    console.log("| fault | kind | sent | answered | failed | hung | twice | lost |\n|---|---|---|---|---|---|---|---|");
    console.log(readFileSync(report, "utf8"));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
