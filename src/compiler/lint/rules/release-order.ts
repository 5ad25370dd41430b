import { compareVersions } from "../../versions.js";
import type { Rule } from "../rule.js";

/** Releases are listed from old to new. */
export const releaseOrder: Rule = {
  id: "release-order",
  group: "versions",
  severity: "warning",
  purpose: "Releases are listed from old to new, and none has a lower version than the one before.",
  explanation:
    "A release never speaks less than the one before it. A version that falls is most often a slip, and a client which is capped at that release would do without what its servers know.",
  example:
    'versions: { "1.0": First., "1.1": Second. }\nreleases: { spring: "1.1", autumn: "1.0" }\nmethods:\n  start: { kind: cast, since: "1.1" }\n',
  fix: 'versions: { "1.0": First., "1.1": Second. }\nreleases: { spring: "1.0", autumn: "1.1" }\nmethods:\n  start: { kind: cast, since: "1.1" }\n',
  check({ files }, report) {
    for (const { service } of files) {
      const releases = service?.releases ?? [];
      for (const [index, { name, version, range }] of releases.entries()) {
        const before = releases[index - 1];
        if (before === undefined || compareVersions(version, before.version) >= 0) continue;
        const related = [{ message: `"${before.name}" is here`, range: before.range }];
        report(
          range,
          `the release "${name}" has version ${version}, and "${before.name}" before it has ${before.version}`,
          {
            help: "list releases from old to new, or correct the version",
            related,
          },
        );
      }
    }
  },
};
