import type { Rule } from "../finding.js";
import { methodBreak } from "../rule-parts.js";

/** A method may not be sent twice any more. */
export const idempotentRemoved: Rule = {
  id: "idempotent-removed",
  category: "ROLLING",
  purpose: "A method may not be sent twice any more.",
  explanation: "Clients of the previous state send it again after a lost connection, since it was idempotent.",
  check: {
    method: (method, pair) =>
      method.previous.idempotent && !method.current.idempotent && method.both.length > 0
        ? [
            methodBreak(method, pair, {
              message: `"${method.current.name}" was idempotent and is not, and older clients still send it again after a lost connection`,
              help: "keep it idempotent, or give the new behaviour a new method",
              unless: `${method.current.name} stayed idempotent`,
            }),
          ]
        : [],
  },
};
