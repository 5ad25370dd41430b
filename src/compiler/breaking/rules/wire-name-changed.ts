import type { Method, Param, Version } from "../../model.js";
import { isSent, methodNameAt, paramAt } from "../at-version.js";
import type { MethodPair, ServicePair } from "../comparison.js";
import type { Break, Rule } from "../finding.js";
import { methodBreak, methodSubject, paramSubject } from "../rule-parts.js";
import { versionsText } from "../texts.js";

/** A method or parameter has another name on the wire at a version which the previous state has. */
export const wireNameChanged: Rule = {
  id: "wire-name-changed",
  category: "WIRE",
  purpose: "A method or parameter has another name on the wire at a version which the previous state has.",
  explanation:
    "What a version means is fixed when it has been used. An entry of was names the version before which the old name holds; that must be a new version.",
  check: {
    method: (method, pair) => {
      const { previous, current } = method;
      const differ = method.both.filter(
        (version) => methodNameAt(previous, version) !== methodNameAt(current, version),
      );
      const own =
        differ.length === 0
          ? []
          : [describe(methodNameAt, previous, current, differ, method, pair, methodSubject(current))];
      const ofParams = method.params.flatMap((param): Break[] => {
        const nameOf = (one: Param, version: Version): string => paramAt(one, version).name;
        if (!isSent(param.previous) || !isSent(param.current)) return [];
        const wrong = param.both.filter(
          (version) => nameOf(param.previous, version) !== nameOf(param.current, version),
        );
        if (wrong.length === 0) return [];
        return [
          describe(nameOf, param.previous, param.current, wrong, method, pair, paramSubject(current, param.current)),
        ];
      });
      return [...own, ...ofParams];
    },
  },
};

function describe<T extends Method | Param>(
  nameAt: (item: T, version: Version) => string,
  previous: T,
  current: T,
  versions: readonly Version[],
  method: MethodPair,
  pair: ServicePair,
  subject: string,
): Break {
  const [first = ""] = versions;
  const [before, now] = [nameAt(previous, first), nameAt(current, first)];
  return methodBreak(method, pair, {
    subject,
    message: `"${before}" is called "${now}" at ${versionsText(versions, pair.shared)}, which has the old name already`,
    help: `let was say before: "${pair.versions.minor}", name: ${before}`,
    at: { current: current.range },
    unless: `"${current.name}" kept its name below ${pair.versions.minor}`,
    note: `renames ${before}`,
  });
}
