import { child } from "../../document.js";
import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every parameter has a description. Callers never see what is taken from elsewhere. */
export const describeParameter: Rule = {
  id: "describe-parameter",
  group: "strict",
  severity: "warning",
  purpose: "Every parameter that callers give has a description.",
  explanation:
    "The description becomes the doc comment of the argument. Many names say enough, which is why the rule is strict.",
  example: "methods:\n  start: { kind: cast, params: { fast: boolean } }\n",
  fix: "methods:\n  start: { kind: cast, params: { fast: { type: boolean, description: Skips the checks. } } }\n",
  check({ params }, report) {
    for (const { name, entry } of params) {
      const isGiven = child(entry.value, "from") === undefined && child(entry.value, "const") === undefined;
      if (isGiven && !isDescribed(entry.value))
        report(entry.keyNode.range, `the parameter "${name}" has no description`, {
          help: "say what it does: { type: boolean, description: Skips the checks. }",
        });
    }
  },
};
