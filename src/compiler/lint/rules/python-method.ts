import { pythonKeywords } from "../../names.js";
import type { Rule } from "../rule.js";

/** No method has a name which a Python endpoint cannot give to one of its own. */
export const pythonMethod: Rule = {
  id: "python-method",
  group: "wire",
  severity: "error",
  purpose: "No method has a name that a method of a Python server cannot have.",
  explanation:
    "A Python server is a class with a method for each of the API. A keyword of Python cannot be a method's name, and oslo.messaging itself reads the attribute target of such a class to learn its version and namespace.",
  example: "methods:\n  import: { kind: cast }\n",
  fix: "methods:\n  import_image: { kind: cast }\n",
  check({ methods }, report) {
    for (const { name, entry } of methods) {
      const reason = pythonKeywords.has(name)
        ? "it is a keyword of Python"
        : name === "target"
          ? "oslo.messaging reads the endpoint's version and namespace from its attribute of that name"
          : undefined;
      if (reason === undefined) continue;
      report(entry.keyNode.range, `a Python server cannot have a method called "${name}": ${reason}`, {
        help: "choose another name",
      });
    }
  },
};
