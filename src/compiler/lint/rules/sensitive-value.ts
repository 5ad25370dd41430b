import { child } from "../../document.js";
import type { Rule } from "../rule.js";

/** A secret has no value in the definition. */
export const sensitiveValue: Rule = {
  id: "sensitive-value",
  group: "wire",
  severity: "error",
  purpose: "A sensitive parameter or field has no default, constant or fill in the definition.",
  explanation:
    "A definition is read by everybody and is printed into generated code. A secret in it is none, and a default password is one that nobody changes. Null and an empty text are no secrets.",
  example:
    "methods:\n  start: { kind: cast, params: { password: { type: string, sensitive: true, default: changeme } } }\n",
  fix: "methods:\n  start: { kind: cast, params: { password: { type: string, sensitive: true, optional: true } } }\n",
  check({ values }, report) {
    for (const { name, long } of values) {
      const sensitive = child(long, "sensitive");
      if (sensitive?.kind !== "scalar" || sensitive.value !== true) continue;
      for (const key of ["default", "const", "fill"]) {
        const node = child(long, key);
        const isEmpty =
          (node?.kind === "scalar" && (node.value === null || node.value === "")) ||
          (node?.kind === "list" && node.items.length === 0) ||
          (node?.kind === "map" && node.entries.length === 0);
        if (node === undefined || isEmpty) continue;
        report(node.range, `"${name}" is a secret, and its ${key} is there for everybody to read`, {
          help: "use optional: true, and let programs bring the value",
        });
      }
    }
  },
};
