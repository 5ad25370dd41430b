import type { Rule } from "../finding.js";
import { methodBreak } from "../rule-parts.js";

/** A cast that survived a server's death does not any more. */
export const deliveryWeakened: Rule = {
  id: "delivery-weakened",
  category: "ROLLING",
  purpose: "A cast that survived a server's death does not any more.",
  explanation:
    "Callers count on delivery: at-least-once: a message whose server dies is delivered again. Without it the message is lost.",
  check: {
    method: (method, pair) =>
      method.previous.delivery === "at-least-once" &&
      method.current.delivery === "at-most-once" &&
      method.both.length > 0
        ? [
            methodBreak(method, pair, {
              message: `"${method.current.name}" was delivered at least once and is delivered at most once`,
              help: "keep delivery: at-least-once, or give the new behaviour a new method",
              unless: `${method.current.name} kept delivery: at-least-once`,
            }),
          ]
        : [],
  },
};
