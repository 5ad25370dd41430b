import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** An argument that older servers did without is refused now. */
export const whenOlderTightened: Rule = {
  id: "when-older-tightened",
  category: "ROLLING",
  purpose: "An argument that older servers did without is refused now.",
  explanation:
    "With when_older: drop, clients could call older servers and the argument was left out. Now those calls fail.",
  check: {
    param: ({ previous, current }, method, pair) =>
      previous.whenOlder !== "drop" ||
      current.whenOlder === "drop" ||
      current.interval.since === method.current.interval.since
        ? []
        : [
            methodBreak(method, pair, {
              subject: paramSubject(method.current, current),
              message: `the argument "${current.name}" of "${method.current.name}" was dropped for servers below ${current.interval.since}, and is refused now`,
              help: "write when_older: drop as it was",
              at: { current: current.range },
              unless: `${current.name} kept when_older: drop`,
            }),
          ],
  },
};
