import type { VersionRule } from "../finding.js";

/** The API has changed, and its newest version is the same. */
export const versionUnchanged: VersionRule = {
  id: "version-unchanged",
  category: "POLICY",
  purpose: "The API has changed, and its newest version is the same.",
  explanation:
    "Two states that call themselves the same and are not cannot be told apart by a version cap, a release or a log. Each change that a peer can notice comes with a new version, which rpcgen breaking --fix-version writes.",
  checkVersion: ({ required, declared, isEnough, previous, service }, { current }) =>
    isEnough || declared !== previous
      ? []
      : [
          {
            service,
            subject: `versions.${declared}`,
            message: `the API has changed, and its newest version is still ${declared}: ${required} may carry it`,
            help: `add "${required}" to versions; --fix-version does it`,
            at: { current: current.versions.at(-1)?.range ?? current.range },
            needs: "none",
          },
        ],
};
