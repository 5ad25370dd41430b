// Builds both packages into their dist folders, from nothing. They are replaced in one step when both are done, so that
// whatever runs from them meanwhile finds them whole.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "build-"));

try {
  const codes = await Promise.all([
    compile("src/tsconfig.build.json", "rpcgen"),
    compile("src/runtime/tsconfig.build.json", "runtime"),
  ]);
  process.exitCode = Math.max(...codes);
  if (process.exitCode === 0) {
    chmodSync(join(work, "rpcgen/cli/main.js"), 0o755);
    replace("dist", "rpcgen");
    replace("src/runtime/dist", "runtime");
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function compile(project, name) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", join(root, project), "--outDir", join(work, name)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject).on("exit", (code) => resolve(code ?? 1));
  });
}

function replace(folder, name) {
  rmSync(join(root, folder), { recursive: true, force: true });
  renameSync(join(work, name), join(root, folder));
}
