import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** A union is told apart by another field. */
export const unionTagChanged: Rule = {
  id: "union-tag-changed",
  category: "WIRE",
  purpose: "A union is told apart by another field.",
  explanation: "Neither state finds in the other's values which variant they are.",
  check: {
    type: (change, pair) =>
      change.kind === "tag"
        ? [
            typeBreak(change, pair, undefined, {
              message: `the tag of ${change.name} was "${change.before}" and is "${change.after}"`,
              help: "keep the tag",
            }),
          ]
        : [],
  },
};
