import { createHash } from "node:crypto";

/** Characters of an id that is remembered as it is; oslo.messaging's have 32. */
const LONGEST_ID = 128;

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
    this.#ids.set(keyOf(id), undefined);
    if (this.#ids.size >= REMEMBERED) {
      this.#older = this.#ids;
      this.#ids = new Map();
    }
    return true;
  }

  /** Whether the id is remembered. */
  has(id: string): boolean {
    const key = keyOf(id);
    return this.#ids.has(key) || this.#older.has(key);
  }

  /** Keeps something with an id that is still remembered. */
  keep(id: string, kept: Kept): void {
    const key = keyOf(id);
    if (this.#ids.has(key)) this.#ids.set(key, kept);
    else if (this.#older.has(key)) this.#older.set(key, kept);
  }

  /** What was kept with the id. */
  kept(id: string): Kept | undefined {
    const key = keyOf(id);
    return this.#ids.get(key) ?? this.#older.get(key);
  }

  /** The id counts as new when it comes again. */
  forget(id: string): void {
    const key = keyOf(id);
    this.#ids.delete(key);
    this.#older.delete(key);
  }
}

/** A peer chooses its ids: hundreds that are as long as a message may be would be gigabytes. */
function keyOf(id: string): string {
  return id.length <= LONGEST_ID ? id : createHash("sha256").update(id).digest("base64");
}
