import type { Rule } from "../finding.js";

/** A version has been put into the middle of the history. */
export const versionInserted: Rule = {
  id: "version-inserted",
  category: "POLICY",
  purpose: "A version has been put into the middle of the history.",
  explanation:
    "Servers of the previous state with a higher version take its requests without knowing what it brought. History grows at its end.",
  check: {
    service: ({ previous, current, versions }) => {
      const known = new Set(previous.versions.map(({ version }) => version));
      return (
        current.versions
          // A new end of an older major is no insertion: servers refuse what is above the newest version that they know of it.
          .filter(({ version }) => !known.has(version) && !versions.isFresh(version))
          .map(({ version, range }) => ({
            service: current.name,
            subject: `versions.${version}`,
            message: `version ${version} is new, and ${versions.previous} was there before it`,
            help: `call it ${versions.minor}`,
            at: { current: range },
            needs: "minor" as const,
          }))
      );
    },
  },
};
