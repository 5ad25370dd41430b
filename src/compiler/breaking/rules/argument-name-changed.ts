import type { Param } from "../../model.js";
import { isSent } from "../at-version.js";
import type { Rule } from "../finding.js";
import { methodBreak, paramSubject } from "../rule-parts.js";

/** Callers give an argument under another name, or not at all. */
export const argumentNameChanged: Rule = {
  id: "argument-name-changed",
  category: "SOURCE",
  purpose: "Callers give an argument under another name, or not at all.",
  explanation: "On the wire nothing is wrong; programs that give the argument under the old name do not compile.",
  check: {
    method: (method, pair) => {
      const renamed = method.params
        .filter(({ previous, current }) => isGiven(previous) && (previous.name !== current.name || !isGiven(current)))
        .map(({ previous, current }) => ({
          subject: paramSubject(method.current, current),
          message: isGiven(current)
            ? `callers give "${current.name}" of "${method.current.name}" under that name; it was "${previous.name}"`
            : `callers do not give "${previous.name}" of "${method.current.name}" any more`,
          at: { current: current.range },
        }));
      const local = method.removed
        .filter((param) => !isSent(param) && isGiven(param))
        .map((param) => ({
          subject: paramSubject(method.current, param),
          message: `callers do not give "${param.name}" of "${method.current.name}" any more`,
          at: { previous: param.range },
        }));
      return [...renamed, ...local].map((found) => methodBreak(method, pair, { ...found, needs: "none" }));
    },
  },
};

function isGiven({ from, const: constant }: Param): boolean {
  return from === undefined && constant === undefined;
}
