import { compareVersions } from "../../versions.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** Something that has ended claims to have lived longer. */
export const untilLater: Rule = {
  id: "until-later",
  category: "ROLLING",
  purpose: "Something that has ended claims to have lived longer.",
  explanation:
    "Clients whose cap is one of those versions send it to servers that do not have it any more. What comes back comes with a new version, under another name.",
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
  const found = gained.filter(
    (version) => previous.interval.until !== undefined && compareVersions(version, previous.interval.until) >= 0,
  );
  if (found.length === 0) return [];
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} ended at ${previous.interval.until} and claims to exist at ${versionsText(found, pair.shared)}`,
      help: `write until: "${previous.interval.until}" as it was`,
      at: { current: current.range },
      needs: "minor",
    }),
  ];
}
