import { child, type Entry, entriesOf, type Node, textOf } from "./document.js";
import type { Interval, Release, Version, VersionEntry } from "./model.js";
import type { Reporter } from "./report.js";
import type { Range } from "./source.js";
import { compareVersions } from "./versions.js";

/** The versions that intervals may name. */
export interface VersionScope {
  /** Oldest first. */
  readonly entries: readonly VersionEntry[];
  readonly oldest: Version;
  /** The place of a version in `entries`; undefined where it is not listed. */
  readonly indexOf: (version: Version) => number | undefined;
  /** False where the list itself is wrong or missing, so that nothing is said of versions that it lacks. */
  readonly complete: boolean;
}

/** A stretch of versions by their places, `[from, to)`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const versionPattern = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;

/** A definition with more versions is a mistake, and checks multiply by their number. */
const mostVersions = 2000;

/** Reads `versions:`. */
export function readVersions(node: Node | undefined, reporter: Reporter): VersionScope {
  const entries: VersionEntry[] = [];
  let complete = node?.kind === "map";
  let newest: Entry | undefined;
  for (const entry of entriesOf(node)) {
    const { key, keyNode, value } = entry;
    if (typeof keyNode.value === "number") reporter.report("version-not-quoted", keyNode.range, { text: keyNode.text });
    if (!versionPattern.test(key)) {
      if (typeof keyNode.value !== "number") reporter.report("bad-version", keyNode.range, { text: key });
      complete = false;
      continue;
    }
    if (newest !== undefined && compareVersions(key, newest.key) < 0) {
      const related = [{ message: "the newer version before it", range: newest.keyNode.range }];
      reporter.report("version-order", { range: keyNode.range, related }, { version: key, after: newest.key });
    } else newest = entry;
    entries.push({ version: key, description: textOf(value) ?? "", range: keyNode.range });
  }
  if (entries.length > mostVersions) {
    reporter.report("too-many-versions", entries[mostVersions]?.range, { count: entries.length, limit: mostVersions });
    entries.length = mostVersions;
    complete = false;
  }
  entries.sort((a, b) => compareVersions(a.version, b.version));
  return versionScope(entries, complete && entries.length > 0);
}

/** The scope of a file that is no service: nothing is known, so nothing is missed. */
export function versionScope(entries: readonly VersionEntry[], complete: boolean): VersionScope {
  const index = new Map(entries.map(({ version }, place) => [version, place]));
  return { entries, oldest: entries[0]?.version ?? "0.0", indexOf: (version) => index.get(version), complete };
}

/** Reads `releases:`. */
export function readReleases(node: Node | undefined, versions: VersionScope, reporter: Reporter): Release[] {
  const releases: Release[] = [];
  for (const { key, keyNode, value } of entriesOf(node)) {
    if (key === "auto" || /^\d/.test(key)) {
      reporter.report("release-name", keyNode.range, { name: key });
      continue;
    }
    const version = readVersion(value, versions, reporter);
    if (version !== undefined) releases.push({ name: key, version, range: keyNode.range });
  }
  return releases;
}

/** Reads a version that must be listed. Undefined where it is none; that was reported by the schema. */
export function readVersion(node: Node | undefined, versions: VersionScope, reporter: Reporter): Version | undefined {
  const text = versionText(node);
  if (text === undefined || node === undefined) return undefined;
  if (versions.complete && versions.indexOf(text) === undefined) {
    reporter.report("unknown-version", node.range, {
      version: text,
      listed: versions.entries.map(({ version }) => version),
    });
    return undefined;
  }
  return text;
}

/** A version as written, also where YAML read a number: that was reported, and its text is what was meant. */
export function versionText(node: Node | undefined): Version | undefined {
  if (node?.kind !== "scalar" || (typeof node.value !== "string" && typeof node.value !== "number")) return undefined;
  return versionPattern.test(node.text) ? node.text : undefined;
}

/** Reads `since:` and `until:` of a map. */
export function readInterval(node: Node | undefined, versions: VersionScope, reporter: Reporter): Interval {
  const since = readVersion(child(node, "since"), versions, reporter);
  const untilNode = child(node, "until");
  const until = readVersion(untilNode, versions, reporter);
  const interval: Interval = { since: since ?? versions.oldest, ...(until === undefined ? {} : { until }) };
  const readable =
    untilNode !== undefined && until !== undefined && (since !== undefined || child(node, "since") === undefined);
  if (readable && versions.complete && compareVersions(until, interval.since) <= 0) {
    reporter.report("empty-interval", untilNode.range, { since: interval.since, until, explicit: since !== undefined });
    return { since: interval.since };
  }
  return interval;
}

/** Whether the interval is what the map says: a version that could not be read was reported, and stands for nothing. */
export function isAsWritten(node: Node | undefined, interval: Interval): boolean {
  const since = child(node, "since");
  const until = child(node, "until");
  return (
    (since === undefined || versionText(since) === interval.since) &&
    (until === undefined || versionText(until) === interval.until)
  );
}

/** The places of an interval's versions. */
export function spanOf(interval: Interval, versions: VersionScope): Span {
  const from = versions.indexOf(interval.since) ?? 0;
  const to = interval.until === undefined ? undefined : versions.indexOf(interval.until);
  return { from, to: to ?? versions.entries.length };
}

/** The part of a span that is in another. */
export function overlap(a: Span, b: Span): Span {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

/** Whether a span has no version. */
export function isEmpty(span: Span): boolean {
  return span.from >= span.to;
}

/** A name in use in a stretch of versions. */
export interface NameSpan extends Span {
  readonly name: string;
  /** Whose name it is; the same owner may have a name twice. */
  readonly owner: string;
  readonly range: Range;
}

/** The first two uses of each name by two owners at one version. */
export function nameClashes(spans: readonly NameSpan[]): { first: NameSpan; second: NameSpan; at: number }[] {
  const clashes: { first: NameSpan; second: NameSpan; at: number }[] = [];
  for (const uses of groupByName(spans).values()) {
    const sorted = uses.sort((a, b) => a.from - b.from);
    let longest: NameSpan | undefined;
    for (const use of sorted) {
      if (isEmpty(use)) continue;
      if (longest !== undefined && use.from < longest.to && use.owner !== longest.owner) {
        clashes.push({ first: longest, second: use, at: use.from });
        break;
      }
      if (longest === undefined || use.to > longest.to) longest = use;
    }
  }
  return clashes;
}

function groupByName(spans: readonly NameSpan[]): Map<string, NameSpan[]> {
  const groups = new Map<string, NameSpan[]>();
  for (const span of spans) {
    const group = groups.get(span.name);
    if (group === undefined) groups.set(span.name, [span]);
    else group.push(span);
  }
  return groups;
}
