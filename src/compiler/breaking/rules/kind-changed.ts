import { kindsAt } from "../at-version.js";
import type { Rule } from "../finding.js";
import { atVersions, methodBreak } from "../rule-parts.js";

/** A method is not what it was: call, cast or fanout. */
export const kindChanged: Rule = {
  id: "kind-changed",
  category: "WIRE",
  purpose: "A method is not what it was: call, cast or fanout.",
  explanation:
    "A caller that waits gets nothing from a cast, and nobody waits for what a call returns. A kind may change with a version: kind: [{ since: VERSION, kind: cast }, { kind: call }]; or the caller may choose, as long as the former kind stays possible.",
  check: {
    method: (method, pair) => {
      const { previous, current, both } = method;
      const differ = both.filter((version) => {
        const now = kindsAt(current, version);
        return kindsAt(previous, version).some((kind) => !now.includes(kind));
      });
      const [first] = differ;
      if (first === undefined) return [];
      const [before, now] = [kindsAt(previous, first).join(" or "), kindsAt(current, first).join(" or ")];
      return [
        methodBreak(method, pair, {
          message: `"${current.name}" was a ${before} and is a ${now}${atVersions(differ, both, pair)}`,
          help: `write kind: [{ since: "${pair.versions.minor}", kind: ${now} }, { kind: ${before} }]`,
          unless: `the kind of "${current.name}" changed since "${pair.versions.minor}"`,
        }),
      ];
    },
  },
};
