import type { Diagnostic, Severity } from "../diagnostic.js";
import type { Range } from "../source.js";
import { didYouMean } from "../suggest.js";
import type { AcceptedBreak } from "./baseline.js";
import type { RuleText } from "./finding.js";

/** What can be wrong with a baseline, as documents list it. */
export const baselineRules = [
  {
    id: "baseline-shape",
    category: "POLICY",
    purpose: "The baseline is not written as one.",
    explanation:
      "A baseline is a map with the one key accepted, a list whose items have rule, service, subject and reason. rpcgen breaking --write-baseline writes it.",
  },
  {
    id: "baseline-unknown-rule",
    category: "POLICY",
    purpose: "The baseline accepts a break of a rule that does not exist.",
    explanation: "The entry accepts nothing. The names of rules are those in front of findings.",
  },
  {
    id: "baseline-reason",
    category: "POLICY",
    purpose: "The baseline accepts a break and does not say why.",
    explanation: "Whoever reads it in a year must see why the break was harmless, and whether it still is.",
  },
  {
    id: "baseline-unused",
    category: "POLICY",
    purpose: "The baseline accepts a break that is not there.",
    explanation:
      "The previous state has caught up, or the break has been mended. An entry that stays would accept the same break when somebody makes it again.",
  },
] as const satisfies readonly RuleText[];

/** The codes of problems with a baseline. */
export type BaselineCode = (typeof baselineRules)[number]["id"];

/** What a text is made from. */
type Params = Partial<AcceptedBreak> & { readonly problem?: string; readonly rules?: readonly string[] };

/** One problem with a baseline. */
export function baselineText(code: BaselineCode, range: Range, params: Params): Diagnostic {
  const { rule = "", service = "", subject = "", problem = "", rules = [] } = params;
  const severity: Severity = code === "baseline-unused" ? "warning" : "error";
  switch (code) {
    case "baseline-shape":
      return { code, severity, message: problem, help: "an entry has rule, service, subject and reason", range };
    case "baseline-unknown-rule":
      return { code, severity, message: `there is no rule "${rule}"`, ...didYouMean(rule, rules), range };
    case "baseline-reason":
      return {
        code,
        severity,
        message: `it is not said why ${rule} is accepted for ${subject} of ${service}`,
        help: "write the reason: who is concerned, and why it does no harm",
        range,
      };
    case "baseline-unused":
      return {
        code,
        severity,
        message: `${rule} is accepted for ${subject} of ${service}, and there is no such break`,
        help: "remove the entry; --write-baseline does it",
        range,
      };
  }
}
