import type { Method, Param } from "../../model.js";
import { compareVersions } from "../../versions.js";
import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** A new parameter without a version must be there. */
export const parameterAddedRequired: Rule = {
  id: "parameter-added-required",
  category: "WIRE",
  purpose: "A new parameter without a version must be there.",
  explanation:
    "Clients of the previous state do not send it, and are refused. A new parameter has since with the version that brings it; then servers do without it where a request is older.",
  check: {
    method: (method, pair) =>
      method.added
        .filter(({ param, claims }) => claims.length > 0 && isSent(param) && !mayBeAbsent(param, method.current))
        .map(({ param }) =>
          methodBreak(method, pair, {
            subject: paramSubject(method.current, param),
            message: `the new argument "${param.name}" of "${method.current.name}" must be there, and older clients do not send it`,
            help: `add since: "${pair.versions.minor}" with a default or when_older: drop; without them it needs ${pair.versions.major}`,
            at: { current: param.range },
            unless: `${param.name} had since: "${pair.versions.minor}" and a default`,
            note: `adds ${param.name} to ${method.current.name}`,
            since: { method: method.current.name, param: param.name },
          }),
        ),
  },
};

/** A server does without what younger clients alone send. */
function mayBeAbsent(param: Param, method: Method): boolean {
  return param.optional || compareVersions(param.interval.since, method.interval.since) > 0;
}
