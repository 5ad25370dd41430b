import { child, type Entry, entriesOf, itemsOf, type Node, textOf } from "../../document.js";
import type { Range } from "../../source.js";
import type { Report, Rule } from "../rule.js";

/** No two names in one place differ only in case, underscores or dashes. */
export const similarNames: Rule = {
  id: "similar-names",
  group: "names",
  severity: "warning",
  purpose: "No two parameters, fields or enum values differ only in case, underscores or dashes.",
  explanation:
    "Such a pair is read as one and the same, and sooner or later somebody sets the wrong one. Often one of the two is a slip, or was meant to replace the other.",
  example: "types:\n  State: { enum: [powering_on, poweringOn] }\n",
  fix: "types:\n  State: { enum: [powering_on] }\n",
  check({ methods, types, errors }, report) {
    for (const { entry } of methods) look(entriesOf(child(entry.value, "params")).map(named), report);
    for (const { entry } of [...types, ...errors]) look(entriesOf(child(entry.value, "fields")).map(named), report);
    for (const { entry } of types) {
      const values = child(entry.value, "type") === undefined ? child(entry.value, "enum") : undefined;
      look([...itemsOf(values).flatMap(textNamed), ...entriesOf(values).map(named)], report);
    }
  },
};

interface Named {
  readonly name: string;
  readonly range: Range;
}

function look(all: readonly Named[], report: Report): void {
  const first = new Map<string, Named>();
  for (const one of all) {
    const folded = one.name.toLowerCase().replaceAll(/[_\- .]/g, "");
    const earlier = first.get(folded);
    if (earlier === undefined) first.set(folded, one);
    else {
      const related = [{ message: `"${earlier.name}" is here`, range: earlier.range }];
      const help = "keep one, or give them names that nobody mixes up";
      report(one.range, `"${one.name}" and "${earlier.name}" are hard to tell apart`, { help, related });
    }
  }
}

function named({ key, keyNode }: Entry): Named {
  return { name: key, range: keyNode.range };
}

function textNamed(node: Node): Named[] {
  const name = textOf(node);
  return name === undefined ? [] : [{ name, range: node.range }];
}
