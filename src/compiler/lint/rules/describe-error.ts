import type { Rule } from "../rule.js";
import { isDescribed } from "./describe.js";

/** Every error has a description. */
export const describeError: Rule = {
  id: "describe-error",
  group: "docs",
  severity: "warning",
  purpose: "Every error has a description.",
  explanation: "The description becomes the doc comment of the class: when it happens, and what a caller can do.",
  example: "errors: { NotFound: {} }\nmethods:\n  get: { kind: call, errors: [NotFound] }\n",
  fix: "errors: { NotFound: { description: No instance has this identifier. } }\nmethods:\n  get: { kind: call, errors: [NotFound] }\n",
  check({ errors }, report) {
    for (const { name, entry } of errors) {
      if (!isDescribed(entry.value))
        report(entry.keyNode.range, `the error "${name}" has no description`, {
          help: "say when it happens: description: No instance has this identifier.",
        });
    }
  },
};
