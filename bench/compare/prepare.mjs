import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("../", import.meta.url));
const root = join(bench, "..");

/** Installs the peers, into bench/node_modules alone, unless they are there already as the lock file says. */
export async function installPeers() {
  const installed = join(bench, "node_modules/.package-lock.json");
  if (existsSync(installed) && sameVersions(installed, join(bench, "package-lock.json"))) return;
  await run("npm", ["ci", "--no-audit", "--no-fund"], bench);
}

/** Builds rpcgen and its runtime. */
export async function buildAll() {
  await run(process.execPath, ["scripts/build.mjs"], root);
}

/** Compiles echo.yaml as a user would: `rpcgen generate`, then tsc. */
export async function compileDefinition() {
  const [typescript, javascript] = [join(bench, "dist/src"), join(bench, "dist/echo")];
  for (const folder of [typescript, javascript]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(typescript, { recursive: true });
  const definition = join(bench, "compare/echo.yaml");
  await run(process.execPath, [join(root, "dist/cli/main.js"), "generate", definition, "--out", typescript], bench);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--target", "es2023", "--module", "nodenext", "--strict", "--skipLibCheck", "--types", "node"];
  const files = ["--rootDir", typescript, "--outDir", javascript, join(typescript, "bench/index.ts")];
  await run(process.execPath, [tsc, "--ignoreConfig", ...options, ...files], root);
}

function sameVersions(installed, locked) {
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  const want = JSON.parse(readFileSync(locked, "utf8")).packages;
  // Packages for other platforms are in the lock file and not in the folder.
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === "" || have[path]?.version === version || (optional && !have[path]),
  );
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject).on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}`));
    });
  });
}
