import type { Io } from "./io.js";

/** Measures the stages of a run for `--timing`. */
export class Stopwatch {
  readonly #now: () => number;
  readonly #start: number;
  #last: number;
  readonly #laps: { readonly stage: string; readonly time: number }[] = [];

  constructor(io: Io) {
    this.#now = () => io.now();
    this.#start = this.#last = io.now();
  }

  /** Ends a stage; its time is what has passed since the one before. */
  lap(stage: string): void {
    const now = this.#now();
    this.#laps.push({ stage, time: now - this.#last });
    this.#last = now;
  }

  /** One line a stage, and the sum. Starting Node.js is not in it. */
  text(): string {
    const laps = [...this.#laps, { stage: "total", time: this.#last - this.#start }];
    return laps.map(({ stage, time }) => `timing: ${stage.padEnd(8)} ${time.toFixed(1).padStart(8)} ms\n`).join("");
  }
}
