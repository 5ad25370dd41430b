import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** A field that was always in results or errors may be absent. */
export const resultFieldOptional: Rule = {
  id: "result-field-optional",
  category: "ROLLING",
  purpose: "A field that was always in results or errors may be absent.",
  explanation: "Clients of the previous state read it without looking.",
  check: {
    type: (change, pair) =>
      change.kind === "field-presence" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `the field ${change.name} was always there and may be absent now`,
              help: "keep it required",
              unless: `${plainName(change)} stayed required`,
            }),
          ]
        : [],
  },
};
