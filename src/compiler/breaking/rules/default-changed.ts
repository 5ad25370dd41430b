import type { Rule } from "../finding.js";
import { plainName, typeBreak } from "../rule-parts.js";

/** A default is another value, or gone. */
export const defaultChanged: Rule = {
  id: "default-changed",
  category: "ROLLING",
  purpose: "A default is another value, or gone.",
  explanation: "Whoever leaves the value out means the old default, and a server of the other state takes the new one.",
  check: {
    type: (change, pair) =>
      change.kind === "default" && change.sides.has("argument")
        ? [
            typeBreak(change, pair, "argument", {
              message: `the default of ${change.name} was ${change.before} and is ${change.after}`,
              help: "keep the default; what should be new for new callers is a new parameter",
              unless: `${plainName(change)} kept its default`,
            }),
          ]
        : [],
  },
};
