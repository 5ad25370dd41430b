import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** The fields of a versioned object have changed, and its version has not. */
export const objectVersionUnchanged: Rule = {
  id: "object-version-unchanged",
  category: "POLICY",
  purpose: "The fields of a versioned object have changed, and its version has not.",
  explanation: "Peers tell by the version of an object which fields it has.",
  check: {
    type: (change, pair) =>
      change.kind === "object-version"
        ? [
            typeBreak(change, pair, undefined, {
              message: `the fields of ${change.name} have changed, and its version is still ${change.after}`,
              help: "raise the minor version under object",
              needs: "none",
            }),
          ]
        : [],
  },
};
