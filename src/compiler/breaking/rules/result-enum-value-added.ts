import type { Rule } from "../finding.js";
import { breaksSide, typeBreak } from "../rule-parts.js";

/** An enum in results or errors has a new value. */
export const resultEnumValueAdded: Rule = {
  id: "result-enum-value-added",
  category: "ROLLING",
  purpose: "An enum in results or errors has a new value.",
  explanation: "Clients of the previous state do not know it, whatever they do for each of the values.",
  check: {
    type: (change, pair) =>
      change.kind === "enum-value" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `the value ${change.after} of ${change.name} is new`,
              help: "return it only from a new method, or accept this in the baseline when clients are ready for unknown values",
            }),
          ]
        : [],
  },
};
