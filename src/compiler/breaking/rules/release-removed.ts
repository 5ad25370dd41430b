import type { Rule } from "../finding.js";
import { pairItems } from "../pairing.js";

/** A release that could be pinned is gone. */
export const releaseRemoved: Rule = {
  id: "release-removed",
  category: "SOURCE",
  purpose: "A release that could be pinned is gone.",
  explanation:
    "Programs which pin it by name do not compile, and a version cap of that name in a configuration is refused at the start.",
  check: {
    service: ({ previous, current }) =>
      pairItems(previous.releases, current.releases, ({ name }) => name).removed.map(({ name, version, range }) => ({
        service: current.name,
        subject: `releases.${name}`,
        message: `the release ${name} (${version}) cannot be pinned any more`,
        help: "keep it while its version is listed",
        at: { previous: range },
        needs: "none" as const,
      })),
  },
};
