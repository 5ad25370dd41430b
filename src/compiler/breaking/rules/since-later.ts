import { compareVersions } from "../../versions.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something exists later than it did. */
export const sinceLater: Rule = {
  id: "since-later",
  category: "ROLLING",
  purpose: "Something exists later than it did.",
  explanation:
    "Clients of the new state refuse or leave out, at versions of the old one, what servers of those versions have. When something came is history.",
  check: {
    method: (method, pair) => [
      ...moved(method, pair, `"${method.current.name}"`, methodSubject(method.current), method),
      ...method.params.flatMap((param) =>
        moved(
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

function moved(
  { previous, current, lost }: MethodPair | ParamPair,
  pair: ServicePair,
  name: string,
  subject: string,
  method: MethodPair,
): Break[] {
  const found = lost.filter((version) => compareVersions(version, current.interval.since) < 0);
  if (found.length === 0) return [];
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} existed since ${previous.interval.since} and exists since ${current.interval.since}, so that ${versionsText(found, pair.shared)} lost it`,
      help: `write since: "${previous.interval.since}" as it was`,
      at: { current: current.range },
      needs: "major",
    }),
  ];
}
