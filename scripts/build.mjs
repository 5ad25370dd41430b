// Builds both packages into their dist folders, from nothing, and marks the program as executable.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;

for (const folder of ["dist", "src/runtime/dist"]) rmSync(`${root}${folder}`, { recursive: true, force: true });
const codes = await Promise.all(["src/runtime/tsconfig.build.json", "src/tsconfig.build.json"].map(compile));
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755);
process.exitCode = Math.max(...codes);

function compile(project) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, "-p", `${root}${project}`], { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject).on("exit", (code) => resolve(code ?? 1));
  });
}
