import type { Rule } from "../finding.js";
import { eachPart, endNote } from "../rule-parts.js";

/** Something ends with a minor version. */
export const untilInMinor: Rule = {
  id: "until-in-minor",
  category: "ROLLING",
  purpose: "Something ends with a minor version.",
  explanation:
    "A server of a minor version takes every request of the lower ones of its major: that is what the number promises to peers which do not know this definition. Something ends with a major version.",
  check: eachPart((part, pair) => {
    const { until } = part.current.interval;
    if (until === undefined || until === part.previous.interval.until) return undefined;
    if (!part.isSent || part.both.length === 0 || !pair.versions.isMinorStep(until)) return undefined;
    return {
      message: `${part.name} ends at ${until}, which is a minor version`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      note: endNote(part),
    };
  }),
};
