import { type ChildProcess, fork } from "node:child_process";
import { LONGEST_TIMER } from "./deadline.js";
import { TransportError } from "./errors.js";
import type { ServeOptions } from "./serve.js";
import type { Fleet, FleetMember, Service, ServiceHealth, ServiceState } from "./service.js";
import {
  isOurs,
  type Order,
  type StartFailure,
  type Word,
  type WorkerReport,
  workerVariable,
} from "./worker-messages.js";

/**
 * Starts the program anew for each worker, starts those again that end, and resolves when all have stopped.
 *
 * They are plain child processes and not those of node:cluster: what workers share here is a queue at the broker. Cluster
 * shares listening sockets, and would do so with every server of the program that has nothing to do with the workers.
 *
 * @throws the error of a worker that cannot start for the first time; when workers had to be killed at the stop
 */
export async function serveWithWorkers(service: Service, count: number, options: ServeOptions): Promise<void> {
  const program = process.argv[1];
  if (program === undefined) {
    throw new Error("serve() with workers starts the program anew, so it must be a file that Node.js was started with");
  }
  const workers = new Workers(service, program, count, options);
  const onReset = (signal: NodeJS.Signals): void => workers.onSignal(signal, () => void workers.reset());
  const onStop = (signal: NodeJS.Signals): void => {
    if (workers.state === "stopping") {
      workers.onSignal(signal, () => workers.kill());
      removeListeners();
      process.kill(process.pid, signal);
      return;
    }
    workers.onSignal(signal, () => void workers.stop());
  };
  const removeListeners = (): void => {
    process.off("SIGTERM", onStop).off("SIGINT", onStop).off("SIGHUP", onReset);
  };
  process.on("SIGTERM", onStop).on("SIGINT", onStop).on("SIGHUP", onReset);
  try {
    service.delegate(workers);
    workers.start();
    await workers.ended;
  } finally {
    removeListeners();
  }
}

/**
 * Milliseconds until a worker is started again: none for the first that ended soon, then more and more, since a program that
 * ends again and again must not keep the machine busy with that.
 *
 * @param crashes how many in a row ended soon
 */
export function restartWait(crashes: number, initial: number, max: number): number {
  return crashes <= 1 ? 0 : Math.min(max, initial * 2 ** (crashes - 2));
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** What a worker gets to clean up after its drain before it is killed. */
const CLEANUP_TIME = 10_000;
/** Within this time a worker must answer a question, in milliseconds. */
const ANSWER_TIME = 1_000;

/** starting -> ready -> (stopping) -> away -> starting ...; away for good when the workers stop. */
type WorkerState = "starting" | "ready" | "stopping" | "away";

/** One of the processes; a new one takes the place of one that has ended. */
interface Worker {
  readonly number: number;
  state: WorkerState;
  child: ChildProcess | undefined;
  /** Listens to orders. */
  saidHello: boolean;
  /** Has been ready in this or an earlier process. */
  wasReady: boolean;
  failure: StartFailure | undefined;
  startedAt: number;
  /** Processes in a row that ended soon. */
  crashes: number;
  restarts: number;
  /** Starts it again, or kills it. */
  timer: NodeJS.Timeout | undefined;
}

class Workers implements Fleet {
  readonly ended: Promise<void>;
  readonly #service: Service;
  readonly #program: string;
  readonly #workers: readonly Worker[];
  readonly #firstWait: number;
  readonly #longestWait: number;
  readonly #killTimeout: number | undefined;
  readonly #questions = new Map<number, (report: WorkerReport) => void>();
  #nextQuestion = 1;
  #killed = 0;
  #failure: Error | undefined;
  #state: ServiceState = "created";
  #end: (error?: Error) => void = () => {};

  constructor(service: Service, program: string, count: number, { restart, killTimeout }: ServeOptions) {
    this.#service = service;
    this.#program = program;
    this.#firstWait = restart?.initial ?? FIRST_WAIT;
    this.#longestWait = restart?.max ?? LONGEST_WAIT;
    this.#killTimeout = killTimeout;
    this.#workers = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      state: "away",
      child: undefined,
      saidHello: false,
      wasReady: false,
      failure: undefined,
      startedAt: 0,
      crashes: 0,
      restarts: 0,
      timer: undefined,
    }));
    this.ended = new Promise((resolve, reject) => {
      this.#end = (error) => (error === undefined ? resolve() : reject(error));
    });
  }

  get state(): ServiceState {
    return this.#state;
  }

  start(): void {
    this.#state = "starting";
    this.#log("info", {}, `starting ${this.#workers.length} workers`);
    for (const worker of this.#workers) this.#start(worker);
  }

  async stop(options: { readonly timeout?: number } = {}): Promise<void> {
    if (this.#state !== "stopped") this.#stop(options.timeout);
    // Whoever waits for the end of serve() hears of its error.
    await this.ended.catch(() => {});
  }

  async reset(): Promise<void> {
    for (const worker of this.#workers) this.#send(worker, { rpcgen: "reset" });
  }

  /** Ends all at once. */
  kill(): void {
    for (const { child } of this.#workers) child?.kill("SIGKILL");
  }

  onSignal(signal: NodeJS.Signals, act: () => void): void {
    const what = signal === "SIGHUP" ? "resetting" : this.#state === "stopping" ? "killing" : "stopping";
    this.#log("info", { signal }, `got ${signal}: ${what} ${this.#workers.length} workers`);
    act();
  }

  health(): ServiceHealth {
    const away = this.#workers.filter(({ state }) => state !== "ready");
    const reason =
      this.#state === "running" || this.#state === "starting"
        ? away.map(({ number, state }) => `worker ${number} is ${state}`).join("; ")
        : `the service is ${this.#state}`;
    return {
      state: this.#state,
      live: this.#state !== "stopped",
      ready: reason === "",
      reason: reason === "" ? undefined : reason,
      running: 0,
      waiting: 0,
      transport: undefined,
    };
  }

  members(): Promise<readonly FleetMember[]> {
    return Promise.all(
      this.#workers.map(async (worker) => {
        const { number, restarts, child, state } = worker;
        const pid = child?.pid;
        const member = { worker: number, restarts, ...(pid === undefined ? {} : { pid }) };
        if (state !== "ready") return { ...member, ready: false, reason: `worker ${number} is ${state}`, metrics: "" };
        const report = await this.#ask(worker);
        if (report === undefined) {
          return { ...member, ready: false, reason: `worker ${number} does not answer`, metrics: "" };
        }
        const { ready, reason } = report.health;
        const why = reason === undefined ? undefined : `worker ${number}: ${reason}`;
        return { ...member, ready, reason: why, metrics: report.metrics };
      }),
    );
  }

  #start(worker: Worker): void {
    const { number } = worker;
    const env = { ...process.env };
    env[workerVariable] = `${number} ${process.pid}${worker.wasReady ? "" : " first"}`;
    const child = fork(this.#program, process.argv.slice(2), {
      env,
      execArgv: process.execArgv.filter(isForWorkers),
      // One standard input cannot be read by several.
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    Object.assign(worker, { child, state: "starting", saidHello: false, failure: undefined, startedAt: Date.now() });
    child.on("message", (message: unknown) => {
      // The worker runs the same program: what has our mark is a word of it.
      if (isOurs(message)) this.#hear(worker, message as Word);
    });
    child.once("exit", (code, signal) => this.#hasEnded(worker, child, endOf(code, signal)));
    child.on("error", (error) => {
      // A process that never was has no exit. Otherwise an order came too late, and the exit is told as well.
      if (child.pid === undefined) this.#hasEnded(worker, child, `could not be started: ${error.message}`);
    });
    if (child.pid !== undefined) this.#log("info", { worker: number, pid: child.pid }, `worker ${number} starts`);
  }

  #hear(worker: Worker, word: Word): void {
    switch (word.rpcgen) {
      case "hello":
        worker.saidHello = true;
        break;
      case "ready":
        this.#isReady(worker);
        break;
      case "stopping":
        this.#isStopping(worker);
        break;
      case "failed":
        worker.failure = word.error;
        break;
      case "report":
        this.#questions.get(word.id)?.(word.report);
        break;
    }
  }

  #isReady(worker: Worker): void {
    if (worker.state !== "starting") return;
    worker.state = "ready";
    worker.wasReady = true;
    this.#log("info", { worker: worker.number, pid: worker.child?.pid }, `worker ${worker.number} is ready`);
    if (this.#state !== "starting" || this.#workers.some(({ wasReady }) => !wasReady)) return;
    this.#state = "running";
    this.#log("info", {}, "service started");
  }

  /** It must end in time, whoever told it to stop. */
  #isStopping(worker: Worker, drainTimeout = this.#service.drainTimeout): void {
    if (worker.child === undefined || worker.state === "stopping") return;
    worker.state = "stopping";
    const time = Math.min(this.#killTimeout ?? drainTimeout + CLEANUP_TIME, LONGEST_TIMER);
    worker.timer = setTimeout(() => this.#kill(worker, time), time);
  }

  #kill(worker: Worker, time: number): void {
    if (this.#state === "stopping") this.#killed += 1;
    const { number, child } = worker;
    const text = `worker ${number} has not ended ${seconds(time)} after it was told to stop; killing it`;
    this.#log("error", { worker: number, pid: child?.pid }, text);
    child?.kill("SIGKILL");
  }

  #hasEnded(worker: Worker, child: ChildProcess, how: string): void {
    if (worker.child !== child) return;
    clearTimeout(worker.timer);
    Object.assign(worker, { child: undefined, state: "away" });
    const { number, failure } = worker;
    const fields = { worker: number, pid: child.pid, exitCode: child.exitCode, signal: child.signalCode };
    if (this.#state === "stopping") {
      this.#log("info", fields, `worker ${number} ${how}`);
      this.#endIfAllAway();
    } else if (!worker.wasReady) {
      this.#failure =
        errorOf(failure) ?? new Error(`worker ${number} of ${this.#service.binary} ${how} before it served`);
      this.#log("error", fields, `worker ${number} ${how} at its start; stopping`);
      this.#stop();
    } else {
      const wait = this.#nextWait(worker);
      const level = child.exitCode === 0 ? "info" : "error";
      const reason = failure === undefined ? "" : ` (${failure.message})`;
      const next = wait === 0 ? "at once" : `in ${seconds(wait)}`;
      this.#log(level, { ...fields, wait }, `worker ${number} ${how}${reason}; it is started again ${next}`);
      worker.timer = setTimeout(() => {
        worker.restarts += 1;
        this.#start(worker);
      }, wait);
    }
  }

  #nextWait(worker: Worker): number {
    const lived = Date.now() - worker.startedAt;
    worker.crashes = lived >= this.#longestWait ? 1 : worker.crashes + 1;
    return restartWait(worker.crashes, this.#firstWait, this.#longestWait);
  }

  #stop(timeout?: number): void {
    this.#state = "stopping";
    for (const worker of this.#workers) {
      if (worker.child === undefined) {
        clearTimeout(worker.timer);
      } else if (worker.saidHello) {
        // By message, since the signal that stops us may have reached the workers, too, and a second one ends them.
        this.#send(worker, { rpcgen: "stop", ...(timeout === undefined ? {} : { timeout }) });
      } else {
        worker.child.kill("SIGTERM");
      }
      this.#isStopping(worker, timeout);
    }
    this.#endIfAllAway();
  }

  #endIfAllAway(): void {
    if (this.#state !== "stopping" || this.#workers.some(({ child }) => child !== undefined)) return;
    this.#state = "stopped";
    this.#log("info", {}, "service stopped");
    const killed = `${this.#killed} of ${this.#workers.length} workers had to be killed`;
    this.#end(this.#failure ?? (this.#killed === 0 ? undefined : new Error(killed)));
  }

  #send({ child, saidHello }: Worker, order: Order): void {
    // A worker that dies at this moment is told by its exit.
    if (saidHello && child?.connected === true) child.send(order, () => {});
  }

  #ask(worker: Worker): Promise<WorkerReport | undefined> {
    const id = this.#nextQuestion++;
    return new Promise<WorkerReport | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ANSWER_TIME);
      this.#questions.set(id, (report) => {
        clearTimeout(timer);
        resolve(report);
      });
      this.#send(worker, { rpcgen: "report", id });
    }).finally(() => this.#questions.delete(id));
  }

  #log(level: "info" | "error", fields: object, message: string): void {
    const { logger, binary, host } = this.#service;
    logger[level]({ binary, host, ...fields }, message);
  }
}

/** All would take the debugger's one port. */
function isForWorkers(argument: string): boolean {
  return !argument.startsWith("--inspect");
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}

/** The error as it would have been in this process, as far as it can be told. */
function errorOf(failure: StartFailure | undefined): Error | undefined {
  if (failure === undefined) return undefined;
  const { name, message, code, stack } = failure;
  if (code === "transport") return Object.assign(new TransportError(message), { stack });
  // Node.js prints the class beside the name where the two differ.
  const named = { [name]: class extends Error {} }[name] ?? Error;
  return Object.assign(new named(message), { name, stack, ...(code === undefined ? {} : { code }) });
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
