import { compareVersions } from "../../versions.js";
import type { Rule } from "../finding.js";
import { eachPart } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something exists later than it did. */
export const sinceLater: Rule = {
  id: "since-later",
  category: "ROLLING",
  purpose: "Something exists later than it did.",
  explanation:
    "Clients of the new state refuse or leave out, at versions of the old one, what servers of those versions have. When something came is history.",
  check: eachPart(({ previous, current, lost, name }, { shared }) => {
    const [before, now] = [previous.interval.since, current.interval.since];
    const found = lost.filter((version) => compareVersions(version, now) < 0);
    if (found.length === 0) return undefined;
    return {
      message: `${name} existed since ${before} and exists since ${now}, so that ${versionsText(found, shared)} lost it`,
      help: `write since: "${before}" as it was`,
      needs: "major",
    };
  }),
};
