import type { Rule } from "../finding.js";
import { methodSubject } from "../rule-parts.js";

/** A method is gone. */
export const methodRemoved: Rule = {
  id: "method-removed",
  category: "WIRE",
  purpose: "A method is gone.",
  explanation:
    'Clients of the previous state get NoSuchMethod. A method ends with a major version: until: "7.0" keeps it for clients of the old major, for as long as that is listed.',
  check: {
    service: (pair) =>
      pair.removed.map((method) => ({
        service: pair.current.name,
        subject: methodSubject(method),
        message: `the method "${method.name}" is gone`,
        help: `keep it with until: "${pair.versions.major}"; it can be deleted together with the last version that has it`,
        at: { previous: method.range },
        note: `removes ${method.name}`,
      })),
  },
};
