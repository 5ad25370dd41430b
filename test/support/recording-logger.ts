import type { LogFields, Logger } from "../../src/runtime/logger.js";

interface Entry {
  readonly level: keyof Logger;
  readonly fields: LogFields;
  readonly message: string;
}

/** Keeps what is logged, and lets a test wait for a message instead of for a time. */
export class RecordingLogger implements Logger {
  readonly entries: Entry[] = [];
  readonly #waiting = new Set<() => void>();

  debug = (fields: LogFields, message: string): void => this.#add({ level: "debug", fields, message });
  info = (fields: LogFields, message: string): void => this.#add({ level: "info", fields, message });
  warn = (fields: LogFields, message: string): void => this.#add({ level: "warn", fields, message });
  error = (fields: LogFields, message: string): void => this.#add({ level: "error", fields, message });

  /** Resolves when so many entries fit, counted from the beginning, or from an entry's index. */
  async seen(message: RegExp, { times = 1, from = 0, role = "" } = {}): Promise<void> {
    const fits = (entry: Entry): boolean =>
      message.test(entry.message) && (role === "" || entry.fields["role"] === role);
    while (this.entries.slice(from).filter(fits).length < times) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
