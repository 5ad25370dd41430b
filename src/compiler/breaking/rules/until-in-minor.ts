import { isSent } from "../at-version.js";
import type { MethodPair, ParamPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { endNote, methodBreak, methodSubject, paramSubject } from "../rule-parts.js";

/** Something ends with a minor version. */
export const untilInMinor: Rule = {
  id: "until-in-minor",
  category: "ROLLING",
  purpose: "Something ends with a minor version.",
  explanation:
    "A server of a minor version takes every request of the lower ones of its major: that is what the number promises to peers which do not know this definition. Something ends with a major version.",
  check: {
    method: (method, pair) => [
      ...ending(method, pair, `"${method.current.name}"`, methodSubject(method.current), method),
      ...method.params.flatMap((param) =>
        isSent(param.current)
          ? ending(
              param,
              pair,
              `the argument "${param.current.name}" of "${method.current.name}"`,
              paramSubject(method.current, param.current),
              method,
            )
          : [],
      ),
    ],
  },
};

function ending(
  { previous, current, both }: MethodPair | ParamPair,
  pair: ServicePair,
  name: string,
  subject: string,
  method: MethodPair,
): Break[] {
  const { until } = current.interval;
  if (until === undefined || until === previous.interval.until || both.length === 0) return [];
  if (!pair.versions.isMinorStep(until)) return [];
  return [
    methodBreak(method, pair, {
      subject,
      message: `${name} ends at ${until}, which is a minor version`,
      help: `let it end with the next major version: until: "${pair.versions.major}"`,
      at: { current: current.range },
      note: endNote({ current }, method),
    }),
  ];
}
