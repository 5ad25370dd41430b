import { child, type Entry } from "../../document.js";
import { compareVersions } from "../../versions.js";
import { removeEntry } from "../edits.js";
import type { Report, Rule } from "../rule.js";
import type { File } from "../subject.js";

/** A since that says what holds without it. */
export const redundantSince: Rule = {
  id: "redundant-since",
  group: "versions",
  severity: "warning",
  purpose: "No since repeats what holds without it: the oldest version, or that of the method.",
  explanation:
    "What has no since is there from the oldest version on, and a parameter from its method's. A since that says the same draws the eye to a change that there was not. It is often what is left when an old major was dropped.",
  example:
    'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast, since: "1.0" }\n  stop: { kind: cast, since: "1.1" }\n',
  fix: 'versions: { "1.0": First., "1.1": Second. }\nmethods:\n  start: { kind: cast }\n  stop: { kind: cast, since: "1.1" }\n',
  fixable: true,
  check({ methods, params, errors }, report) {
    for (const { file, entry } of [...methods, ...errors]) {
      const [oldest] = file.versions;
      if (oldest !== undefined) look(entry, oldest, "the oldest version", file, report);
    }
    for (const { file, entry, of } of params) {
      if (of.method !== undefined) look(entry, of.method.interval.since, "the version of its method", file, report);
    }
  },
};

function look(entry: Entry, since: string, what: string, file: File, report: Report): void {
  const { value } = entry;
  const own = value.kind === "map" ? value.byKey.get("since") : undefined;
  if (value.kind !== "map" || own?.value.kind !== "scalar" || !/^\d+\.\d+$/.test(own.value.text)) return;
  // An older one has a warning of the compiler itself.
  if (compareVersions(own.value.text, since) !== 0) return;
  // Together with since, both would have to go.
  const hasMore = child(value, "when_older") !== undefined || child(value, "too_old") !== undefined;
  report(own.value.range, `since "${own.value.text}" is ${what}, which holds without it`, {
    help: "remove it",
    fix: hasMore ? undefined : removeEntry(file.document, value, own),
  });
}
