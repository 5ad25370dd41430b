import { child, type Entry, entriesOf, itemsOf, type Node } from "./document.js";
import { isAsWritten, readInterval, type Span, spanOf, type VersionScope } from "./intervals.js";
import type { Interval, Rules } from "./model.js";
import type { Reporter } from "./report.js";

type Rule<T> = Rules<T>[number];

/** Reads a value that may be a list of rules with intervals: `kind`, `server`, `topic`, `label`. */
export function readRules<T>(
  entry: Entry | undefined,
  valueKey: string,
  readValue: (node: Node) => T | undefined,
  versions: VersionScope,
  reporter: Reporter,
): Rule<T>[] {
  if (entry === undefined) return [];
  if (entry.value.kind !== "list") {
    const value = readValue(entry.value);
    return value === undefined ? [] : [{ interval: { since: versions.oldest }, value, range: entry.value.range }];
  }
  const rules: Rule<T>[] = [];
  for (const item of itemsOf(entry.value)) {
    const interval = readInterval(item, versions, reporter);
    // A path to a server may stand without since and until.
    const node = item.kind === "map" ? child(item, valueKey) : item;
    const value = node === undefined ? undefined : readValue(node);
    if (node !== undefined && value !== undefined && isAsWritten(item, interval))
      rules.push({ interval, value, range: firstKey(item) });
  }
  return rules;
}

/**
 * Reports versions of a method for which no rule holds, and rules before which another always holds.
 *
 * @param mayGiveWay whether a rule that holds may still leave the request to the next one
 */
export function checkCoverage<T>(
  entry: Entry | undefined,
  rules: readonly Rule<T>[],
  method: Interval,
  versions: VersionScope,
  reporter: Reporter,
  mayGiveWay: (value: T) => boolean = () => false,
): void {
  // A rule that could not be read may be the one that is missing.
  if (entry?.value.kind !== "list" || entry.value.items.length !== rules.length || !versions.complete) return;
  const whole = spanOf(method, versions);
  let open: Span[] = [whole];
  let uncovered = open;
  for (const rule of rules) {
    const span = spanOf(rule.interval, versions);
    const next = open.flatMap((part) => without(part, span));
    if (size(next) === size(open)) reporter.report("unreachable-rule", rule.range, { key: entry.key });
    if (!mayGiveWay(rule.value)) open = next;
    uncovered = uncovered.flatMap((part) => without(part, span));
  }
  const [gap] = uncovered;
  if (gap !== undefined && entry.key !== "label") {
    const name = (index: number): string => versions.entries[index]?.version ?? "";
    const params = { key: entry.key, first: name(gap.from), last: name(gap.to - 1) };
    reporter.report("rule-gap", entry.keyNode.range, params);
  }
}

function without(part: Span, taken: Span): Span[] {
  const before = { from: part.from, to: Math.min(part.to, taken.from) };
  const after = { from: Math.max(part.from, taken.to), to: part.to };
  return [before, after].filter(({ from, to }) => from < to);
}

function size(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** A rule is shown by its first key: the whole of it may be many lines. */
function firstKey(item: Node): Node["range"] {
  return entriesOf(item)[0]?.keyNode.range ?? item.range;
}
