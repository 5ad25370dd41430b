import type { Rule } from "../finding.js";
import { plainName, typeBreak } from "../rule-parts.js";

/** A field in arguments is gone. */
export const argumentFieldRemoved: Rule = {
  id: "argument-field-removed",
  category: "ROLLING",
  purpose: "A field in arguments is gone.",
  explanation:
    "Servers pass over fields which they do not know: what clients of the previous state ask for with it does not happen, and nobody tells them.",
  check: {
    type: (change, pair) =>
      change.kind === "field-removed" && change.sides.has("argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `the field ${change.name} is gone, and is passed over without a word`,
              help: "keep it, deprecated, while clients may send it",
              unless: `${plainName(change)} stayed`,
            }),
          ]
        : [],
  },
};
