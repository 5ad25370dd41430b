import type { Rule } from "../finding.js";
import { methodSubject } from "../rule-parts.js";

/** A method has another name on the wire, and nothing says which one it had. */
export const methodRenamed: Rule = {
  id: "method-renamed",
  category: "WIRE",
  purpose: "A method has another name on the wire, and nothing says which one it had.",
  explanation:
    "A method of the previous state is gone, and exactly one new one has its parameters, result and kind. With was: [{ before: VERSION, name: OLD }] both names work, each at its versions.",
  check: {
    service: (pair) =>
      pair.renamed.map(({ previous, current }) => ({
        service: pair.current.name,
        subject: methodSubject(previous),
        message: `the method "${previous.name}" seems to be called "${current.name}" now, and its clients call the old name`,
        help: `add was: [{ before: "${pair.versions.minor}", name: ${previous.name} }] to "${current.name}"`,
        at: { current: current.range },
        related: [{ message: "the method as it was", at: { previous: previous.range } }],
        unless: `"${current.name}" said was: [{ before: "${pair.versions.minor}", name: ${previous.name} }]`,
        note: `renames ${previous.name} to ${current.name}`,
      })),
  },
};
