// Builds both packages into their dist folders, from nothing. They are replaced in one step when both are done, so that
// whatever runs from them meanwhile finds them whole.
import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = join(root, "node_modules/.cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "build-"));

try {
  // rpcgen's own use of the runtime is compiled against the declarations that were just made.
  process.exitCode =
    (await compile("src/runtime/tsconfig.build.json", "runtime")) || (await compile(besideRuntime(), "rpcgen"));
  if (process.exitCode === 0) {
    await joinFiles(join(work, "rpcgen"), "package.json", ["cli/main.js"]);
    await joinFiles(join(work, "runtime"), "src/runtime/package.json");
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

/**
 * Puts the files of a package together, so that Node.js loads few: it takes 0.3 ms for each, which was half of what the
 * runtime took of a program's start. Files that the same entry points and lazy imports lead to become one, so that nothing
 * is loaded that was not before. The declarations stay as they are.
 */
async function joinFiles(folder, manifest, programs = []) {
  const entryPoints = Object.values(JSON.parse(readFileSync(resolve(root, manifest), "utf8")).exports)
    .filter((target) => target.default !== undefined)
    .map((target) => posix.relative("./dist", target.default));
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [...entryPoints, ...programs],
    outdir: folder,
    outbase: folder,
    write: false,
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
  for (const path of readdirSync(folder, { recursive: true })) {
    if (path.endsWith(".js")) rmSync(resolve(folder, path));
  }
  for (const { path, text } of outputFiles) writeFileSync(path, withOwnNames(text));
}

/** esbuild says `var Service = class _Service` of a class that uses itself, and stack traces would say `_Service`. */
function withOwnNames(text) {
  const names = [...text.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name]) => name);
  return names.reduce((result, name) => result.replaceAll(new RegExp(`\\b_${name}\\b`, "g"), name), text);
}

function replace(folder, name) {
  rmSync(join(root, folder), { recursive: true, force: true });
  renameSync(join(work, name), join(root, folder));
}
