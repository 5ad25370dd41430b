// Builds both packages into their dist folders, from nothing. They are replaced in one step when both are done, so that
// whatever runs from them meanwhile finds them whole.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "build-"));

try {
  // rpcgen's own use of the runtime is compiled against the declarations that were just made.
  process.exitCode =
    (await compile("src/runtime/tsconfig.build.json", "runtime")) || (await compile(besideRuntime(), "rpcgen"));
  if (process.exitCode === 0) {
    chmodSync(join(work, "rpcgen/cli/main.js"), 0o755);
    replace("dist", "rpcgen");
    replace("src/runtime/dist", "runtime");
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The project file of rpcgen, with the runtime's new declarations in place of those that were built last. */
function besideRuntime() {
  const path = join(work, "tsconfig.json");
  const types = join(work, "runtime");
  const paths = {
    "@rpcgen/runtime": [join(types, "index.d.ts")],
    "@rpcgen/runtime/testing": [join(types, "testing/index.d.ts")],
  };
  const config = { extends: join(root, "src/tsconfig.build.json"), compilerOptions: { paths } };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

function compile(project, name) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", resolve(root, project), "--outDir", join(work, name)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject).on("exit", (code) => resolve(code ?? 1));
  });
}

function replace(folder, name) {
  rmSync(join(root, folder), { recursive: true, force: true });
  renameSync(join(work, name), join(root, folder));
}
