import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** An argument, or something in it, may not be null any more. */
export const argumentNullRefused: Rule = {
  id: "argument-null-refused",
  category: "WIRE",
  purpose: "An argument, or something in it, may not be null any more.",
  explanation:
    "Clients of the previous state send null, and are refused. An argument may become nullable, and not the other way round.",
  check: {
    type: (change, pair) =>
      change.kind === "null" && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `${change.name} could be null and may not be null now`,
              help: "keep the ? of its type",
              unless: `${plainName(change)} could still be null`,
            }),
          ]
        : [],
  },
};
