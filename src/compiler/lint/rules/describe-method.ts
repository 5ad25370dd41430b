import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every method has a description. */
export const describeMethod: Rule = {
  id: "describe-method",
  group: "docs",
  severity: "warning",
  purpose: "Every method has a description.",
  explanation:
    "The description becomes the doc comment of the API and the manager, and is what a caller sees in the editor: what it does, to what, and what is special about it.",
  example: "methods:\n  start: { kind: cast }\n",
  fix: "methods:\n  start: { kind: cast, description: Starts an instance. }\n",
  check({ methods }, report) {
    for (const { name, entry } of methods) {
      if (!isDescribed(entry.value))
        report(entry.keyNode.range, `the method "${name}" has no description`, {
          help: "say what it does: description: Starts an instance.",
        });
    }
  },
};
