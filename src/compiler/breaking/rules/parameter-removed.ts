import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** A parameter is gone. */
export const parameterRemoved: Rule = {
  id: "parameter-removed",
  category: "WIRE",
  purpose: "A parameter is gone.",
  explanation:
    'Clients of the previous state still send it, and a server refuses arguments that it does not know. A parameter ends with a major version: until: "7.0".',
  check: {
    method: (method, pair) => {
      if (method.both.length === 0) return [];
      const gone = method.removed
        .filter(isSent)
        .map((param) => ({ param, verb: "is gone", at: { previous: param.range } }));
      const unsent = method.params
        .filter(({ previous, current, both }) => isSent(previous) && !isSent(current) && both.length > 0)
        .map(({ previous, current }) => ({
          param: previous,
          verb: "is not sent any more",
          at: { current: current.range },
        }));
      return [...gone, ...unsent].map(({ param, verb, at }) =>
        methodBreak(method, pair, {
          subject: paramSubject(method.current, param),
          message: `the argument "${param.name}" of "${method.current.name}" ${verb}`,
          help: `keep it with until: "${pair.versions.major}"${param.optional ? "" : ", and fill: VALUE for what older servers want to have"}`,
          at,
          note: `removes ${param.name} from ${method.current.name}`,
        }),
      );
    },
  },
};
