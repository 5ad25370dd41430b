import { compareVersions } from "../../versions.js";
import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** An argument that could be left out must be there. */
export const parameterRequired: Rule = {
  id: "parameter-required",
  category: "WIRE",
  purpose: "An argument that could be left out must be there.",
  explanation: "Clients of the previous state leave it out, and are refused.",
  check: {
    param: ({ previous, current, both }, method, pair) => {
      const isYounger = compareVersions(current.interval.since, method.current.interval.since) > 0;
      const mayBeAbsent = current.optional || isYounger || current.from !== undefined || current.const !== undefined;
      if (both.length === 0 || !isSent(previous) || !isSent(current) || !previous.optional || mayBeAbsent) return [];
      return [
        methodBreak(method, pair, {
          subject: paramSubject(method.current, current),
          message: `the argument "${current.name}" of "${method.current.name}" could be left out and must be there now`,
          help: "keep its default, or optional: true",
          at: { current: current.range },
          unless: `${current.name} kept ${previous.default === undefined ? "optional: true" : "its default"}`,
          note: `requires ${current.name} of ${method.current.name}`,
        }),
      ];
    },
  },
};
