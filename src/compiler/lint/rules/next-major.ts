import { child, type Entry, entriesOf, itemsOf, type Node, textOf } from "../../document.js";
import type { Range } from "../../source.js";
import { compareVersions, majorOf } from "../../versions.js";
import type { Report, Rule } from "../rule.js";
import { type File, isThere } from "../subject.js";

/** What goes when the oldest major goes, and what may go with the next one. */
export const nextMajor: Rule = {
  id: "next-major",
  group: "strict",
  severity: "warning",
  purpose: "Lists what may be deleted when the oldest major is dropped, and what may end with the next major.",
  explanation:
    "A definition carries what older peers need: former names and types, arguments that have ended, rules for old versions. When no peer speaks the oldest major any more, its entries of versions can be deleted with all of that. What is deprecated may get until: with the next major. Nothing here is a mistake, so that the rule is only looked at where it is asked for: rpcgen lint --use next-major.",
  example:
    'versions: { "1.0": First., "2.0": Without force. }\nmethods:\n  start: { kind: cast, params: { force: { type: boolean, until: "2.0" } } }\n',
  fix: 'versions: { "2.0": Without force. }\nmethods:\n  start: { kind: cast }\n',
  check({ files, methods, params, errors }, report) {
    for (const file of files) {
      const second = secondMajor(file);
      if (second === undefined) continue;
      for (const { key, keyNode } of entriesOf(child(file.document.root, "versions"))) {
        if (/^\d+\.\d+$/.test(key) && compareVersions(key, second) < 0) {
          drop(`version ${key}`, keyNode.range, second, report);
        }
      }
    }
    for (const { file, name, entry } of [...methods, ...params, ...errors]) {
      lookAtEnd(name, entry, file, report);
      const deprecated = entry.value.kind === "map" ? entry.value.byKey.get("deprecated") : undefined;
      const newest = file.versions.at(-1);
      if (deprecated === undefined || newest === undefined || !isThere(entry.value, file)) continue;
      const next = `${majorOf(newest) + 1}.0`;
      report(deprecated.keyNode.range, `"${name}" is deprecated: it may end with version ${next}`, {
        help: `with ${next}, add until: "${next}"`,
      });
    }
    for (const { file, name, entry } of [...methods, ...params]) {
      const second = secondMajor(file);
      if (second === undefined) continue;
      for (const item of itemsOf(child(entry.value, "was"))) {
        const before = child(item, "before");
        if (isVersionAtMost(before, second))
          drop(`what "${name}" was before ${textOf(before)}`, before.range, second, report);
      }
    }
    for (const { file, name, entry } of methods) {
      const second = secondMajor(file);
      for (const key of ["kind", "topic", "label"]) {
        for (const item of itemsOf(child(entry.value, key))) {
          const until = child(item, "until");
          if (second !== undefined && isVersionAtMost(until, second)) {
            drop(`this rule for the ${key} of "${name}"`, until.range, second, report);
          }
        }
      }
    }
  },
};

function lookAtEnd(name: string, { value }: Entry, file: File, report: Report): void {
  const second = secondMajor(file);
  const until = child(value, "until");
  if (second !== undefined && isVersionAtMost(until, second)) drop(`"${name}"`, until.range, second, report);
}

function drop(what: string, range: Range, second: string, report: Report): void {
  report(range, `${what} can be deleted when no peer is older than ${second}`);
}

function isVersionAtMost(node: Node | undefined, version: string): node is Node {
  return node?.kind === "scalar" && /^\d+\.\d+$/.test(node.text) && compareVersions(node.text, version) <= 0;
}

/** The first version of the second major that is listed. */
function secondMajor({ versions }: File): string | undefined {
  const [oldest] = versions;
  return oldest === undefined ? undefined : versions.find((version) => majorOf(version) > majorOf(oldest));
}
