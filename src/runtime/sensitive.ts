import type { MethodDescriptor } from "./descriptor.js";
import { DeclaredError, InvalidArgumentsError } from "./errors.js";

/** What stands for a value that must not be shown. */
export const MASK = "***";

/** Levels of an error's fields: as many as a message may have, which leaves none for a circle. */
const DEEPEST = 256;

/** Shorter values are masked as whole words only: a password of one letter would take every such letter with it. */
const SHORTEST = 4;

/**
 * The arguments of a method for a log, a span or an error: values that the definition calls `sensitive` are masked. The
 * arguments themselves stay as they are, and are what is returned where nothing is sensitive.
 */
export function maskSensitive(
  method: MethodDescriptor,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  let masked: unknown = args;
  for (const path of method.sensitive ?? []) masked = maskedAt(masked, path.split("."), 0);
  // A path has at least one step, so what is masked is inside.
  return masked as Readonly<Record<string, unknown>>;
}

/** The text without the values that the definition calls sensitive. */
export function maskText(text: string, method: MethodDescriptor, args: Readonly<Record<string, unknown>>): string {
  return withoutValues(text, sensitiveValues(method, args));
}

/**
 * Takes the sensitive values out of what was thrown: out of its text, its stack and its fields, and those of its causes.
 * The error stays the same object, as its class is what a caller gets.
 */
export function maskThrown(
  thrown: unknown,
  method: MethodDescriptor,
  args: Readonly<Record<string, unknown>>,
): unknown {
  if (method.sensitive === undefined) return thrown;
  const values = sensitiveValues(method, args);
  if (values.length === 0) return thrown;
  if (typeof thrown === "string") return withoutValues(thrown, values);
  maskError(thrown, values, new Set());
  return thrown;
}

/** The parts of an error that hold text; the latter two are a RemoteError's. */
const texts = ["message", "stack", "remoteMessage", "remoteTrace"] as const;

function maskError(error: unknown, values: readonly string[], seen: Set<unknown>): void {
  if (!(error instanceof Error) || seen.has(error)) return;
  seen.add(error);
  for (const name of texts) {
    const text: unknown = Reflect.get(error, name);
    if (typeof text !== "string") continue;
    const masked = withoutValues(text, values);
    // A frozen error keeps its text; defining says so with false instead of throwing.
    if (masked !== text) {
      Reflect.defineProperty(error, name, { value: masked, configurable: true, writable: true, enumerable: false });
    }
  }
  if (error instanceof DeclaredError) maskProperty(error, "fields", values);
  if (error instanceof InvalidArgumentsError) maskProperty(error, "violations", values);
  maskError(error.cause, values, seen);
  if (error instanceof AggregateError) for (const each of error.errors) maskError(each, values, seen);
}

/** The property gets a copy, since the manager may still use what it gave. */
function maskProperty(error: Error, name: "fields" | "violations", values: readonly string[]): void {
  const value: unknown = Reflect.get(error, name);
  const masked = maskedInside(value, values);
  if (masked === value) return;
  Reflect.defineProperty(error, name, { value: masked, configurable: true, writable: true, enumerable: true });
}

/** The value itself where nothing in it is sensitive. What is nested too deep to be sent is not looked through. */
function maskedInside(value: unknown, values: readonly string[], depth = 0): unknown {
  if (typeof value === "string") return withoutValues(value, values);
  // A short number is a count or a code more often than a secret.
  if (typeof value === "number" || typeof value === "bigint") {
    const text = String(value);
    return text.length >= SHORTEST && values.includes(text) ? MASK : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return MASK;
  let copy: Record<string, unknown> | undefined;
  for (const [key, each] of Object.entries(value)) {
    const masked = maskedInside(each, values, depth + 1);
    if (masked === each) continue;
    // A copy of the same kind, with the same keys.
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    Object.defineProperty(copy, key, { value: masked, configurable: true, enumerable: true, writable: true });
  }
  return copy ?? value;
}

function withoutValues(text: string, values: readonly string[]): string {
  let masked = text;
  for (const value of values) {
    if (value.length >= SHORTEST) masked = masked.replaceAll(value, MASK);
    else if (masked.includes(value)) masked = masked.replaceAll(wordOf(value), `$1${MASK}`);
  }
  return masked;
}

function wordOf(value: string): RegExp {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`(^|[^\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "gu");
}

/** Texts and numbers at the sensitive paths, the longest first: one may be part of another. */
function sensitiveValues({ sensitive = [] }: MethodDescriptor, args: Readonly<Record<string, unknown>>): string[] {
  const values = new Set<string>();
  for (const path of sensitive) for (const value of valuesAt(args, path.split("."), 0)) collect(value, values);
  return [...values].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string" && value !== "") into.add(value);
  else if (typeof value === "number" || typeof value === "bigint") into.add(String(value));
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) collect(each, into);
}

function* valuesAt(value: unknown, path: readonly string[], step: number): Generator<unknown> {
  if (step === path.length) yield value;
  else for (const key of keysAt(value, path[step])) yield* valuesAt(child(value, key), path, keyStep(key, path, step));
}

function maskedAt(value: unknown, path: readonly string[], step: number): unknown {
  if (step === path.length) return value === undefined || value === null ? value : MASK;
  const keys = keysAt(value, path[step]);
  if (keys.length === 0 || typeof value !== "object" || value === null) return value;
  // A copy of the same kind, with the same keys.
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  for (const key of keys) {
    const masked = maskedAt(child(value, key), path, keyStep(key, path, step));
    Object.defineProperty(copy, key, { value: masked, configurable: true, enumerable: true, writable: true });
  }
  return copy;
}

/** The keys that a step of a path stands for: `*` for all; the fields of a versioned object may be in its envelope. */
function keysAt(value: unknown, step: string | undefined): readonly string[] {
  if (typeof value !== "object" || value === null || step === undefined) return [];
  if (step === "*") return Object.keys(value);
  if (Object.hasOwn(value, step)) return [step];
  return Object.keys(value).filter((key) => key.endsWith(ENVELOPE));
}

/** An envelope is one step more on the way, and none of the path. */
function keyStep(key: string, path: readonly string[], step: number): number {
  return key === path[step] || path[step] === "*" ? step + 1 : step;
}

const ENVELOPE = "_object.data";

function child(value: unknown, key: string): unknown {
  // Only keys of the value itself are asked for.
  return (value as Readonly<Record<string, unknown>>)[key];
}
