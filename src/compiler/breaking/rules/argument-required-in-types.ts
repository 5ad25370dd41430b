import { compareVersions } from "../../versions.js";
import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** Callers must give an argument that they could leave out. */
export const argumentRequiredInTypes: Rule = {
  id: "argument-required-in-types",
  category: "SOURCE",
  purpose: "Callers must give an argument that they could leave out.",
  explanation:
    "Requests without it are still understood, since older clients send them; programs that leave it out do not compile.",
  check: {
    param: ({ previous, current, both }, method, pair) => {
      const isYounger = compareVersions(current.interval.since, method.current.interval.since) > 0;
      const wasOptional = previous.optional || previous.fill !== undefined;
      const isOptional = current.optional || current.fill !== undefined;
      const isOnWire = both.length > 0 && isSent(current) && previous.optional && !isYounger;
      // What is refused on the wire has a rule of its own.
      if (!wasOptional || isOptional || isOnWire || current.from !== undefined || current.const !== undefined)
        return [];
      return [
        methodBreak(method, pair, {
          subject: paramSubject(method.current, current),
          message: `callers must give "${current.name}" of "${method.current.name}", and could leave it out`,
          help: "keep its default, or optional: true",
          at: { current: current.range },
          needs: "none",
        }),
      ];
    },
  },
};
