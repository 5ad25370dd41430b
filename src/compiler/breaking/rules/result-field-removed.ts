import type { Rule } from "../finding.js";
import { plainName, typeBreak } from "../rule-parts.js";

/** A field that was always in results or errors is gone. */
export const resultFieldRemoved: Rule = {
  id: "result-field-removed",
  category: "WIRE",
  purpose: "A field that was always in results or errors is gone.",
  explanation: "Clients of the previous state read it.",
  check: {
    type: (change, pair) =>
      change.kind === "field-removed" && change.sides.has("result") && !change.optional
        ? [
            typeBreak(change, pair, "result", {
              message: `the field ${change.name} is gone`,
              help: "keep it; a new method can return another type",
              unless: `${plainName(change)} stayed`,
            }),
          ]
        : [],
  },
};
