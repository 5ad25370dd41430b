import type { RequestContext } from "./context.js";
import type { PeriodicTask } from "./dispatcher.js";
import type { Logger } from "./logger.js";

/** The share of the spacing by which two runs may lie closer or further, so that a fleet does not run in step. */
const JITTER = 0.05;

/** Runs a service's periodic tasks, each by itself and never twice at the same time. Source: oslo_service.periodic_task. */
export class PeriodicRunner {
  readonly #tasks: readonly PeriodicTask[];
  readonly #context: () => RequestContext;
  readonly #logger: Logger;
  readonly #timers = new Map<PeriodicTask, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  constructor(tasks: readonly PeriodicTask[], context: () => RequestContext, logger: Logger) {
    this.#tasks = tasks;
    this.#context = context;
    this.#logger = logger;
  }

  /** Schedules the first run of each task: at once where it says so, otherwise at a random time within its spacing. */
  start(): void {
    for (const task of this.#tasks) {
      this.#schedule(task, task.runImmediately === true ? 0 : Math.random() * task.spacing);
    }
  }

  /** Begins no more runs; resolves when those that run have ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  #schedule(task: PeriodicTask, delay: number): void {
    if (this.#isStopped) return;
    const timer = setTimeout(() => {
      const run = this.#run(task).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }, delay);
    this.#timers.set(task, timer);
  }

  /** Never rejects. The spacing counts from start to start; a run that took longer is followed at once by the next. */
  async #run(task: PeriodicTask): Promise<void> {
    const start = Date.now();
    try {
      await task.run(this.#context());
    } catch (error) {
      this.#logger.error({ error, task: task.name }, "a periodic task failed; it runs again at its time");
    }
    const spacing = task.spacing * (1 + JITTER * (2 * Math.random() - 1));
    this.#schedule(task, Math.max(0, spacing - (Date.now() - start)));
  }
}
