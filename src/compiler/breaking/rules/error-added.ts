import type { Rule } from "../finding.js";
import { methodBreak } from "../rule-parts.js";

/** A method may fail with an error that its clients do not expect. */
export const errorAdded: Rule = {
  id: "error-added",
  category: "ROLLING",
  purpose: "A method may fail with an error that its clients do not expect.",
  explanation:
    "Clients of the previous state do not catch it; where the service did not declare it, they get RemoteError. An error that is new with a version says so with since: then it is no break, since older clients are told from which version on they must know it.",
  check: {
    method: (method, pair) => {
      if (method.both.length === 0) return [];
      const known = new Set(method.previous.errors);
      const heirs = new Map(pair.errors.map(({ previous, current }) => [current.name, previous.name]));
      const declared = new Map(pair.current.errors.map((error) => [error.name, error]));
      return method.current.errors
        .filter(
          (name) =>
            !known.has(heirs.get(name) ?? name) && !pair.versions.isFresh(declared.get(name)?.interval.since ?? "0.0"),
        )
        .map((name) =>
          methodBreak(method, pair, {
            subject: `methods.${method.current.name}.errors.${name}`,
            message: `"${method.current.name}" may fail with ${name}, which older clients do not expect`,
            help: heirs.has(name)
              ? "throw an error that the method declares already, or accept this in the baseline"
              : `add since: "${pair.versions.minor}" to the error`,
            ...(heirs.has(name) ? {} : { needs: "minor" as const }),
            note: `adds the error ${name} to ${method.current.name}`,
          }),
        );
    },
  },
};
