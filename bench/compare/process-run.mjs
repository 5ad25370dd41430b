import { spawn } from "node:child_process";

/**
 * Runs a program to its end and tells how many seconds that took, with its start; throws when it ends otherwise than with
 * one of the exit codes.
 */
export async function timed(command, args, { cwd, codes = [0], env } = {}) {
  const start = performance.now();
  await run(command, args, { cwd, codes, env }, "ignore");
  return (performance.now() - start) / 1000;
}

/** The most memory, in MiB, that a run of Node.js has had: it tells so itself when it ends. */
export async function peakOf(args, { cwd, codes = [0] } = {}) {
  const probe = 'process.on("exit", () => console.error("peak " + process.resourceUsage().maxRSS))';
  const loaded = ["--import", `data:text/javascript,${encodeURIComponent(probe)}`, ...args];
  const text = await run(process.execPath, loaded, { cwd, codes }, "pipe");
  return Number(/^peak (\d+)$/m.exec(text)?.[1]) / 1024;
}

function run(command, args, { cwd, codes, env }, errors) {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", errors] };
    const child = spawn(command, args, options);
    let text = "";
    child.stderr?.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject).on("close", (code) => {
      if (codes.includes(code)) resolve(text);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}`));
    });
  });
}
