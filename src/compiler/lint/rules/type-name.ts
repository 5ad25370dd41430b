import { repairName } from "../../names.js";
import type { Rule } from "../rule.js";

/** Types and errors are PascalCase. */
export const typeName: Rule = {
  id: "type-name",
  group: "names",
  severity: "warning",
  purpose: "Types and errors are called in PascalCase: InstanceNotFound.",
  explanation:
    "Types and errors become TypeScript types and classes of the same name, whose names have no underscores. Only the name of an error without wire: goes over the wire.",
  example: "types:\n  Disk_info: { fields: { size: integer } }\n",
  fix: "types:\n  DiskInfo: { fields: { size: integer } }\n",
  check({ types, errors }, report) {
    for (const [what, { name, entry }] of [
      ...types.map((one) => ["type", one] as const),
      ...errors.map((one) => ["error", one] as const),
    ]) {
      if (!name.includes("_")) continue;
      const better = repairName(name, what);
      const help = better === undefined ? undefined : `did you mean "${better}"?`;
      report(entry.keyNode.range, `the ${what} "${name}" is not in PascalCase`, { help });
    }
  },
};
