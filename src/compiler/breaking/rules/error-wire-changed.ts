import type { Rule } from "../finding.js";

/** An error has another class or module on the wire. */
export const errorWireChanged: Rule = {
  id: "error-wire-changed",
  category: "WIRE",
  purpose: "An error has another class or module on the wire.",
  explanation:
    "Clients of the previous state get RemoteError with a name that they do not know, in place of the class which they catch.",
  check: {
    service: ({ previous: { name }, current, errors }) =>
      errors
        .filter(({ previous: before, current: now }) => before.wire !== now.wire)
        .map(({ previous: before, current: now }) => ({
          service: current.name,
          subject: `errors.${now.name}.wire`,
          message: `the error "${now.name}" was ${before.wire} on the wire and is ${now.wire}${current.name === name ? "" : ", after the service's name"}`,
          help: `write wire: ${before.wire}`,
          at: { current: now.range },
          unless: `${now.name} had wire: ${before.wire}`,
          note: `changes ${now.name}`,
        })),
  },
};
