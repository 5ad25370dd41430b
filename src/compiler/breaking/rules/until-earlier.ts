import { compareVersions } from "../../versions.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { endNote, methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something ends at a version which the previous state has, or deletes its end. */
export const untilEarlier: Rule = {
  id: "until-earlier",
  category: "WIRE",
  purpose: "Something ends at a version which the previous state has, or deletes its end.",
  explanation:
    "Servers answer NoSuchMethod or refuse the argument at versions at which clients of the previous state send it. The end of something is a version that did not exist yet.",
  check: {
    method: (method, pair) => [
      ...ended(method, pair, `"${method.current.name}"`, methodSubject(method.current), method),
      ...method.params.flatMap((param) =>
        ended(
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

function ended(
  { previous, current, lost }: MethodPair | ParamPair,
  pair: ServicePair,
  name: string,
  subject: string,
  method: MethodPair,
): Break[] {
  const { until } = current.interval;
  const gone = lost.filter((version) => until !== undefined && compareVersions(version, until) >= 0);
  if (until === undefined || gone.length === 0) return [];
  // What a release has promised has a rule of its own.
  if (pair.previous.releases.some(({ version }) => gone.includes(version))) return [];
  const was = previous.interval.until === undefined ? "had no end" : `ended at ${previous.interval.until}`;
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} ${was} and ends at ${until}, so that ${versionsText(gone, pair.shared)} ${gone.length === 1 ? "lacks" : "lack"} it`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      at: { current: current.range },
      note: endNote({ current }, method),
    }),
  ];
}
