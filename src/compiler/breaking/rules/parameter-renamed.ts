import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** A parameter has another name on the wire, and nothing says which one it had. */
export const parameterRenamed: Rule = {
  id: "parameter-renamed",
  category: "WIRE",
  purpose: "A parameter has another name on the wire, and nothing says which one it had.",
  explanation:
    "A parameter of the previous state is gone, and exactly one new one of the method has its type. With was: [{ before: VERSION, name: OLD }] both names work, each at its versions.",
  check: {
    method: (method, pair) =>
      method.both.length === 0
        ? []
        : method.renamed.map(({ previous, current }) =>
            methodBreak(method, pair, {
              subject: paramSubject(method.current, previous),
              message: `the argument "${previous.name}" of "${method.current.name}" seems to be called "${current.name}" now`,
              help: `add was: [{ before: "${pair.versions.minor}", name: ${previous.name} }] to "${current.name}"`,
              at: { current: current.range },
              related: [{ message: "the argument as it was", at: { previous: previous.range } }],
              unless: `"${current.name}" said was: [{ before: "${pair.versions.minor}", name: ${previous.name} }]`,
              note: `renames ${previous.name} of ${method.current.name}`,
            }),
          ),
  },
};
