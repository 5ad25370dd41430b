import { compareVersions } from "../../versions.js";
import type { Rule } from "../finding.js";
import { eachPart } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something claims to be older than it is. */
export const sinceEarlier: Rule = {
  id: "since-earlier",
  category: "ROLLING",
  purpose: "Something claims to be older than it is.",
  explanation:
    "Clients whose cap is one of those versions send it to servers that do not have it. When something came is history.",
  check: eachPart(({ previous, gained, name }, { shared }) => {
    const { since } = previous.interval;
    const found = gained.filter((version) => compareVersions(version, since) < 0);
    if (found.length === 0) return undefined;
    return {
      message: `${name} exists since ${since} and claims to exist at ${versionsText(found, shared)}`,
      help: `write since: "${since}" as it was`,
      needs: "minor",
    };
  }),
};
