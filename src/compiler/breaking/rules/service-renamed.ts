import type { Rule } from "../finding.js";

/** The service has another name, so that its classes have. */
export const serviceRenamed: Rule = {
  id: "service-renamed",
  category: "SOURCE",
  purpose: "The service has another name, so that its classes have.",
  explanation:
    "Topic and namespace are the same, so nothing changes on the wire; the API, the manager's interface and the folder are called after the service.",
  check: {
    service: ({ previous, current }) =>
      previous.name === current.name
        ? []
        : [
            {
              service: current.name,
              subject: "service",
              message: `the service "${previous.name}" is called "${current.name}": ${previous.typeName}API is ${current.typeName}API`,
              at: { current: current.range },
              needs: "none",
            },
          ],
  },
};
