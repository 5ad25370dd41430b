import { majorOf } from "../../versions.js";
import type { Rule } from "../finding.js";
import { joined } from "../texts.js";

/** A major version is not served any more. */
export const majorDropped: Rule = {
  id: "major-dropped",
  category: "ROLLING",
  purpose: "A major version is not served any more.",
  explanation:
    "Clients that are capped there get UnsupportedVersion. Nobody but you knows whether there are any: when the last one is gone, accept this in the baseline with the reason. A state that speaks only what the previous one did not know can talk with nobody while both run.",
  check: {
    service: ({ previous, current, versions }) => {
      const kept = new Set(current.versions.map(({ version }) => majorOf(version)));
      const gone = previous.versions.filter(({ version }) => !kept.has(majorOf(version)));
      return [...new Set(gone.map(({ version }) => majorOf(version)))].map((major) => {
        const isNewest = majorOf(versions.previous) === major;
        const first = gone.find(({ version }) => majorOf(version) === major);
        const releases = previous.releases.filter(({ version }) => majorOf(version) === major).map(({ name }) => name);
        const promised =
          releases.length === 0 ? "" : `, which ${joined(releases)} ${releases.length === 1 ? "pins" : "pin"}`;
        return {
          service: current.name,
          subject: `versions.${major}.x`,
          message: `${major}.x is not served any more${promised}${isNewest ? "; the previous state speaks nothing newer" : ""}`,
          help: isNewest
            ? `list the versions of ${major}.x beside the new ones until every client has been upgraded`
            : "list its versions while a client may be capped there, or accept this in the baseline with the reason",
          at: { previous: first?.range ?? previous.range },
          related: [
            { message: "the versions that are left", at: { current: current.versions[0]?.range ?? current.range } },
          ],
          needs: "none" as const,
        };
      });
    },
  },
};
