import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** A constraint on an argument allows less than it did. */
export const argumentConstraintTightened: Rule = {
  id: "argument-constraint-tightened",
  category: "WIRE",
  purpose: "A constraint on an argument allows less than it did.",
  explanation:
    "Clients of the previous state send values that were allowed, and are refused. A pattern or format that changes counts as tighter, since it cannot be told.",
  check: {
    type: (change, pair) =>
      change.kind === "constraint" && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `${change.name} allows less: ${change.before} became ${change.after}`,
              help: "keep the constraint as it was, and check the new limit in the manager",
              unless: `${plainName(change)} stayed as wide as it was`,
            }),
          ]
        : [],
  },
};
