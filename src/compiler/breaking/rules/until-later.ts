import { compareVersions } from "../../versions.js";
import type { Rule } from "../finding.js";
import { eachPart } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something that has ended claims to have lived longer. */
export const untilLater: Rule = {
  id: "until-later",
  category: "ROLLING",
  purpose: "Something that has ended claims to have lived longer.",
  explanation:
    "Clients whose cap is one of those versions send it to servers that do not have it any more. What comes back comes with a new version, under another name.",
  check: eachPart(({ previous, gained, name }, { shared }) => {
    const { until } = previous.interval;
    const found = gained.filter((version) => until !== undefined && compareVersions(version, until) >= 0);
    if (found.length === 0) return undefined;
    return {
      message: `${name} ended at ${until} and claims to exist at ${versionsText(found, shared)}`,
      help: `write until: "${until}" as it was`,
      needs: "minor",
    };
  }),
};
