import type { Rule } from "../finding.js";
import { breaksSide, formerTypeHelp, typeBreak } from "../rule-parts.js";

/** An argument, or something in it, has another type that does not take all former values. */
export const argumentTypeChanged: Rule = {
  id: "argument-type-changed",
  category: "WIRE",
  purpose: "An argument, or something in it, has another type that does not take all former values.",
  explanation:
    "Clients of the previous state send values of the old type, and are refused. An argument may widen, from uuid to string for example, and not narrow. Types have no versions of their own: the former type stays, under a name, and was says where it holds.",
  check: {
    type: (change, pair) =>
      change.kind === "type" && breaksSide(change, "argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `${change.name} was ${change.before} and is ${change.after}`,
              help: formerTypeHelp(pair),
            }),
          ]
        : [],
  },
};
