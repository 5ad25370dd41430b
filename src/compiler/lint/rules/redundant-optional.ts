import { removeEntry } from "../edits.js";
import type { Rule } from "../rule.js";

/** What has a default is optional anyway. */
export const redundantOptional: Rule = {
  id: "redundant-optional",
  group: "tidy",
  severity: "warning",
  purpose: "Nothing with a default says optional as well.",
  explanation:
    "A parameter or field with a default may be absent anyway. With optional: false beside it, readers believe that it may not.",
  example: "methods:\n  start: { kind: cast, params: { fast: { type: boolean, optional: true, default: false } } }\n",
  fix: "methods:\n  start: { kind: cast, params: { fast: { type: boolean, default: false } } }\n",
  fixable: true,
  check({ values }, report) {
    for (const { file, name, long } of values) {
      const optional = long?.byKey.get("optional");
      if (long === undefined || optional === undefined || !long.byKey.has("default")) continue;
      report(optional.keyNode.range, `"${name}" has a default, and may be absent anyway`, {
        help: "remove optional",
        fix: removeEntry(file.document, long, optional),
      });
    }
  },
};
