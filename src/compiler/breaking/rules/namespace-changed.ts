import type { Rule } from "../finding.js";

/** The service has another namespace. */
export const namespaceChanged: Rule = {
  id: "namespace-changed",
  category: "WIRE",
  purpose: "The service has another namespace.",
  explanation:
    "A server takes only requests of its namespace, so that it answers those of clients of the previous state with UnsupportedVersion.",
  check: {
    service: ({ previous, current }) =>
      previous.namespace === current.namespace
        ? []
        : [
            {
              service: current.name,
              subject: "namespace",
              message: `the namespace was ${text(previous.namespace)} and is ${text(current.namespace)}`,
              help: "keep it, and give what is new a service of its own",
              at: { current: current.range },
              note: "changes the namespace",
            },
          ],
  },
};

function text(namespace: string | undefined): string {
  return namespace === undefined ? "none" : `"${namespace}"`;
}
