import { posix } from "node:path";
import { type Examined, examine } from "../analyze.js";
import { type LintSettings, lintDefaults } from "../config.js";
import type { Diagnostic } from "../diagnostic.js";
import type { Source } from "../source.js";
import type { Edit } from "./edits.js";
import { ignoresOf, unusedIgnore } from "./ignores.js";
import { lintRules } from "./rules.js";
import { type Selection, selectRules } from "./select.js";
import { type Subject, subjectOf } from "./subject.js";

/** A finding of a rule, a warning of the compiler, or a mistake that keeps rules from looking at all. */
export interface Finding extends Diagnostic {
  /** Mends it; all edits together or none. */
  readonly fix?: readonly Edit[];
}

/** What linting needs beside sources. */
export interface LintOptions {
  /** @default every group but strict */
  readonly settings?: LintSettings;
  /** Gives a file that a source imports and that is not among the sources. */
  readonly read?: (path: string) => Source | undefined;
  /** As in the project file. */
  readonly objectPrefix?: string;
}

/**
 * Looks at definitions as a careful reviewer would. Where the definitions have errors, those are the findings, and no
 * rule looks. Only the given sources have findings of rules, not what they import. Pure, in the order of places.
 */
export function lint(sources: readonly Source[], options: LintOptions = {}): readonly Finding[] {
  const { settings = lintDefaults, read = () => undefined, objectPrefix } = options;
  const selection = selectRules(settings);
  if (selection.diagnostics.length > 0) return selection.diagnostics;
  const byPath = new Map(sources.map((source) => [posix.normalize(source.path), source]));
  const { value: examined, diagnostics } = examine(
    sources,
    (path) => byPath.get(path) ?? read(path),
    objectPrefix === undefined ? {} : { objectPrefix },
  );
  if (diagnostics.some(({ severity }) => severity === "error")) return diagnostics;
  // A library is a fine thing to lint, though nothing is generated from it.
  const warnings = diagnostics.filter(({ code }) => code !== "no-service" && !selection.silenced.has(code));
  const isLinted = (path: string): boolean => byPath.has(posix.normalize(path));
  const own = warnings.filter(({ range }) => range === undefined || isLinted(range.path));
  const found = [...own, ...findingsOf(subjectOf(examined, isLinted), selection)];
  return inOrder(withoutIgnored(found, examined, isLinted, selection));
}

/** What `fixAll` has made of sources. */
export interface Fixed {
  /** The sources that it was given, with their new texts. */
  readonly sources: readonly Source[];
  /** What is left. */
  readonly findings: readonly Finding[];
  /** How many findings were mended. */
  readonly count: number;
}

/** Mends what can be mended without a guess, and looks again until nothing is left to mend. */
export function fixAll(sources: readonly Source[], options: LintOptions = {}): Fixed {
  let state: Fixed = { sources, findings: lint(sources, options), count: 0 };
  for (let round = 0; round < mostRounds; round += 1) {
    // Together, or one by one where together they would leave something broken, such as a section without entries.
    const next = fixOnce(state, state.findings, options) ?? firstThatWorks(state, options);
    if (next === undefined) return state;
    state = next;
  }
  return state;
}

/** One fix can make another possible, but not without end. */
const mostRounds = 100;

function firstThatWorks(state: Fixed, options: LintOptions): Fixed | undefined {
  for (const finding of state.findings) {
    const next = fixOnce(state, [finding], options);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** Undefined where nothing can be mended, or where the outcome would have errors. */
function fixOnce({ sources, count }: Fixed, findings: readonly Finding[], options: LintOptions): Fixed | undefined {
  const chosen: Edit[] = [];
  let fixes = 0;
  for (const { fix = [] } of findings) {
    if (fix.length === 0 || fix.some((edit) => chosen.some((other) => overlaps(edit, other)))) continue;
    chosen.push(...fix);
    fixes += 1;
  }
  if (fixes === 0) return undefined;
  const changed = sources.map((source) => ({ ...source, text: applyEdits(source, chosen) }));
  if (changed.every(({ text }, index) => text === sources[index]?.text)) return undefined;
  const left = lint(changed, options);
  if (left.some(({ severity, code }) => severity === "error" && !findings.some((one) => one.code === code)))
    return undefined;
  return { sources: changed, findings: left, count: count + fixes };
}

/** Two that begin at one place overlap as well: their order would be chance. */
function overlaps(a: Edit, b: Edit): boolean {
  return a.path === b.path && (a.start === b.start || (a.start < b.end && b.start < a.end));
}

function applyEdits({ path, text }: Source, edits: readonly Edit[]): string {
  const own = edits
    .filter((edit) => posix.normalize(edit.path) === posix.normalize(path))
    .sort((a, b) => b.start - a.start);
  return own.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

function findingsOf(subject: Subject, { rules }: Selection): Finding[] {
  const findings: Finding[] = [];
  for (const { id: code, severity, check } of rules) {
    check(subject, (range, message, { help, fix, related } = {}) => {
      findings.push({
        code,
        severity,
        message,
        ...(help === undefined ? {} : { help }),
        range,
        ...(related === undefined ? {} : { related }),
        ...(fix === undefined || fix.length === 0 ? {} : { fix }),
      });
    });
  }
  return findings;
}

function withoutIgnored(
  findings: readonly Finding[],
  { documents }: Examined,
  isLinted: (path: string) => boolean,
  { rules, silenced }: Selection,
): Finding[] {
  const left = new Set(findings);
  const added: Finding[] = [];
  for (const document of documents) {
    if (!isLinted(document.path)) continue;
    const { ignores, diagnostics } = ignoresOf(document);
    added.push(...diagnostics);
    for (const ignore of ignores) {
      const { rule, start, end } = ignore;
      const hit = findings.filter(
        ({ code, range }) =>
          code === rule && range?.path === document.path && range.start >= start && range.start < end,
      );
      for (const finding of hit) left.delete(finding);
      // Whether a rule that nobody asked for would find something is not known.
      const isChecked =
        rules.some(({ id }) => id === rule) || (!lintRules.some(({ id }) => id === rule) && !silenced.has(rule));
      if (hit.length === 0 && isChecked) added.push({ ...unusedIgnore(ignore), fix: [ignore.removal] });
    }
  }
  return [...left, ...added];
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      text(a.range?.path ?? "", b.range?.path ?? "") ||
      (a.range?.start ?? 0) - (b.range?.start ?? 0) ||
      text(a.code, b.code),
  );
}
