import { child } from "../../document.js";
import type { Rule } from "../rule.js";

/** An error has the name that Python peers know. */
export const defaultWireName: Rule = {
  id: "default-wire-name",
  group: "strict",
  severity: "warning",
  purpose: "Every error says its name on the wire.",
  explanation:
    "Without wire: an error is called SERVICE.NAME, which no Python program has as a class, so that Python clients get a RemoteError. Where both sides are TypeScript it does not matter, which is why the rule is strict.",
  example: "errors: { NotFound: {} }\nmethods:\n  get: { kind: call, errors: [NotFound] }\n",
  fix: "errors: { NotFound: { wire: demo.exception.NotFound } }\nmethods:\n  get: { kind: call, errors: [NotFound] }\n",
  check({ errors }, report) {
    for (const { name, entry } of errors) {
      if (child(entry.value, "wire") !== undefined) continue;
      report(entry.keyNode.range, `the error "${name}" does not say its name on the wire`, {
        help: `add wire: module.${name}, as a Python peer has it`,
      });
    }
  },
};
