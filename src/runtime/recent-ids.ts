/**
 * Requests that a server remembers, at least; at most twice as many. oslo.messaging's remembers 16, and a busy server has
 * served more than that before a connection that was lost is back.
 */
const REMEMBERED = 256;

/**
 * The last requests of a server by their unique ids: a broker delivers a message again after a lost connection, and a
 * client sends one again. With an id something may be kept: what is to be done when it comes again.
 *
 * Two generations, of which the older is dropped as a whole: taking the oldest out of a map costs a walk over those that
 * were taken out before.
 */
export class RecentIds<Kept = never> {
  #ids = new Map<string, Kept | undefined>();
  #older = new Map<string, Kept | undefined>();

  /** Remembers an id, forgetting the oldest; false when it is known already. */
  add(id: string): boolean {
    if (this.has(id)) return false;
    this.#ids.set(id, undefined);
    if (this.#ids.size >= REMEMBERED) {
      this.#older = this.#ids;
      this.#ids = new Map();
    }
    return true;
  }

  /** Whether the id is remembered. */
  has(id: string): boolean {
    return this.#ids.has(id) || this.#older.has(id);
  }

  /** Keeps something with an id that is still remembered. */
  keep(id: string, kept: Kept): void {
    if (this.#ids.has(id)) this.#ids.set(id, kept);
    else if (this.#older.has(id)) this.#older.set(id, kept);
  }

  /** What was kept with the id. */
  kept(id: string): Kept | undefined {
    return this.#ids.get(id) ?? this.#older.get(id);
  }

  /** The id counts as new when it comes again. */
  forget(id: string): void {
    this.#ids.delete(id);
    this.#older.delete(id);
  }
}
