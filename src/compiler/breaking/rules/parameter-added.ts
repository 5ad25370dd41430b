import type { Method, Param } from "../../model.js";
import { compareVersions } from "../../versions.js";
import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** A new parameter claims to be older than it is. */
export const parameterAdded: Rule = {
  id: "parameter-added",
  category: "ROLLING",
  purpose: "A new parameter claims to be older than it is.",
  explanation:
    "A client whose cap is one of the old versions sends it to a server that refuses arguments which it does not know. With since it is left out there, or refused before anything is sent.",
  check: {
    method: (method, pair) => {
      const added = method.added.filter(
        ({ param, claims }) => claims.length > 0 && isSent(param) && mayBeAbsent(param, method.current),
      );
      const sent = method.params
        .filter(({ previous, current, both }) => !isSent(previous) && isSent(current) && both.length > 0)
        .map(({ current, both }) => ({ param: current, claims: both }));
      return [...added, ...sent].map(({ param, claims }) =>
        methodBreak(method, pair, {
          subject: paramSubject(method.current, param),
          message: `the new argument "${param.name}" of "${method.current.name}" claims to exist at ${versionsText(claims, pair.shared)}, whose servers refuse it`,
          help: `add since: "${pair.versions.minor}"`,
          at: { current: param.range },
          needs: "minor",
          note: `adds ${param.name} to ${method.current.name}`,
          since: { method: method.current.name, param: param.name },
        }),
      );
    },
  },
};

/** One that must be there is refused the other way round, which has a rule of its own. */
function mayBeAbsent(param: Param, method: Method): boolean {
  return param.optional || compareVersions(param.interval.since, method.interval.since) > 0;
}
