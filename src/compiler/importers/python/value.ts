import type { SyntaxNode } from "@lezer/common";
import { namePatterns } from "../../names.js";

/** What an expression is known to be while a method is followed. */
export type Value =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** A parameter of the method, or what is below it. */
  | { readonly kind: "path"; readonly keys: readonly string[] }
  /** What a function that was not followed makes of values. */
  | { readonly kind: "made"; readonly by: string; readonly of: readonly Value[]; readonly text: string }
  /** `a or b`: the first that is set. */
  | { readonly kind: "first"; readonly of: readonly Value[] }
  | Table
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** A text made of texts and other values. */
  | { readonly kind: "text"; readonly parts: readonly Value[] }
  | Client
  | { readonly kind: "sender"; readonly client: Client; readonly verb: Verb }
  | { readonly kind: "sent"; readonly send: Send }
  /** The object whose method is followed; above: what it has from its bases. */
  | { readonly kind: "self"; readonly isAbove: boolean }
  /** A method that is held instead of called. */
  | { readonly kind: "method"; readonly called: SyntaxNode; readonly text: string }
  | { readonly kind: "unknown"; readonly text: string };

/** Arguments by name. Statements change it in its place, as Python does. */
export interface Table {
  readonly kind: "table";
  readonly entries: Map<string, Value>;
  /** What else is in it and could not be read. */
  readonly unread: string[];
}

/** What sends, with what `prepare` was given. */
export interface Client {
  readonly kind: "client";
  readonly options: ReadonlyMap<string, Value>;
  /** The method of a base class in another file that made it, and how it was called. */
  readonly inherited: { readonly name: string; readonly text: string } | undefined;
}

export type Verb = "call" | "cast";

/** One message. */
export interface Send {
  readonly verb: Verb;
  readonly name: string;
  readonly args: Table;
  readonly client: Client;
  readonly isInLoop: boolean;
  /** Nothing looks at its reply. */
  isDropped: boolean;
}

/** A client that was prepared with nothing. */
export const plainClient: Client = { kind: "client", options: new Map(), inherited: undefined };

export const none: Value = { kind: "literal", value: null };

export function emptyTable(): Table {
  return { kind: "table", entries: new Map(), unread: [] };
}

/** A table takes over the entries of another. */
export function merge(into: Table, value: Value): void {
  if (value.kind !== "table") {
    into.unread.push(textOf(value));
    return;
  }
  for (const [key, each] of value.entries) into.entries.set(key, each);
  into.unread.push(...value.unread);
}

/** The value as Python would write it, with parameters in the place of local variables. */
export function textOf(value: Value): string {
  switch (value.kind) {
    case "literal":
      if (value.value === null) return "None";
      if (typeof value.value === "boolean") return value.value ? "True" : "False";
      return typeof value.value === "string" ? `'${value.value}'` : String(value.value);
    case "path":
      return value.keys.join(".");
    case "made":
    case "method":
    case "unknown":
      return value.text;
    case "first":
      return value.of.map(textOf).join(" or ");
    case "table": {
      const entries = [...value.entries].map(([key, each]) => `'${key}': ${textOf(each)}`);
      return `{${[...entries, ...value.unread.map((each) => `**${each}`)].join(", ")}}`;
    }
    case "list":
      return `[${value.items.map(textOf).join(", ")}]`;
    case "text":
      return value.parts.map((each) => (each.kind === "literal" ? each.value : `{${textOf(each)}}`)).join("");
    case "client":
      return value.inherited?.text ?? "the client";
    case "sender":
      return value.verb;
    case "sent":
      return `the reply of ${value.send.name}`;
    case "self":
      return "self";
  }
}

/** Whether two values are the same on every run. */
export function isSame(a: Value, b: Value): boolean {
  return a.kind === b.kind && textOf(a) === textOf(b);
}

/** Every path in a value. */
export function pathsIn(value: Value): readonly (readonly string[])[] {
  switch (value.kind) {
    case "path":
      return [value.keys];
    case "made":
    case "first":
      return value.of.flatMap(pathsIn);
    case "table":
      return [...value.entries.values()].flatMap(pathsIn);
    case "list":
      return value.items.flatMap(pathsIn);
    case "text":
      return value.parts.flatMap(pathsIn);
    default:
      return [];
  }
}

/** Functions that the language has too. */
const builtIn = new Set(["to_primitive", "extract_host", "utcnow"]);

/** A path, and the built-in function that it goes through. */
export interface Route {
  readonly keys: readonly string[];
  readonly convert: string | undefined;
}

/** A value as definitions have it: a path, or a built-in function of one; undefined where it is something else. */
export function routeOf(value: Value): Route | undefined {
  if (value.kind === "path") return isWritable(value.keys) ? { keys: value.keys, convert: undefined } : undefined;
  if (value.kind !== "made" || !builtIn.has(value.by)) return undefined;
  const [of, ...others] = value.of;
  if (of === undefined) return value.by === "utcnow" ? { keys: [], convert: "utcnow" } : undefined;
  const inner = routeOf(of);
  if (inner === undefined) return undefined;
  if (value.by === "extract_host") {
    const convert = partOf(others, inner.convert);
    return convert === undefined ? undefined : { keys: inner.keys, convert };
  }
  if (others.length > 0) return undefined;
  // A moment is made plain when it is made.
  if (inner.convert === "utcnow" && value.by === "to_primitive") return inner;
  return inner.convert === undefined ? { keys: inner.keys, convert: value.by } : undefined;
}

/** The function that takes a part of `node@backend#pool`, of the whole or of what another one has left of it. */
function partOf([level, ...others]: readonly Value[], inner: string | undefined): string | undefined {
  if (others.length > 0) return undefined;
  const part = level === undefined ? "backend" : level.kind === "literal" ? level.value : undefined;
  if (part !== "host" && part !== "backend" && part !== "pool") return undefined;
  const isWhole = inner === undefined;
  // The pool is gone from what a backend or a host is left of.
  if (!isWhole && (inner !== "extract_host" || part === "pool")) return undefined;
  return part === "backend" ? "extract_host" : `extract_host(${part})`;
}

/** A path as definitions write it. */
export function pathText({ keys, convert }: Route): string {
  return [keys.join("."), ...(convert === undefined ? [] : [convert])].join(" | ");
}

/** What is taken where the values before it are not set: each of `a or b`, wherever it stands in a text or a function. */
export function alternativesOf(value: Value): readonly Value[] {
  if (value.kind === "literal" && value.value === null) return [];
  if (value.kind === "first") return value.of.flatMap(alternativesOf);
  if (value.kind === "text") {
    const at = value.parts.findIndex(({ kind }) => kind === "first" || kind === "made");
    const part = value.parts[at];
    const found = part === undefined ? [] : alternativesOf(part);
    if (found.length < 2) return [value];
    return found.map((each) => ({ kind: "text", parts: value.parts.with(at, each) }));
  }
  const [of, ...others] = value.kind === "made" ? value.of : [];
  if (value.kind !== "made" || of === undefined || routeOf(of) !== undefined) return [value];
  const found = alternativesOf(of);
  if (found.length < 2 || !builtIn.has(value.by)) return [value];
  return found.map((each) => ({ ...value, of: [each, ...others], text: `${value.by}(${textOf(each)})` }));
}

/** `a or []`: a path, and the plain value that takes its place where nothing is set. */
export function fallbackOf(value: Value): { readonly keys: readonly string[]; readonly fallback: unknown } | undefined {
  const [first, second, ...rest] = value.kind === "first" ? value.of : [];
  if (first?.kind !== "path" || second === undefined || rest.length > 0) return undefined;
  if (second.kind === "literal") return { keys: first.keys, fallback: second.value };
  if (second.kind === "list" && second.items.length === 0) return { keys: first.keys, fallback: [] };
  const isEmpty = second.kind === "table" && second.entries.size + second.unread.length === 0;
  return isEmpty ? { keys: first.keys, fallback: {} } : undefined;
}

/** `a or utcnow()`, plain or not: the parameter whose place the moment of sending takes. */
export function momentOf(value: Value): string | undefined {
  if (value.kind === "made" && value.by === "to_primitive" && value.of.length === 1)
    return value.of[0] === undefined ? undefined : momentOf(value.of[0]);
  const [given, now, ...rest] = value.kind === "first" ? value.of : [];
  if (given === undefined || now === undefined || rest.length > 0) return undefined;
  const route = routeOf(given);
  const isNow = routeOf(now)?.convert === "utcnow";
  const isPlain = route?.convert === undefined || route.convert === "to_primitive";
  return isNow && isPlain && route?.keys.length === 1 ? route.keys[0] : undefined;
}

function isWritable(keys: readonly string[]): boolean {
  return keys.every((each, at) => (at === 0 ? namePatterns.parameter.pattern.test(each) : /^\w+$/.test(each)));
}
