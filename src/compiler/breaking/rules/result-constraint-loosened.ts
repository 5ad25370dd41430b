import type { Rule } from "../finding.js";
import { breaksSide, newMethodHelp, plainName, typeBreak } from "../rule-parts.js";

/** A constraint on a result allows more than it did. */
export const resultConstraintLoosened: Rule = {
  id: "result-constraint-loosened",
  category: "ROLLING",
  purpose: "A constraint on a result allows more than it did.",
  explanation: "Clients of the previous state count on the old limit: a column is as wide as maxLength was.",
  check: {
    type: (change, pair) =>
      change.kind === "constraint" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `${change.name} allows more: ${change.before} became ${change.after}`,
              help: newMethodHelp,
              unless: `${plainName(change)} stayed as narrow as it was`,
            }),
          ]
        : [],
  },
};
