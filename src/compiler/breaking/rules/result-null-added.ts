import type { Rule } from "../finding.js";
import { breaksSide, newMethodHelp, plainName, typeBreak } from "../rule-parts.js";

/** A result, something in it, or a field of an error may be null, and could not be. */
export const resultNullAdded: Rule = {
  id: "result-null-added",
  category: "ROLLING",
  purpose: "A result, something in it, or a field of an error may be null, and could not be.",
  explanation: "Clients of the previous state take it for a value.",
  check: {
    type: (change, pair) =>
      change.kind === "null" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `${change.name} may be null now`,
              help: newMethodHelp,
              unless: `${plainName(change)} were never null`,
            }),
          ]
        : [],
  },
};
