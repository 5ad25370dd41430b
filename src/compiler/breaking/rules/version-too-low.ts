import { compareVersions } from "../../versions.js";
import type { VersionRule } from "../finding.js";

/** The newest version is new, and not new enough for what has changed. */
export const versionTooLow: VersionRule = {
  id: "version-too-low",
  category: "POLICY",
  purpose: "The newest version is new, and not new enough for what has changed.",
  explanation:
    "A minor version promises that everything of its major still works. What breaks that promise takes a new major version, beside which the old one stays listed for the clients that speak it.",
  checkVersion: ({ required, declared, isEnough, previous, service }, { current }) =>
    // A version that went back is told by the rule about that.
    isEnough || compareVersions(declared, previous) <= 0
      ? []
      : [
          {
            service,
            subject: `versions.${declared}`,
            message: `the newest version is ${declared}, and the changes since ${previous} need ${required}`,
            help: `call it ${required}, and keep the others; --fix-version does it`,
            at: { current: current.versions.at(-1)?.range ?? current.range },
            needs: "none",
          },
        ],
};
