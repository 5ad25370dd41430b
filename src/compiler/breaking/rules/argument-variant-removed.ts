import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** A variant of a union in arguments is gone. */
export const argumentVariantRemoved: Rule = {
  id: "argument-variant-removed",
  category: "WIRE",
  purpose: "A variant of a union in arguments is gone.",
  explanation: "Clients of the previous state send it, and are refused.",
  check: {
    type: (change, pair) =>
      change.kind === "variant" && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `the variant ${change.before} of ${change.name} is gone`,
              help: "keep it, and let the manager refuse it with an error of its own",
              unless: `${plainName(change)} stayed`,
            }),
          ]
        : [],
  },
};
