/** A list that a test can wait on: each entry wakes those who wait for more. */
export class Events<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (event: T): void => {
    this.all.push(event);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  };

  /** Resolves with the entries when there are at least so many, or a condition on them holds. */
  async until(condition: number | ((all: readonly T[]) => boolean)): Promise<readonly T[]> {
    const holds = typeof condition === "number" ? (all: readonly T[]) => all.length >= condition : condition;
    while (!holds(this.all)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.all;
  }
}
