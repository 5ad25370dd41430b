import { compareVersions } from "../../versions.js";
import type { Rule } from "../finding.js";
import { eachPart, endNote } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something ends at a version which the previous state has, or deletes its end. */
export const untilEarlier: Rule = {
  id: "until-earlier",
  category: "WIRE",
  purpose: "Something ends at a version which the previous state has, or deletes its end.",
  explanation:
    "Servers answer NoSuchMethod or refuse the argument at versions at which clients of the previous state send it. The end of something is a version that did not exist yet.",
  check: eachPart((part, pair) => {
    const { until } = part.current.interval;
    const gone = part.lost.filter((version) => until !== undefined && compareVersions(version, until) >= 0);
    if (gone.length === 0) return undefined;
    // What a release has promised has a rule of its own.
    if (pair.previous.releases.some(({ version }) => gone.includes(version))) return undefined;
    const before = part.previous.interval.until;
    const was = before === undefined ? "had no end" : `ended at ${before}`;
    const lack = `${versionsText(gone, pair.shared)} ${gone.length === 1 ? "lacks" : "lack"} it`;
    return {
      message: `${part.name} ${was} and ends at ${until}, so that ${lack}`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      note: endNote(part),
    };
  }),
};
