import { compareVersions, majorOf } from "../../versions.js";
import type { Rule } from "../finding.js";

/** A version has been taken out of the history. */
export const versionRemoved: Rule = {
  id: "version-removed",
  category: "POLICY",
  purpose: "A version has been taken out of the history.",
  explanation:
    "Its number meant something to whoever is capped or pinned there. Versions are deleted by whole majors, when nobody speaks them any more.",
  check: {
    service: ({ previous, current, shared }) => {
      const listed = new Set(current.versions.map(({ version }) => version));
      const newest = new Map(current.versions.map(({ version }) => [majorOf(version), version]));
      // Above the newest one of a major it is a version that went back, which fails on the wire.
      const gone = shared.filter(
        (version) => !listed.has(version) && compareVersions(version, newest.get(majorOf(version)) ?? version) < 0,
      );
      return gone.map((version) => ({
        service: current.name,
        subject: `versions.${version}`,
        message: `version ${version} is not listed any more`,
        help: `list it again, or delete the whole of ${majorOf(version)}.x`,
        at: { previous: previous.versions.find((entry) => entry.version === version)?.range ?? previous.range },
        needs: "none" as const,
      }));
    },
  },
};
