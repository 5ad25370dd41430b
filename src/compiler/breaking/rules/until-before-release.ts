import { compareVersions } from "../../versions.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { endNote, methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { joined } from "../texts.js";

/** Something ends at or below a version that a release has. */
export const untilBeforeRelease: Rule = {
  id: "until-before-release",
  category: "ROLLING",
  purpose: "Something ends at or below a version that a release has.",
  explanation:
    "Whoever pins the release counts on everything that its version has. The end of something is a version that no release names yet.",
  check: {
    method: (method, pair) => [
      ...broken(method, pair, `"${method.current.name}"`, methodSubject(method.current), method),
      ...method.params.flatMap((param) =>
        broken(
          param,
          pair,
          `the argument "${param.current.name}" of "${method.current.name}"`,
          paramSubject(method.current, param.current),
          method,
        ),
      ),
    ],
  },
};

function broken(
  { current, lost }: MethodPair | ParamPair,
  pair: ServicePair,
  name: string,
  subject: string,
  method: MethodPair,
): Break[] {
  const { until } = current.interval;
  if (until === undefined) return [];
  const releases = pair.previous.releases.filter(
    ({ version }) => lost.includes(version) && compareVersions(version, until) >= 0,
  );
  if (releases.length === 0) return [];
  const names = joined(releases.map((release) => `${release.name} (${release.version})`));
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} ends at ${until}, and ${names} ${releases.length === 1 ? "promises" : "promise"} it`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      at: { current: current.range },
      note: endNote({ current }, method),
    }),
  ];
}
