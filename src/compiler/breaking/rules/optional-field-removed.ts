import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** An optional field of results or errors is gone. */
export const optionalFieldRemoved: Rule = {
  id: "optional-field-removed",
  category: "SOURCE",
  purpose: "An optional field of results or errors is gone.",
  explanation: "On the wire it is as if it were absent. Programs that read it do not compile.",
  check: {
    type: (change, pair) =>
      change.kind === "field-removed" && change.sides.has("result") && change.optional
        ? [
            typeBreak(change, pair, "result", {
              message: `the field ${change.name} is gone; it was optional`,
              help: "keep it, deprecated",
              needs: "minor",
            }),
          ]
        : [],
  },
};
