import { compareVersions } from "../../versions.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something claims to be older than it is. */
export const sinceEarlier: Rule = {
  id: "since-earlier",
  category: "ROLLING",
  purpose: "Something claims to be older than it is.",
  explanation:
    "Clients whose cap is one of those versions send it to servers that do not have it. When something came is history.",
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
  { previous, current, gained }: MethodPair | ParamPair,
  pair: ServicePair,
  name: string,
  subject: string,
  method: MethodPair,
): Break[] {
  const found = gained.filter((version) => compareVersions(version, previous.interval.since) < 0);
  if (found.length === 0) return [];
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} exists since ${previous.interval.since} and claims to exist at ${versionsText(found, pair.shared)}`,
      help: `write since: "${previous.interval.since}" as it was`,
      at: { current: current.range },
      needs: "minor",
    }),
  ];
}
