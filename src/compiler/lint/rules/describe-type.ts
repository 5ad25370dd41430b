import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every named type has a description. */
export const describeType: Rule = {
  id: "describe-type",
  group: "docs",
  severity: "warning",
  purpose: "Every named type has a description.",
  explanation:
    "The description becomes the doc comment of the type. A name such as Limits or Info says little by itself.",
  example: "types:\n  Limits: integer\nmethods:\n  start: { kind: cast, params: { limits: Limits } }\n",
  fix: "types:\n  Limits: { type: integer, description: How many instances may run. }\nmethods:\n  start: { kind: cast, params: { limits: Limits } }\n",
  check({ types }, report) {
    for (const { name, entry } of types) {
      if (!isDescribed(entry.value))
        report(entry.keyNode.range, `the type "${name}" has no description`, {
          help: "say what it is: description: The size of a virtual machine.",
        });
    }
  },
};
