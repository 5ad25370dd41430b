import type { Rule } from "../rule.js";

/** Everything has a type that says something. */
export const untyped: Rule = {
  id: "untyped",
  group: "strict",
  severity: "warning",
  purpose: "No parameter, field or result is of the type any.",
  explanation:
    "A value of the type any is not checked, and callers and managers learn nothing from it. Some values are free by nature, which is why the rule is strict.",
  example: "methods:\n  start: { kind: cast, params: { disk: map<any> } }\n",
  fix: "types:\n  Disk: { fields: { size: integer } }\nmethods:\n  start: { kind: cast, params: { disk: Disk } }\n",
  check({ values }, report) {
    for (const { name, what, entry, type, long } of values) {
      if (type === undefined || !/\bany\b/.test(type)) continue;
      const subject = what === "result" ? `the result of "${name}"` : `the ${what} "${name}"`;
      report((long?.byKey.get("type")?.value ?? entry.value).range, `${subject} can be anything`, {
        help: "describe it under types, as far as it is known",
      });
    }
  },
};
