import type { Rule } from "../finding.js";
import { breaksSide, typeBreak } from "../rule-parts.js";

/** A union in results or errors has a new variant. */
export const resultVariantAdded: Rule = {
  id: "result-variant-added",
  category: "ROLLING",
  purpose: "A union in results or errors has a new variant.",
  explanation: "Clients of the previous state do not know it, whatever they do for each of the variants.",
  check: {
    type: (change, pair) =>
      change.kind === "variant" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `the variant ${change.after} of ${change.name} is new`,
              help: "return it only from a new method, or accept this in the baseline when clients are ready for unknown variants",
            }),
          ]
        : [],
  },
};
