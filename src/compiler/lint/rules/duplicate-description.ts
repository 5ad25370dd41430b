import { child, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** No two methods say the same of themselves. */
export const duplicateDescription: Rule = {
  id: "duplicate-description",
  group: "strict",
  severity: "warning",
  purpose: "No two methods of a definition have the same description.",
  explanation:
    "Two methods are two because they do different things. The same description is most often left from copying. Sometimes it is true all the same, which is why the rule is strict.",
  example:
    "methods:\n  start: { kind: cast, description: Starts an instance. }\n  stop: { kind: cast, description: Starts an instance. }\n",
  fix: "methods:\n  start: { kind: cast, description: Starts an instance. }\n  stop: { kind: cast, description: Stops an instance. }\n",
  check({ files, methods }, report) {
    for (const file of files) {
      const first = new Map<string, (typeof methods)[number]>();
      for (const method of methods.filter((one) => one.file === file)) {
        const node = child(method.entry.value, "description");
        const text = textOf(node)?.trim().toLowerCase();
        if (node === undefined || text === undefined || text === "") continue;
        const earlier = first.get(text);
        if (earlier === undefined) first.set(text, method);
        else {
          const related = [{ message: `"${earlier.name}" is here`, range: earlier.entry.keyNode.range }];
          const help = "say what is different";
          report(node.range, `"${method.name}" has the same description as "${earlier.name}"`, { help, related });
        }
      }
    }
  },
};
