import { child, entriesOf, itemsOf, type Node } from "../../document.js";
import { listOf } from "../../suggest.js";
import type { Rule } from "../rule.js";
import { isThere } from "../subject.js";

/** The example of a method is a request that could be made. */
export const incompleteExample: Rule = {
  id: "incomplete-example",
  group: "docs",
  severity: "warning",
  purpose: "The example of a method gives every argument that must be given.",
  explanation:
    "The compiler checks each value of an example against its type. It cannot know whether an argument was left out on purpose; but documents show the example as a request, and whoever copies it gets a compile error.",
  example:
    "methods:\n  start: { kind: cast, params: { host: string, fast: boolean }, example: { params: { host: a } } }\n",
  fix: "methods:\n  start: { kind: cast, params: { host: string, fast: boolean }, example: { params: { host: a, fast: true } } }\n",
  check({ methods }, report) {
    for (const { file, name, entry, method } of methods) {
      const needed = entriesOf(child(entry.value, "params")).filter(({ key, value }) => {
        const param = method?.params.find((one) => one.name === key);
        return param !== undefined && !param.optional && !isMade(value) && isThere(value, file);
      });
      for (const example of examplesOf(entry.value)) {
        const given = new Set(entriesOf(child(example, "params")).map(({ key }) => key));
        const missing = needed.map(({ key }) => key).filter((key) => !given.has(key));
        if (missing.length === 0) continue;
        // The whole of it may be many lines.
        const range = entriesOf(example)[0]?.keyNode.range ?? example.range;
        report(range, `the example of "${name}" lacks ${listOf(missing, "and")}`, {
          help: missing.length === 1 ? "give it a value" : "give them values",
        });
      }
    }
  },
};

/** Whether the client makes the value itself. */
function isMade(node: Node): boolean {
  return child(node, "from") !== undefined || child(node, "const") !== undefined;
}

function examplesOf(node: Node): readonly Node[] {
  const one = child(node, "example");
  return [...(one === undefined ? [] : [one]), ...itemsOf(child(node, "examples"))];
}
