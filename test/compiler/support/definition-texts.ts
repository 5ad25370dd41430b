import fc from "fast-check";

/** A definition as people might write it, and the comments that are in it. */
export interface DefinitionText {
  readonly text: string;
  readonly comments: readonly string[];
}

/** Values of keys: what is a scalar here may be written in several ways. */
type Value = string | readonly Value[] | { readonly map: readonly (readonly [string, Value])[] };

/**
 * Legal definitions in every layout that YAML allows: keys in any order, maps and lists in lines or in braces, any
 * indentation, comments and empty lines anywhere, texts plain, quoted, folded and literal.
 */
export const definitionText: fc.Arbitrary<DefinitionText> = fc
  .tuple(fc.infiniteStream(fc.nat({ max: 999 })), fc.nat({ max: 4 }))
  .map(([stream, methods]) => {
    const random = (limit: number): number => (stream.next().value ?? 0) % limit;
    const comments: string[] = [];
    const comment = (): string => {
      comments.push(`# c${comments.length}`);
      return comments.at(-1) ?? "";
    };
    const writer = new Writer(random, comment);
    return { text: writer.document(definitionOf(random, methods)), comments };
  });

function definitionOf(random: (limit: number) => number, methods: number): Value {
  const field = (): Value =>
    pick(random, [
      "string",
      map(["type", "integer"], ["minimum", "1"], ["maximum", "9"], ["default", "3"]),
      map(["type", "list<string>"], ["description", prose(random)], ["minItems", "1"], ["optional", "true"]),
      map(["type", "map<integer>"], ["default", map(["b", "1"], ["a", "2"])], ["x-b", ["1", map(["c", "2"])]]),
    ]);
  const versioned = (): Value =>
    pick(random, [
      map(["type", "boolean"], ["since", '"1.10"'], ["default", "false"], ["when_older", "drop"]),
      map(["type", "string?"], ["was", [map(["before", '"1.10"'], ["name", "old"])]], ["description", prose(random)]),
      field(),
    ]);
  const names = ["start", "stop", "pause", "resume", "shelve"].slice(0, methods + 1);
  const method = (): Value =>
    map(
      ["kind", pick(random, ["call", "call", [map(["since", '"1.10"'], ["kind", "call"]), map(["kind", "call"])]])],
      ["description", prose(random)],
      ["server", pick<Value>(random, ["host", ["host"], "$server"])],
      [
        "params",
        map(["host", "string"], ["other", versioned()], ...(random(2) === 0 ? [["more", field()] as const] : [])),
      ],
      ["returns", pick<Value>(random, ["string", map(["type", "Disk?"], ["description", prose(random)])])],
      ...(random(2) === 0 ? [["errors", ["NotFound"]] as const] : []),
      ...(random(2) === 0 ? [["x-team", pick<Value>(random, ["compute", [], map(), ["a", ["b"]]])] as const] : []),
    );
  return map(
    ["rpcapi", "1"],
    ["service", "demo"],
    ["description", prose(random)],
    ["versions", map(['"1.0"', prose(random)], ['"1.9"', "Ninth."], ['"1.10"', prose(random)])],
    ["errors", map(["NotFound", map(["message", "Nothing."], ["fields", map(["id", field()])])])],
    [
      "types",
      map(["Disk", map(["fields", map(["size", field()], ["name", field()])], ["description", prose(random)])]),
    ],
    ["methods", map(...names.map((name) => [name, method()] as const))],
    ["x-free", pick<Value>(random, ["1", map(["z", "1"], ["a", ["1", "2"]]), [map(["z", "1"], ["a", "2"]), "text"]])],
  );
}

const texts = [
  "Short.",
  "It does this; it does that.",
  'He said "no".',
  "With a colon: and a # that is none.",
  "A text that is long enough to need more than one line of a hundred and twenty columns, if it is behind a key that is far in.",
  "Two  spaces.",
  "First line.\nSecond line.",
  "A paragraph.\n\nAnother one.",
];

/** A text that the writer may write in any way; marked, since a type must not become a block. */
function prose(random: (limit: number) => number): Value {
  return `text:${pick(random, texts)}`;
}

function map(...entries: (readonly [string, Value])[]): Value {
  return { map: entries };
}

function pick<T>(random: (limit: number) => number, all: readonly T[]): T {
  const chosen = all[random(all.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

/** Writes values as YAML, with a layout by chance. */
class Writer {
  readonly #random: (limit: number) => number;
  readonly #comment: () => string;

  constructor(random: (limit: number) => number, comment: () => string) {
    this.#random = random;
    this.#comment = comment;
  }

  document(value: Value): string {
    const start = this.#chance(4) ? "---\n" : "";
    return `${start}${this.#above(0)}${this.#block(value, 0)}${this.#above(0)}`;
  }

  #chance(of: number): boolean {
    return this.#random(of) === 0;
  }

  /** Comments and empty lines between two lines. */
  #above(indent: number): string {
    let text = "";
    while (this.#chance(4)) text += this.#chance(2) ? "\n" : `${" ".repeat(indent)}${this.#comment()}\n`;
    return text;
  }

  #behind(): string {
    return this.#chance(6) ? ` ${this.#comment()}` : "";
  }

  #shuffled<T>(all: readonly T[]): T[] {
    const left = [...all];
    const shuffled: T[] = [];
    while (left.length > 0) shuffled.push(...left.splice(this.#random(left.length), 1));
    return shuffled;
  }

  /** Lines from the present column on; the first begins at it. */
  #block(value: Value, indent: number): string {
    const pad = " ".repeat(indent);
    if (typeof value === "string") throw new Error("a scalar is no block");
    const isList = Array.isArray(value);
    const entries = isList
      ? value.map((item: Value) => ["", item] as const)
      : this.#order(value as { map: readonly (readonly [string, Value])[] });
    return entries
      .map(
        ([key, item]) =>
          `${this.#above(indent)}${pad}${isList ? "-" : `${this.#key(key)}:`}${this.#value(item, indent, isList)}`,
      )
      .join("");
  }

  /** Only keys of the language may be in any order; in free data and among names the order means something. */
  #order({
    map: entries,
  }: {
    readonly map: readonly (readonly [string, Value])[];
  }): readonly (readonly [string, Value])[] {
    const isOurs = entries.some(([key]) =>
      ["rpcapi", "kind", "type", "fields", "message", "since", "before"].includes(key),
    );
    // Constraints and x- keys keep their order among themselves.
    const free = entries.filter(([key]) => !/^(m(in|ax)|x-)/.test(key));
    const fixed = entries.filter(([key]) => /^(m(in|ax)|x-)/.test(key) && key !== "message");
    if (!isOurs) return /^"1\./.test(entries[0]?.[0] ?? "") ? this.#shuffled(entries) : entries;
    const shuffled: (readonly [string, Value])[] = this.#shuffled(free.filter((entry) => !fixed.includes(entry)));
    let at = 0;
    for (const entry of fixed) {
      at += this.#random(shuffled.length - at + 1);
      shuffled.splice(at, 0, entry);
      at += 1;
    }
    return shuffled;
  }

  #key(key: string): string {
    if (key.startsWith('"')) return this.#chance(3) ? key.replaceAll('"', "'") : key;
    return this.#chance(12) ? `"${key}"` : key;
  }

  #value(value: Value, indent: number, inList: boolean): string {
    const isEmpty =
      typeof value !== "string" &&
      (Array.isArray(value) ? value.length === 0 : (value as { map: readonly unknown[] }).map.length === 0);
    if (typeof value === "string") return this.#scalar(value, indent);
    if (isEmpty || this.#chance(3)) return ` ${this.#flow(value, indent + 2)}${this.#behind()}\n`;
    const deeper = indent + 1 + this.#random(4);
    // The first line of a list's item may stand behind its dash.
    if (inList && this.#chance(2)) {
      const block = this.#block(value, indent + 2);
      const first = /^ +(?=[^# \n])/.exec(block);
      return first === null ? `\n${block}` : ` ${block.slice(first[0].length)}`;
    }
    const level = !inList && Array.isArray(value) && this.#chance(2) ? indent : deeper;
    return `${this.#behind()}\n${this.#block(value, level)}`;
  }

  #scalar(value: string, indent: number): string {
    if (!value.startsWith("text:")) {
      const shown = value.startsWith('"') && this.#chance(3) ? value.replaceAll('"', "'") : value;
      // A value may stand on a line of its own.
      return this.#chance(12)
        ? `\n${" ".repeat(indent + 3)}${shown}${this.#behind()}\n`
        : ` ${shown}${this.#behind()}\n`;
    }
    const text = value.slice("text:".length);
    const pad = " ".repeat(indent + 1 + this.#random(3));
    const lines = text
      .split("\n")
      .map((line) => (line === "" ? "" : pad + line))
      .join("\n");
    switch (this.#random(5)) {
      case 0:
        return ` |-${this.#behind()}\n${lines}\n`;
      case 1:
        return ` >-${this.#behind()}\n${lines.replaceAll(/\n+/g, (ends) => `${ends}\n`)}\n`;
      case 2:
        return ` |${this.#behind()}\n${lines}\n`;
      case 3:
        if (!/[:#"\n]/.test(text)) {
          const words = text.split(" ");
          const cut = this.#random(words.length);
          const broken =
            cut === 0 || text.includes("  ")
              ? text
              : `${words.slice(0, cut).join(" ")}\n${pad} ${words.slice(cut).join(" ")}`;
          return ` ${broken}${this.#behind()}\n`;
        }
        return ` ${JSON.stringify(text)}${this.#behind()}\n`;
      default:
        return ` ${/["\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`}${this.#behind()}\n`;
    }
  }

  /** In braces; on several lines where a comment is inside. */
  #flow(value: Value, indent: number): string {
    if (typeof value === "string") {
      if (!value.startsWith("text:")) return value;
      return JSON.stringify(value.slice("text:".length));
    }
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
    const parts = Array.isArray(value)
      ? value.map((item: Value) => this.#flow(item, indent))
      : this.#order(value as { map: readonly (readonly [string, Value])[] }).map(
          ([key, item]) => `${this.#key(key)}: ${this.#flow(item, indent)}`,
        );
    const pad = " ".repeat(indent);
    const gap = (): string => {
      if (this.#chance(10)) return ` ${this.#comment()}\n${pad}`;
      if (this.#chance(10)) return `\n${pad}${this.#comment()}\n${pad}`;
      return this.#chance(8) ? `\n${pad}` : this.#chance(3) ? "" : " ";
    };
    return `${open}${gap()}${parts.map((part, index) => `${part}${index === parts.length - 1 ? "" : `,${gap() || " "}`}`).join("")}${gap()}${close}`;
  }
}
