import { child, entriesOf } from "../../document.js";
import { compareVersions } from "../../versions.js";
import type { Rule } from "../rule.js";

/** Within a major, versions follow each other. */
export const versionGap: Rule = {
  id: "version-gap",
  group: "versions",
  severity: "warning",
  purpose: "The table of versions leaves none out: each minor follows the one before.",
  explanation:
    "Versions count up by one. Where one is missing, either a line was lost, or a digit is wrong, and a peer that speaks the missing version finds no entry which says what it can do, and no client can be held to it by a version cap. A version whose change cannot be seen in the definition is listed too, with a comment: `# rpcgen-ignore version-without-change: REASON`. A major may begin at any minor, since older ones may have been dropped.",
  example: 'versions: { "1.0": First., "1.2": Third. }\nmethods:\n  start: { kind: cast, since: "1.2" }\n',
  fix: 'versions: { "1.0": First., "1.1": Second., "1.2": Third. }\nmethods:\n  start: { kind: cast, since: "1.2" }\n  stop: { kind: cast, since: "1.1" }\n',
  check({ files }, report) {
    for (const { document } of files) {
      const entries = entriesOf(child(document.root, "versions"))
        .filter(({ key }) => /^\d+\.\d+$/.test(key))
        .sort((a, b) => compareVersions(a.key, b.key));
      for (const [index, { key, keyNode }] of entries.entries()) {
        const before = entries[index - 1]?.key.split(".").map(Number);
        const [major = 0, minor = 0] = key.split(".").map(Number);
        if (before === undefined || before[0] !== major) continue;
        const last = before[1] ?? 0;
        if (minor <= last + 1) continue;
        const missing =
          minor === last + 2 ? `${major}.${last + 1} is` : `${major}.${last + 1} to ${major}.${minor - 1} are`;
        report(keyNode.range, `${missing} missing before version ${key}`, {
          help: "list each with what it brought, also where nothing of that is left, or correct the number",
        });
      }
    }
  },
};
