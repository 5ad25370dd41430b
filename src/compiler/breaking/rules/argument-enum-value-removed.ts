import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** A value of an enum in arguments is gone. */
export const argumentEnumValueRemoved: Rule = {
  id: "argument-enum-value-removed",
  category: "WIRE",
  purpose: "A value of an enum in arguments is gone.",
  explanation: "Clients of the previous state send it, and are refused.",
  check: {
    type: (change, pair) =>
      change.kind === "enum-value" && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `the value ${change.before} of ${change.name} is gone`,
              help: "keep it, and let the manager refuse it with an error of its own",
              unless: `${plainName(change)} stayed`,
            }),
          ]
        : [],
  },
};
