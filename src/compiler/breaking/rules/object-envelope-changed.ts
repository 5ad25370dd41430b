import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** A versioned object has another name, namespace, prefix or major version. */
export const objectEnvelopeChanged: Rule = {
  id: "object-envelope-changed",
  category: "WIRE",
  purpose: "A versioned object has another name, namespace, prefix or major version.",
  explanation: "Peers refuse an object whose envelope is not the one that they know; a minor version may go up.",
  check: {
    type: (change, pair) =>
      change.kind === "envelope"
        ? [
            typeBreak(change, pair, undefined, {
              message: `${change.name} was ${change.before} and is ${change.after}`,
              help: "keep the envelope; a new type can have another one",
            }),
          ]
        : [],
  },
};
