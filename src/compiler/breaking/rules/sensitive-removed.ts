import type { Rule } from "../finding.js";
import { typeBreak } from "../rule-parts.js";

/** A value that was masked is not any more. */
export const sensitiveRemoved: Rule = {
  id: "sensitive-removed",
  category: "POLICY",
  purpose: "A value that was masked is not any more.",
  explanation: "It appears in logs, errors and tools from now on. Whether that is meant should be written down.",
  check: {
    type: (change, pair) =>
      change.kind === "sensitive"
        ? [
            typeBreak(change, pair, undefined, {
              message: `${change.name} was sensitive and is not: it appears in logs and errors`,
              help: "write sensitive: true, or accept this in the baseline with the reason",
              needs: "none",
            }),
          ]
        : [],
  },
};
