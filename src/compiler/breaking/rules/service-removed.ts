import type { Rule } from "../finding.js";

/** A service is gone. */
export const serviceRemoved: Rule = {
  id: "service-removed",
  category: "WIRE",
  purpose: "A service is gone.",
  explanation:
    "Clients of the previous state send to its topic, and nobody answers. A service which has the same topic and namespace under another name is not gone.",
  check: {
    removedService: (service) => [
      {
        service: service.name,
        subject: "service",
        message: `the service "${service.name}" is gone`,
        help: "keep its file while clients may call it, or accept this in the baseline with the reason",
        at: { previous: service.range },
      },
    ],
  },
};
