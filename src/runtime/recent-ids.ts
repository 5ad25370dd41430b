/** As many ids as an oslo.messaging server remembers. Source: oslo_messaging._drivers.amqp, `_MsgIdCache`. */
const REMEMBERED = 16;

/** The last unique ids of a server: a broker may deliver a message twice after a lost connection. */
export class RecentIds {
  readonly #ids = new Set<string>();

  /** Remembers an id, forgetting the oldest; false when it is known already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > REMEMBERED) {
      const oldest = this.#ids.values().next();
      if (oldest.done !== true) this.#ids.delete(oldest.value);
    }
    return true;
  }
}
