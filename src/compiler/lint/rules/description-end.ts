import { child, type Document, entriesOf, type Node, textOf } from "../../document.js";
import { replaceNode } from "../edits.js";
import type { Report, Rule } from "../rule.js";

/** Descriptions end as sentences do. */
export const descriptionEnd: Rule = {
  id: "description-end",
  group: "docs",
  severity: "warning",
  purpose: "Descriptions end as sentences do: with a full stop.",
  explanation:
    "Descriptions become doc comments and documents, where they stand beside each other. One that ends without a full stop looks as if something were cut off.",
  example: "methods:\n  start: { kind: cast, description: Starts an instance }\n",
  fix: "methods:\n  start: { kind: cast, description: Starts an instance. }\n",
  fixable: true,
  check({ files }, report) {
    for (const { document } of files) {
      for (const { value } of entriesOf(child(document.root, "versions"))) look(value, document, report);
      const visit = (node: Node): void => {
        for (const { key, value } of entriesOf(node)) {
          if (key === "description") look(value, document, report);
          else if (!data.has(key) && !key.startsWith("x-")) visit(value);
        }
      };
      visit(document.root);
    }
  },
};

const data: ReadonlySet<string> = new Set(["versions", "default", "const", "fill", "example", "examples", "schema"]);

function look(node: Node, document: Document, report: Report): void {
  const text = textOf(node)?.trimEnd() ?? "";
  if (text === "" || /[.!?:;)\]}"'`…。！？]$/u.test(text) || !/[\p{L}\p{N}]$/u.test(text)) return;
  const raw = document.text.slice(node.range.start, node.range.end);
  // A block scalar's end is not where its text ends.
  const fix = /^[|>]/.test(raw)
    ? undefined
    : replaceNode(document, node, /^["']/.test(raw) ? `${raw.slice(0, -1)}.${raw.slice(-1)}` : `${raw}.`);
  report(node.range, "this description has no full stop at its end", {
    help: `write "${text.slice(-30).split("\n").at(-1)}."`,
    fix,
  });
}
