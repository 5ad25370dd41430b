import { compareVersions } from "../../versions.js";
import type { Rule } from "../finding.js";
import { eachPart, endNote } from "../rule-parts.js";
import { joined } from "../texts.js";

/** Something ends at or below a version that a release has. */
export const untilBeforeRelease: Rule = {
  id: "until-before-release",
  category: "ROLLING",
  purpose: "Something ends at or below a version that a release has.",
  explanation:
    "Whoever pins the release counts on everything that its version has. The end of something is a version that no release names yet.",
  check: eachPart((part, pair) => {
    const { until } = part.current.interval;
    const releases = pair.previous.releases.filter(
      ({ version }) => until !== undefined && part.lost.includes(version) && compareVersions(version, until) >= 0,
    );
    if (releases.length === 0) return undefined;
    const names = joined(releases.map((release) => `${release.name} (${release.version})`));
    return {
      message: `${part.name} ends at ${until}, and ${names} ${releases.length === 1 ? "promises" : "promise"} it`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      note: endNote(part),
    };
  }),
};
