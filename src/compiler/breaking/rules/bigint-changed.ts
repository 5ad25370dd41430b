import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** A number has become a bigint in programs, or the other way round. */
export const bigintChanged: Rule = {
  id: "bigint-changed",
  category: "SOURCE",
  purpose: "A number has become a bigint in programs, or the other way round.",
  explanation: "On the wire both are digits. Programs hold integer as number and bigint as bigint, which do not mix.",
  check: {
    type: (change, pair) =>
      change.kind === "bigint"
        ? [
            typeBreak(change, pair, undefined, {
              message: `${change.name} was ${change.before} and is ${change.after}: programs hold another kind of number`,
              help: "keep the type, and give the larger number a new field or parameter",
              needs: "none",
            }),
          ]
        : [],
  },
};
