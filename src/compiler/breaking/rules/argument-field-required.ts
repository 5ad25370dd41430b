import type { Rule } from "../finding.js";
import { breaksSide, plainName, typeBreak } from "../rule-parts.js";

/** A field in arguments must be there, and could be left out or did not exist. */
export const argumentFieldRequired: Rule = {
  id: "argument-field-required",
  category: "WIRE",
  purpose: "A field in arguments must be there, and could be left out or did not exist.",
  explanation: "Clients of the previous state do not send it, and are refused.",
  check: {
    type: (change, pair) =>
      (change.kind === "field-added" || change.kind === "field-presence") && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `the field ${change.name} ${change.kind === "field-added" ? "is new and must be there" : "could be left out and must be there now"}`,
              help: "give it a default, or optional: true",
              unless: `${plainName(change)} were optional or had a default`,
            }),
          ]
        : [],
  },
};
