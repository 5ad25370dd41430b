import { repairName } from "../../names.js";
import type { Rule } from "../rule.js";

/** Parameters are snake_case. */
export const parameterName: Rule = {
  id: "parameter-name",
  group: "names",
  severity: "warning",
  purpose: "Parameters are called in snake_case: block_migration.",
  explanation:
    "Arguments go over the wire by name, and a Python peer takes them as keyword arguments. One style makes definitions of several services read alike. A parameter that programs use already keeps the old name on the wire with was:.",
  example: "methods:\n  start: { kind: cast, params: { hostName: string } }\n",
  fix: "methods:\n  start: { kind: cast, params: { host_name: string } }\n",
  check({ params }, report) {
    for (const { name, entry } of params) {
      if (/^[a-z][a-z0-9]*(_[a-z0-9]+)*_?$/.test(name)) continue;
      const better = repairName(name, "parameter");
      const help =
        better === undefined
          ? undefined
          : `did you mean "${better}"? Where peers use it already, add was: with the old name`;
      report(entry.keyNode.range, `the parameter "${name}" is not in snake_case`, { help });
    }
  },
};
