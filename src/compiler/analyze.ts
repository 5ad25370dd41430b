import type { Diagnostic, Staged } from "./diagnostic.js";
import type { Document } from "./document.js";
import { checkHistory } from "./history/check.js";
import { withoutSilenced } from "./ignore-comments.js";
import { loadAll } from "./imports.js";
import type { Model } from "./model.js";
import { type ResolveOptions, resolve } from "./resolve.js";
import type { Source } from "./source.js";
import { validate } from "./validate.js";

/**
 * The compiler's front end: loads the entries and what they import, validates each file, resolves all of them. Every
 * mistake in every file is in the diagnostics, in the order of path and place, each once; but for warnings that a comment
 * in the definition silences.
 */
export function analyze(
  entries: readonly Source[],
  read: (path: string) => Source | undefined,
  options: ResolveOptions = {},
): Staged<Model> {
  const { value, diagnostics } = examine(entries, read, options);
  return { value: value.model, diagnostics: withoutSilenced(diagnostics, value.documents) };
}

/** What definitions mean, and what they say word by word: rules about how something is written need both. */
export interface Examined {
  readonly model: Model;
  /** The entries and what they import. */
  readonly documents: readonly Document[];
}

/** As `analyze`, with the documents beside the Model, and with every warning. */
export function examine(
  entries: readonly Source[],
  read: (path: string) => Source | undefined,
  options: ResolveOptions = {},
): Staged<Examined> {
  const { value, diagnostics: found } = understand(entries, read, options);
  // What is wrong may be what a version has brought.
  const isWhole = found.every(({ severity }) => severity !== "error");
  return { value, diagnostics: isWhole ? ordered([...found, ...checkHistory(value.model)]) : found };
}

/** As `examine`, without looking at what each version has brought: that has warnings alone, for those who want them. */
export function understand(
  entries: readonly Source[],
  read: (path: string) => Source | undefined,
  options: ResolveOptions = {},
): Staged<Examined> {
  const loaded = loadAll(entries, read);
  const validated = loaded.value.documents.flatMap((document) => validate(document).diagnostics);
  const resolved = resolve(loaded.value, options);
  const found = [...loaded.diagnostics, ...validated, ...resolved.diagnostics];
  // What is no definition at all has no service either, which nobody needs to hear.
  const isOdd = validated.some(({ severity }) => severity === "error");
  return {
    value: { model: resolved.value, documents: loaded.value.documents },
    diagnostics: ordered(isOdd ? found.filter(({ code }) => code !== "no-service") : found),
  };
}

function ordered(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  // A library's mistake is found once for each service that imports it.
  const unique = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { code, message, range } = diagnostic;
    const key = `${range?.path}\u0000${range?.start}\u0000${range?.end}\u0000${code}\u0000${message}`;
    if (!unique.has(key)) unique.set(key, diagnostic);
  }
  return [...unique.values()].sort(
    (a, b) =>
      compareText(a.range?.path ?? "", b.range?.path ?? "") ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0) ||
      (a.range?.end ?? 0) - (b.range?.end ?? 0) ||
      compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
