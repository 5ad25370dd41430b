import type { Rule } from "../finding.js";
import { breaksSide, newMethodHelp, typeBreak } from "../rule-parts.js";

/** A result, something in it, or a field of an error has another type with values that it had not. */
export const resultTypeChanged: Rule = {
  id: "result-type-changed",
  category: "WIRE",
  purpose: "A result, something in it, or a field of an error has another type with values that it had not.",
  explanation:
    "Clients of the previous state cannot read them. A result may narrow, from string to uuid for example, and not widen.",
  check: {
    type: (change, pair) =>
      change.kind === "type" && breaksSide(change, "result")
        ? [
            typeBreak(change, pair, "result", {
              message: `${change.name} was ${change.before} and is ${change.after}`,
              help: newMethodHelp,
            }),
          ]
        : [],
  },
};
