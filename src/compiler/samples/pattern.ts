/**
 * A short text that matches a regular expression, or undefined where this simple reader does not understand it: what is
 * in use for names and numbers (classes, groups, alternatives, repetitions), no look-around and no references.
 */
export function textFor(pattern: string): string | undefined {
  const reader = new Reader(pattern);
  try {
    const text = reader.alternatives();
    return reader.isAtEnd && new RegExp(pattern, "u").test(text) ? text : undefined;
  } catch {
    // It was understood wrongly, and a better text cannot be made.
    return undefined;
  }
}

class Reader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  /** The text of the first alternative; the others are read over. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#take("|")) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = "";
    while (!this.isAtEnd && !"|)".includes(this.#next)) {
      const part = this.#atom();
      text += part.repeat(this.#repetitions());
    }
    return text;
  }

  get #next(): string {
    return this.#pattern[this.#at] ?? "";
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #atom(): string {
    if (this.#take("^") || this.#take("$")) return "";
    if (this.#take("(?:") || this.#take("(")) {
      const text = this.alternatives();
      if (!this.#take(")")) throw new Error("a group without an end");
      return text;
    }
    if (this.#take("[")) return this.#class();
    if (this.#take(".")) return "a";
    if (this.#take("\\")) return this.#escape();
    return this.#character();
  }

  #character(): string {
    const character = this.#next;
    this.#at += 1;
    return character;
  }

  #escape(): string {
    const character = this.#character();
    const classes: Readonly<Record<string, string>> = { d: "1", w: "a", s: " ", D: "a", W: "-", S: "a", b: "" };
    return classes[character] ?? character;
  }

  /** One character of the class: its first. */
  #class(): string {
    if (this.#take("^")) throw new Error("a class of what is not in it");
    let first: string | undefined;
    while (!this.#take("]")) {
      if (this.isAtEnd) throw new Error("a class without an end");
      const one = this.#take("\\") ? this.#escape() : this.#character();
      first ??= one;
    }
    return first ?? "";
  }

  #repetitions(): number {
    if (this.#take("?") || this.#take("*")) return 0;
    if (this.#take("+")) return 1;
    const bounds = /^\{(\d+)(,\d*)?\}/.exec(this.#pattern.slice(this.#at));
    if (bounds === null) return 1;
    this.#at += bounds[0].length;
    return Number(bounds[1]);
  }
}
