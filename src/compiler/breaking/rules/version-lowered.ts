import type { Service } from "../../model.js";
import { compareVersions, majorOf } from "../../versions.js";
import type { Rule } from "../finding.js";

/** The newest version of a major has gone back. */
export const versionLowered: Rule = {
  id: "version-lowered",
  category: "WIRE",
  purpose: "The newest version of a major has gone back.",
  explanation:
    "Clients of the previous state label requests with the version that is gone, and servers refuse what is above their own newest version. Versions only ever go up.",
  check: {
    service: ({ previous, current }) => {
      const majors = new Set(current.versions.map(({ version }) => majorOf(version)));
      return [...majors].flatMap((major) => {
        const newest = (service: Service) => service.versions.findLast(({ version }) => majorOf(version) === major);
        const [before, now] = [newest(previous), newest(current)];
        if (before === undefined || now === undefined || compareVersions(now.version, before.version) >= 0) return [];
        return [
          {
            service: current.name,
            subject: `versions.${before.version}`,
            message: `the newest version of ${major}.x was ${before.version} and is ${now.version}`,
            help: `add "${before.version}" again; what it brought can end in a newer one`,
            at: { current: now.range },
            needs: "none" as const,
          },
        ];
      });
    },
  },
};
