import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every field has a description. */
export const describeField: Rule = {
  id: "describe-field",
  group: "strict",
  severity: "warning",
  purpose: "Every field has a description.",
  explanation:
    "The description becomes the doc comment of the field: its unit, what null means, who sets it. Many names say enough, which is why the rule is strict.",
  example: "types:\n  Disk: { fields: { size: integer } }\n",
  fix: "types:\n  Disk: { fields: { size: { type: integer, description: In gibibytes. } } }\n",
  check({ fields }, report) {
    for (const { name, entry } of fields) {
      if (!isDescribed(entry.value))
        report(entry.keyNode.range, `the field "${name}" has no description`, {
          help: "say what it is: { type: integer, description: In gibibytes. }",
        });
    }
  },
};
