import type { Rule } from "../finding.js";
import { pairItems } from "../pairing.js";

/** The name of a release means another version. */
export const releaseMoved: Rule = {
  id: "release-moved",
  category: "ROLLING",
  purpose: "The name of a release means another version.",
  explanation:
    "Clients of the two states that pin the same name speak different versions. What a release was is history.",
  check: {
    service: ({ previous, current }) => {
      const { pairs } = pairItems(previous.releases, current.releases, ({ name }) => name);
      return pairs
        .filter(([before, now]) => before.version !== now.version)
        .map(([before, now]) => ({
          service: current.name,
          subject: `releases.${now.name}`,
          message: `the release ${now.name} was ${before.version} and is ${now.version}`,
          help: `write ${now.name}: "${before.version}" as it was`,
          at: { current: now.range },
          needs: "none" as const,
        }));
    },
  },
};
