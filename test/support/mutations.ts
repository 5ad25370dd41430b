import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import type { Properties } from "./tapped-transport.js";

/** A message as a broken or hostile peer would send it. */
export interface Mutant {
  readonly body: Buffer;
  readonly properties: Properties;
}

interface Vector {
  readonly direction: "client->server" | "server->client";
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bodyUtf8: string | null;
  readonly bodyBase64?: string;
  readonly inflatedUtf8?: string;
}

const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL("../wire/vectors.json", import.meta.url), "utf8"));

/** An endless row of messages: mutated recordings, and plain rubbish. The same seed gives the same row. */
export class Mutations {
  readonly #random: () => number;
  readonly #recorded: readonly Vector[];

  constructor(seed: number, direction: Vector["direction"]) {
    this.#random = mulberry32(seed);
    this.#recorded = vectors.filter((vector) => vector.direction === direction);
  }

  next(): Mutant {
    const vector = this.#pick(this.#recorded);
    const text = vector.bodyUtf8 ?? vector.inflatedUtf8 ?? "";
    // With the recorded id most would be dropped as duplicates, and nothing behind that would be tested.
    const recorded = Buffer.from(text.replace(/(_unique_id\W+)[0-9a-f]{32}/, (_, key) => key + this.#id()));
    const properties: Properties = { contentType: "application/json", headers: {} };
    switch (this.#below(10)) {
      case 0:
        return { body: this.#bytes(this.#below(400)), properties };
      case 1:
        return { body: this.#cutAndPaste(recorded), properties };
      case 2:
      case 3:
        return { body: this.#flipped(recorded), properties };
      case 4:
        return { body: recorded.subarray(0, this.#below(recorded.length)), properties };
      case 5:
        return { body: recorded, properties: this.#properties() };
      case 6: {
        const compressed = deflateSync(recorded);
        const body = this.#below(2) === 0 ? compressed : this.#flipped(compressed);
        return { body, properties: { ...properties, headers: { compression: "application/x-gzip" } } };
      }
      default:
        return { body: this.#restructured(recorded), properties };
    }
  }

  /** Changes values and keys inside the payload and keeps the message well-formed: the deep ends of the reader. */
  #restructured(recorded: Buffer): Buffer {
    const envelope: unknown = tolerant(recorded.toString());
    if (!isObject(envelope)) return recorded;
    let payload: unknown = tolerant(String(envelope["oslo.message"]));
    for (let changes = 1 + this.#below(3); changes > 0; changes--) payload = this.#change(payload);
    const text = JSON.stringify(payload) ?? "";
    switch (this.#below(8)) {
      case 0:
        return Buffer.from(text);
      case 1:
        return Buffer.from(JSON.stringify({ "oslo.version": this.#hostile(), "oslo.message": text }) ?? "");
      case 2:
        return Buffer.from(JSON.stringify({ "oslo.version": "2.0", "oslo.message": payload }) ?? "");
      default:
        return Buffer.from(JSON.stringify({ ...envelope, "oslo.message": text }));
    }
  }

  #change(value: unknown): unknown {
    if (this.#below(4) === 0) return this.#hostile();
    if (Array.isArray(value) && value.length > 0) {
      const copy = [...value];
      const at = this.#below(copy.length);
      copy[at] = this.#change(copy[at]);
      return copy;
    }
    if (!isObject(value)) return this.#hostile();
    const entries = Object.entries(value);
    const at = this.#below(entries.length + 1);
    const [key, old] = entries[at] ?? [this.#pick(keys), 0];
    switch (this.#below(4)) {
      case 0:
        entries.splice(at, 1);
        break;
      case 1:
        entries[at] = [this.#pick(keys), old];
        break;
      default:
        entries[at] = [key, this.#change(old)];
    }
    // fromEntries defines its keys, so that __proto__ becomes one.
    return Object.fromEntries(entries);
  }

  #hostile(): unknown {
    return this.#pick(values)();
  }

  #properties(): Properties {
    const headers = [{}, { compression: this.#hostile() }, { compression: "application/x-gzip" }, { compression: "" }];
    const types = [undefined, "", "text/plain", "application/json; charset=utf-8", "APPLICATION/JSON", "\0"];
    return this.#below(2) === 0
      ? { contentType: this.#pick(types), headers: {} }
      : { contentType: "application/json", headers: this.#pick(headers) };
  }

  #flipped(body: Buffer): Buffer {
    const copy = Buffer.from(body);
    for (let flips = 1 + this.#below(8); flips > 0 && copy.length > 0; flips--) {
      copy[this.#below(copy.length)] = this.#below(256);
    }
    return copy;
  }

  #cutAndPaste(body: Buffer): Buffer {
    const [from, to, at] = [this.#below(body.length), this.#below(body.length), this.#below(body.length)];
    const piece = body.subarray(Math.min(from, to), Math.max(from, to));
    return Buffer.concat([body.subarray(0, at), piece, body.subarray(at)]);
  }

  #bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) bytes[i] = this.#below(256);
    return bytes;
  }

  #id(): string {
    return this.#bytes(16).toString("hex");
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined && !items.includes(item as T)) throw new Error("nothing to pick from");
    // It is one of the items, which may hold undefined itself.
    return item as T;
  }
}

const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  "self",
  "ctxt",
  "_context_",
  "_context___proto__",
  "_context_signal",
  "_unique_id",
  "_msg_id",
  "_reply_q",
  "_timeout",
  "args",
  "method",
  "version",
  "namespace",
  "failure",
  "result",
  "ending",
];

const values: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => "",
  () => 0,
  () => -1,
  () => 1e308,
  () => 2 ** 53,
  () => [],
  () => ({}),
  () => [null],
  () => ({ toString: 1, valueOf: 1 }),
  () => JSON.parse('{"__proto__": {"polluted": true}}'),
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => [[[[[[[[]]]]]]]],
  () => "\ud800",
  () => "x".repeat(2_000),
  () => "99999999999999999999999999",
  () => "__proto__",
  () => "constructor",
  () => "NaN",
];

function tolerant(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/\b(NaN|-?Infinity)\b/g, "0"));
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
