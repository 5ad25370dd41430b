/**
 * Requests that a server remembers. oslo.messaging's remembers 16, which a busy server has served before a connection
 * that was lost is back.
 */
const REMEMBERED = 1_024;

/**
 * The last requests of a server by their unique ids: a broker delivers a message again after a lost connection, and a
 * client sends one again. With an id something may be kept: what is to be done when it comes again.
 */
export class RecentIds<Kept = never> {
  readonly #ids = new Map<string, Kept | undefined>();

  /** Remembers an id, forgetting the oldest; false when it is known already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.set(id, undefined);
    if (this.#ids.size > REMEMBERED) {
      const oldest = this.#ids.keys().next();
      if (oldest.done !== true) this.#ids.delete(oldest.value);
    }
    return true;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Keeps something with an id that is still remembered. */
  keep(id: string, kept: Kept): void {
    if (this.#ids.has(id)) this.#ids.set(id, kept);
  }

  /** What was kept with the id. */
  kept(id: string): Kept | undefined {
    return this.#ids.get(id);
  }

  /** The id counts as new when it comes again. */
  forget(id: string): void {
    this.#ids.delete(id);
  }
}
