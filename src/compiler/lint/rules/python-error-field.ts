import type { Rule } from "../rule.js";

/** No field of an error takes the place of a Python exception's own parameter. */
export const pythonErrorField: Rule = {
  id: "python-error-field",
  group: "wire",
  severity: "warning",
  purpose: "No field of an error is called as a parameter that Python exceptions have already.",
  explanation:
    "A Python client makes the exception anew from its fields: Class(**fields). Exceptions of OpenStack take the whole text as their parameter message, so that a field of this name replaces the text; one called self cannot be given at all.",
  example:
    "errors:\n  Refused: { fields: { message: string } }\nmethods:\n  start: { kind: call, errors: [Refused] }\n",
  fix: "errors:\n  Refused: { fields: { reason: string } }\nmethods:\n  start: { kind: call, errors: [Refused] }\n",
  check({ fields }, report) {
    for (const { name, entry, of } of fields) {
      if (!("error" in of) || !["message", "self"].includes(name)) continue;
      const text =
        name === "self"
          ? `a Python client cannot make "${of.name}" with a field called "self"`
          : `in a Python client the field "message" takes the place of the text of "${of.name}"`;
      report(entry.keyNode.range, text, { help: 'choose another name, such as "reason"' });
    }
  },
};
