// Installs what the tests need and npm cannot bring: RabbitMQ, Python's oslo.messaging and nova for the interop tests,
// and Chromium for those of the documents. Says nothing and takes no time when all are there.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const policy = "/usr/sbin/policy-rc.d";

const missing = [];
if (!process.env.RPCGEN_TEST_AMQP_URL && !hasRabbitMQ()) missing.push("rabbitmq-server");
if (!hasPython("oslo_messaging")) missing.push("python3-oslo.messaging");
if (!hasPython("nova")) missing.push("python3-nova");
if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) missing.push("chromium");
process.exitCode = missing.length === 0 ? 0 : install(missing);

function hasRabbitMQ() {
  return existsSync("/usr/lib/rabbitmq/bin/rabbitmq-server") || onPath("rabbitmq-server");
}

/** Looks for the module's folder: starting Python and importing the module takes half a second or more. */
function hasPython(module) {
  const folders = ["/usr/lib/python3/dist-packages"];
  for (const lib of ["/usr/lib", "/usr/local/lib"]) {
    for (const name of list(lib)) {
      if (/^python3\.\d+$/.test(name)) folders.push(join(lib, name, "site-packages"), join(lib, name, "dist-packages"));
    }
  }
  return folders.some((folder) => existsSync(join(folder, module)));
}

function install(packages) {
  const byHand = `install them yourself: ${packages.join(" ")} (Debian: apt-get install ${packages.join(" ")})`;
  if (!onPath("apt-get")) return fail(`the tests need packages that are not here, and there is no apt: ${byHand}`);
  if (process.getuid?.() !== 0) return fail(`the tests need packages that only root can install: ${byHand}`);
  console.error(`installing ${packages.join(" and ")} for the tests ...`);
  // Debian starts a service when it installs it. Its own switch against that is this file: 101 forbids it.
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    if (!apt("update") || !apt("install", "--yes", "--no-install-recommends", ...packages)) {
      return fail(`apt could not install what the tests need; ${byHand}`);
    }
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
  return 0;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = spawnSync("apt-get", ["-qq", ...args], { env, encoding: "utf8" });
  if (run.status !== 0) console.error(`apt-get ${args.join(" ")} failed:\n${run.stdout}${run.stderr}`);
  return run.status === 0;
}

function onPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function fail(message) {
  console.error(message);
  return 1;
}
