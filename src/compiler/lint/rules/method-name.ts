import { repairName } from "../../names.js";
import type { Rule } from "../rule.js";

/** Methods are snake_case. */
export const methodName: Rule = {
  id: "method-name",
  group: "names",
  severity: "warning",
  purpose: "Methods are called in snake_case: reboot_instance.",
  explanation:
    "A method's name goes over the wire as it is written, and a Python peer implements it under that name. The generated TypeScript has it in camelCase either way. A method that programs use already keeps the old name on the wire with was:.",
  example: "methods:\n  rebootInstance: { kind: cast }\n",
  fix: "methods:\n  reboot_instance: { kind: cast }\n",
  check({ methods }, report) {
    for (const { name, entry } of methods) {
      if (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) continue;
      const better = repairName(name, "method");
      const help =
        better === undefined
          ? undefined
          : `did you mean "${better}"? Where peers use it already, add was: with the old name`;
      report(entry.keyNode.range, `the method "${name}" is not in snake_case`, { help });
    }
  },
};
