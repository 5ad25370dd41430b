import type { Rule } from "../finding.js";
import { pairItems } from "../pairing.js";

/** A time-out profile that programs may override is gone. */
export const profileRemoved: Rule = {
  id: "profile-removed",
  category: "SOURCE",
  purpose: "A time-out profile that programs may override is gone.",
  explanation:
    "A program that gives the profile's values when it makes its client or server names something that does not exist.",
  check: {
    service: ({ previous, current }) =>
      pairItems(previous.timeouts, current.timeouts, ({ name }) => name).removed.map(({ name, range }) => ({
        service: current.name,
        subject: `timeouts.${name}`,
        message: `the time-out profile ${name} is gone`,
        help: "keep it under its name, also where only programs use it",
        at: { previous: range },
        needs: "none" as const,
      })),
  },
};
