import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** A new parameter of a minor version makes every call to an older server fail. */
export const parameterRefusedWhenOlder: Rule = {
  id: "parameter-refused-when-older",
  category: "ROLLING",
  purpose: "A new parameter of a minor version makes every call to an older server fail.",
  explanation:
    "It must be there, and when_older says reject: a client that still has to speak with older servers cannot call the method at all. With a default, optional: true or when_older: drop a minor version may bring it; otherwise it takes a major one.",
  check: {
    method: (method, pair) =>
      method.added
        .filter(({ param, claims }) => {
          const { since } = param.interval;
          const isNew =
            claims.length === 0 && method.both.length > 0 && isSent(param) && pair.versions.isMinorStep(since);
          return isNew && !param.optional && param.whenOlder !== "drop";
        })
        .map(({ param }) =>
          methodBreak(method, pair, {
            subject: paramSubject(method.current, param),
            message: `the new argument "${param.name}" of "${method.current.name}" must be there, so that clients capped below ${param.interval.since} cannot call it`,
            help: "give it a default, optional: true or when_older: drop",
            at: { current: param.range },
            unless: `${param.name} had a default`,
            note: `adds ${param.name} to ${method.current.name}`,
          }),
        ),
  },
};
