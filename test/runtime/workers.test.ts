import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createTransport, RPCClient, RPCTimeoutError, Service, serve, workerNumber } from "@rpcgen/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { restartWait } from "../../src/runtime/workers.js";
import { brokerURL, describePrivately, privateBrokerURL, uniqueName } from "../support/broker.js";
import { type Said, WorkerProgram, type WorkerProgramOptions } from "../support/worker-program.js";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** With a broker in each process: enough for what does not need messages. */
function start(options: Partial<WorkerProgramOptions> = {}): WorkerProgram {
  const program = new WorkerProgram({ transport: "memory://mill", topic: "mill", serve: { workers: 2 }, ...options });
  endings.push(() => program.kill());
  return program;
}

/** The workers that have said something; 0 is the parent. */
function numbersOf(said: readonly Said[]): readonly number[] {
  return said.map(({ worker }) => worker).sort();
}

async function ask(port: unknown, path: string): Promise<{ status: number | undefined; body: string }> {
  const outgoing = request({ host: "127.0.0.1", port: Number(port), path, agent: false });
  outgoing.end();
  const [response] = await once(outgoing, "response");
  return { status: response.statusCode, body: await text(response) };
}

describe("serve() with workers", () => {
  test("runs the service in each worker and not in the parent, and drains all at SIGTERM", async () => {
    const program = start();
    await program.logged(/^service started$/);
    expect(numbersOf(program.of("initHost"))).toEqual([1, 2]);
    expect(program.of("initHost").map(({ pid }) => pid)).not.toContain(program.child.pid);
    program.signal("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: "" });
    for (const what of ["initHost", "listening", "cleanupHost"]) expect(program.of(what)).toHaveLength(2);
    // What comes after serve() runs in each process.
    expect(numbersOf(program.of("served"))).toEqual([0, 1, 2]);
    expect(program.of("exit").map(({ code }) => code)).toEqual([0, 0, 0]);
    await program.logged(/^got SIGTERM: stopping 2 workers$/);
    expect(await program.logged(/^worker 1 ended with exit code 0$/)).toMatchObject({
      binary: "grain-mill",
      worker: 1,
    });
  });

  test("resets each worker at SIGHUP, and all go on", async () => {
    const program = start();
    await program.logged(/^service started$/);
    program.signal("SIGHUP");
    const reset = await program.until("reset", 2);
    expect(numbersOf(reset)).toEqual([1, 2]);
    program.signal("SIGINT");
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.of("listening")).toHaveLength(2);
  });

  test("drains once where the signal reaches parent and workers alike, as from a terminal or a service manager", async () => {
    const program = start();
    await program.logged(/^service started$/);
    for (const pid of [program.child.pid ?? 0, program.pidOf(1), program.pidOf(2)]) process.kill(pid, "SIGINT");
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: "" });
    expect(numbersOf(program.of("cleanupHost"))).toEqual([1, 2]);
    expect(program.of("exit").map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  test("a signal that reaches a worker late does not end the program that cleans up after the parent's order", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-workers-"));
    endings.push(() => rmSync(folder, { recursive: true }));
    const release = join(folder, "release");
    const program = start({ mode: "lingering", release });
    await program.logged(/^service started$/);
    program.signal("SIGINT");
    await program.until("served", 2);
    for (const number of [1, 2]) process.kill(program.pidOf(number), "SIGINT");
    writeFileSync(release, "");
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: "" });
    expect(program.of("exit").map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  test("starts a worker again that was killed, and leaves the others alone", async () => {
    const program = start();
    await program.logged(/^service started$/);
    const pids = [program.pidOf(1), program.pidOf(2)];
    process.kill(program.pidOf(2), "SIGKILL");
    const fields = await program.logged(/^worker 2 was ended by SIGKILL; it is started again at once$/);
    expect(fields).toMatchObject({ worker: 2, pid: pids[1], exitCode: null, signal: "SIGKILL", wait: 0 });
    await program.logged(/^worker 2 is ready$/, 2);
    expect(program.pidOf(1)).toBe(pids[0]);
    expect(program.pidOf(2)).not.toBe(pids[1]);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  test("survives an uncaught exception of a worker, which ends that worker alone", async () => {
    const program = start();
    await program.logged(/^service started$/);
    process.kill(program.pidOf(1), "SIGUSR2");
    await program.logged(/^worker 1 ended with exit code 1; it is started again at once$/);
    await program.logged(/^worker 1 is ready$/, 2);
    expect(program.of("listening").filter(({ worker }) => worker === 2)).toHaveLength(1);
    program.signal("SIGTERM");
    const { code, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stderr.match(/^Error: the mill stone broke$/gm)).toHaveLength(1);
  });

  test("replaces a worker that is told to stop, when it has drained", async () => {
    const program = start();
    await program.logged(/^service started$/);
    process.kill(program.pidOf(1), "SIGTERM");
    await program.logged(/^worker 1 is ready$/, 2);
    expect(program.of("cleanupHost").map(({ worker }) => worker)).toEqual([1]);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  test("waits longer and longer before a worker that ends again and again, and a stop does not wait for that", async () => {
    const program = start({ mode: "crashing", serve: { workers: 2, restart: { initial: 2, max: 600_000 } } });
    const waits: unknown[] = [];
    for (let times = 1; times <= 4; times += 1) {
      waits.push((await program.logged(/^worker 2 ended with exit code 7; it is started again /, times))["wait"]);
    }
    expect(waits).toEqual([0, 2, 4, 8]);
    await program.logged(/; it is started again in 0\.008 s$/);
    expect(program.of("initHost").filter(({ worker }) => worker === 1)).toHaveLength(1);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  test("waits half a minute at most", () => {
    const waits = Array.from({ length: 9 }, (_, index) => restartWait(index + 1, 1_000, 30_000));
    expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("gives up when a worker cannot start for the first time, with its error, said once, and exit code 1", async () => {
    const program = start({ mode: "failing", serve: { workers: 3 } });
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^TypeError: no grain\n {4}at .*initHost/m);
    expect(stderr).toContain("code: 'ERR_GRAIN'");
    expect(stderr.match(/no grain/g)).toHaveLength(1);
    expect(numbersOf(program.of("served"))).not.toContain(0);
  });

  test("lets the workers drain and end when the parent is killed", async () => {
    const program = start();
    await program.logged(/^service started$/);
    program.signal("SIGKILL");
    expect(await program.ended).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(
      program
        .of("exit")
        .map(({ worker, code }) => [worker, code])
        .sort(),
    ).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(program.of("cleanupHost")).toHaveLength(2);
  });

  test("kills a worker that does not end in time, and says so with an error", async () => {
    const program = start({ mode: "stuck", serve: { workers: 2, killTimeout: 300 } });
    await program.logged(/^service started$/);
    program.signal("SIGTERM");
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("Error: 1 of 2 workers had to be killed");
    await program.logged(/^worker 1 has not ended 0\.3 s after it was told to stop; killing it$/);
  });

  test("ends them all at once at a second signal", async () => {
    const program = start({ mode: "stuck", serve: { workers: 2, killTimeout: 600_000 } });
    await program.logged(/^service started$/);
    program.signal("SIGTERM");
    await program.until("cleanupHost", 2);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("can be stopped while the workers still load", async () => {
    const program = start({ mode: "slow" });
    await program.until("loading", 2);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
    expect(program.of("initHost")).toEqual([]);
  });

  test("lets the parent's service speak for the workers: stop(), wait() and its state", async () => {
    const program = start({ mode: "stopping" });
    await program.logged(/^service started$/);
    program.signal("SIGUSR2");
    expect(await program.ended).toMatchObject({ code: 0, stderr: "" });
    expect(program.of("state")).toMatchObject([{ worker: 0, state: "stopped" }]);
    expect(numbersOf(program.of("waited"))).toEqual([0, 1, 2]);
    // The parent's own manager has not begun anything, and has nothing to clean up.
    expect(numbersOf(program.of("cleanupHost"))).toEqual([1, 2]);
  });

  test("takes a program that a worker starts for no worker", async () => {
    const program = start({ mode: "nested" });
    const nested = await program.until("nested", 2);
    expect(nested.map(({ number }) => number)).toEqual(["undefined", "undefined"]);
    program.signal("SIGTERM");
    await program.ended;
  });

  test("tells the health of all workers in the parent, and their metrics by worker", async () => {
    const program = start({ health: 0 });
    // The port is free for any; workers do not listen at all.
    const port = (await program.until("health")).find(({ worker }) => worker === 0)?.["port"];
    await program.logged(/^service started$/);
    const ready = await ask(port, "/ready");
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      200,
      {
        ready: true,
        state: "running",
        workers: [1, 2].map((worker) => ({ worker, pid: program.pidOf(worker), ready: true, restarts: 0 })),
      },
    ]);
    // A stopped process neither ends nor answers.
    process.kill(program.pidOf(2), "SIGSTOP");
    const hanging = await ask(port, "/ready");
    expect(hanging.status).toBe(503);
    expect(JSON.parse(hanging.body)).toMatchObject({ ready: false, reason: "worker 2 does not answer" });
    expect((await ask(port, "/live")).status).toBe(200);
    process.kill(program.pidOf(2), "SIGKILL");
    await program.logged(/^worker 2 is ready$/, 2);

    const { body } = await ask(port, "/metrics");
    const lines = body.split("\n");
    expect(lines).toContain("rpcgen_workers 2");
    expect(lines).toContain("rpcgen_workers_ready 2");
    expect(lines).toContain('rpcgen_worker_restarts_total{worker="1"} 0');
    expect(lines).toContain('rpcgen_worker_restarts_total{worker="2"} 1');
    for (const worker of [1, 2]) {
      expect(lines).toContain(`rpcgen_service_ready{worker="${worker}"} 1`);
      expect(lines).toContain(`rpcgen_transport_up{worker="${worker}",role="consume"} 1`);
    }
    const helps = lines.filter((line) => line.startsWith("# HELP ")).map((line) => line.split(" ")[2]);
    expect(new Set(helps).size).toBe(helps.length);
    expect(lines.filter((line) => line.startsWith("# TYPE "))).toHaveLength(helps.length);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
  });
});

describe("serve() in a program that cannot have workers", () => {
  const create = () => Service.create({ binary: "lab", host: "host1", transport: "memory://alone", endpoints: [] });

  test.each([0, -1, 1.5, Number.NaN])("refuses %s workers", async (workers) => {
    await expect(serve(await create(), { workers })).rejects.toThrow(
      `workers is ${workers}; it must be a whole number from 1, or "auto"`,
    );
  });

  test("refuses workers beside another service, which each worker would serve too", async () => {
    const first = await create();
    const serving = serve(first);
    await expect(serve(await create(), { workers: 2 })).rejects.toThrow("serves one service");
    await first.stop();
    await serving;
    expect(workerNumber()).toBeUndefined();
  });
});

describe("workers on RabbitMQ", () => {
  /** Calls without end until told to stop; a call that gets no answer in time is made again, as a caller of an idempotent method may. */
  async function load(url: string, topic: string, timeout: number) {
    const transport = createTransport(url);
    endings.push(() => transport.close());
    const grind = { member: "grind", kind: "call", idempotent: true, params: { grain: {} } } as const;
    const client = new RPCClient(
      transport,
      { name: "mill", topic, versions: ["1.0"], methods: { grind } },
      { timeout },
    );
    const state = { calls: 0, repeats: 0, wrong: [] as unknown[], isOver: false };
    const one = async (grain: number): Promise<unknown> => {
      for (;;) {
        try {
          return await client.call("grind", {}, { grain });
        } catch (error) {
          if (!(error instanceof RPCTimeoutError)) throw error;
          state.repeats += 1;
        }
      }
    };
    const caller = async (): Promise<void> => {
      while (!state.isOver) {
        const grain = state.calls++;
        const answer = await one(grain).catch((error: unknown) => error);
        if (answer !== grain) state.wrong.push(answer);
      }
    };
    const callers = Array.from({ length: 100 }, caller);
    return { state, stop: () => Promise.all(callers), end: () => (state.isOver = true) };
  }

  /** Resolves when each of two workers has run so many requests more, as both do while one queue feeds them. */
  const both = async (program: WorkerProgram, more: number): Promise<void> => {
    const pids = [program.pidOf(1), program.pidOf(2)];
    const count = (pid: number | undefined) => program.of("grind").filter((said) => said.pid === pid).length;
    const goals = pids.map((pid) => count(pid) + more);
    await program.said.until(() => pids.every((pid, index) => count(pid) >= (goals[index] ?? 0)));
  };

  test("compete for the calls, each hears a fanout, and one that is killed loses what it ran and nothing else", async () => {
    const [url, topic] = [await brokerURL(), uniqueName("mill")];
    const concurrency = 10;
    const program = start({ transport: url, topic, concurrency });
    await program.logged(/^service started$/);
    const { state, stop, end } = await load(url, topic, 1_000);
    await both(program, 40);
    process.kill(program.pidOf(2), "SIGKILL");
    await program.logged(/^worker 2 is ready$/, 2);
    await both(program, 40);
    end();
    await stop();
    expect(state.wrong).toEqual([]);
    expect(state.repeats).toBeLessThanOrEqual(concurrency);

    const transport = createTransport(url);
    endings.push(() => transport.close());
    const sync = { member: "sync", kind: "fanout", params: { token: {} }, returnsNothing: true } as const;
    const client = new RPCClient(transport, { name: "mill", topic, versions: ["1.0"], methods: { sync } });
    await client.fanout("sync", {}, { token: "all" });
    const synced = await program.until("sync", 2);
    expect(numbersOf(synced)).toEqual([1, 2]);
    program.signal("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
  }, 30_000);

  test("lose no call when they are stopped under load, and run each once", async () => {
    const [url, topic] = [await brokerURL(), uniqueName("mill")];
    const first = start({ transport: url, topic, concurrency: 10 });
    await first.logged(/^service started$/);
    const { state, stop, end } = await load(url, topic, 15_000);
    await both(first, 30);
    const second = start({ transport: url, topic, concurrency: 10 });
    await second.logged(/^service started$/);
    await both(first, 30);
    first.signal("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0 });
    await both(second, 40);
    end();
    await stop();
    expect(state).toMatchObject({ wrong: [], repeats: 0 });
    const grains = [first, second].flatMap((program) => program.of("grind")).map(({ grain }) => Number(grain));
    expect(grains.sort((a, b) => a - b)).toEqual(Array.from({ length: state.calls }, (_, index) => index));
    second.signal("SIGTERM");
    expect(await second.ended).toMatchObject({ code: 0 });
  }, 30_000);
});

describePrivately("workers that the broker refuses", () => {
  test("fail as one process does: the same words, once, and the same exit code", async () => {
    const url = (await privateBrokerURL()).replace("guest:guest@", "guest:wrong@");
    const results = [1, 2].map((workers) => start({ transport: url, topic: uniqueName("mill"), serve: { workers } }));
    const [alone, withWorkers] = await Promise.all(results.map(({ ended }) => ended));
    const errors = (stderr = "") => stderr.split("\n").filter((line) => line.startsWith("TransportError: "));
    expect(errors(alone?.stderr)).toHaveLength(1);
    expect(errors(withWorkers?.stderr)).toEqual(errors(alone?.stderr));
    expect([alone?.code, withWorkers?.code]).toEqual([1, 1]);
    expect(withWorkers?.stderr).not.toContain("wrong");
  });
});
