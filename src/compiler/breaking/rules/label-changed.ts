import { ruleAt } from "../../routes.js";
import type { Rule } from "../finding.js";
import { atVersions, methodBreak } from "../rule-parts.js";

/** Requests have another version label at a version which the previous state has. */
export const labelChanged: Rule = {
  id: "label-changed",
  category: "ROLLING",
  purpose: "Requests have another version label at a version which the previous state has.",
  explanation:
    "A label that is higher is refused by servers which are older than it; one that is lower is read as another shape.",
  check: {
    method: (method, pair) => {
      const { previous, current, both } = method;
      const differ = both.filter((version) => ruleAt(previous.label, version) !== ruleAt(current.label, version));
      const [first] = differ;
      if (first === undefined) return [];
      const text = (rules: typeof current.label): string => ruleAt(rules, first) ?? "computed";
      return [
        methodBreak(method, pair, {
          message: `the label of "${current.name}" was ${text(previous.label)} and is ${text(current.label)}${atVersions(differ, both, pair)}`,
          help: `let the other label begin with since: "${pair.versions.minor}"`,
          unless: `the label of "${current.name}" changed since "${pair.versions.minor}"`,
        }),
      ];
    },
  },
};
