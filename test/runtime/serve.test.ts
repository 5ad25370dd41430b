import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../support/rabbitmq.js";

const program = fileURLToPath(new URL("./fixtures/serving.mjs", import.meta.url));

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
});

/** Starts the program; `line` resolves when it has said something, `ended` with its exit code, signal and all it said. */
function start(drainTimeout: number, mode: "idle" | "busy", url = "memory://serving") {
  const said: string[] = [];
  const waiting = new Map<string, () => void>();
  const started = spawn(process.execPath, [program, String(drainTimeout), mode, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  const lines = createInterface({ input: started.stdout });
  lines.on("line", (line) => {
    said.push(line);
    waiting.get(line)?.();
  });
  const closed = once(lines, "close");
  return {
    signal: (name: NodeJS.Signals) => started.kill(name),
    line: (text: string): Promise<void> =>
      said.includes(text) ? Promise.resolve() : new Promise((resolve) => waiting.set(text, resolve)),
    ended: once(started, "exit").then(async ([code, signal]) => {
      await closed;
      return { code, signal, said };
    }),
  };
}

describe("serve()", () => {
  test("drains at SIGTERM, lets the manager clean up, and resolves", async () => {
    const { line, signal, ended } = start(5_000, "idle");
    await line("listening");
    signal("SIGTERM");
    expect(await ended).toEqual({
      code: 0,
      signal: null,
      said: ["initHost host1", "listening", "cleanupHost", "served", "exit"],
    });
  });

  test("resets the manager at SIGHUP and goes on", async () => {
    const { line, signal, ended } = start(5_000, "idle");
    await line("listening");
    signal("SIGHUP");
    await line("reset");
    signal("SIGINT");
    expect((await ended).said).toEqual(["initHost host1", "listening", "reset", "cleanupHost", "served", "exit"]);
  });

  test("gives what runs the drain time, and no more", async () => {
    const { line, signal, ended } = start(300, "busy");
    await line("working");
    signal("SIGTERM");
    expect((await ended).said.slice(-3)).toEqual(["cleanupHost", "served", "exit"]);
  });

  test("resolves at a signal that comes before there is a broker", async () => {
    const { line, signal, ended } = start(5_000, "idle", `rabbit://127.0.0.1:${await freePort()}/`);
    await line("initHost host1");
    signal("SIGINT");
    expect(await ended).toEqual({
      code: 0,
      signal: null,
      said: ["initHost host1", "cleanupHost", "served", "exit"],
    });
  });

  test("ends at once at a second signal", async () => {
    const { line, signal, ended } = start(600_000, "busy");
    await line("working");
    signal("SIGTERM");
    // The first signal must have been handled before the second is sent; SIGHUP is answered after it.
    signal("SIGHUP");
    await line("reset");
    signal("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
