import { child, type Entry, entriesOf, type Node, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** A description says more than the name. */
export const emptyDescription: Rule = {
  id: "empty-description",
  group: "docs",
  severity: "warning",
  purpose: "No description is a placeholder, or only repeats the name.",
  explanation:
    "A description such as TODO, or start_instance: Start instance., tells a reader nothing that the name does not, and hides that the real one is missing.",
  example: "methods:\n  start_instance: { kind: cast, description: Start instance. }\n",
  fix: "methods:\n  start_instance: { kind: cast, description: Starts an instance on the host that has it. }\n",
  check({ files }, report) {
    const visit = (node: Node, owner: string): void => {
      for (const entry of entriesOf(node)) {
        if (entry.key === "description") look(entry, owner);
        else if (!data.has(entry.key) && !entry.key.startsWith("x-")) visit(entry.value, entry.key);
      }
    };
    const look = ({ value }: Entry, owner: string): void => {
      const text = textOf(value)?.trim() ?? "";
      if (text === "") return;
      const words = text.replaceAll(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
      const isPlaceholder = words === "" || placeholders.has(words) || /^(todo|fixme|xxx)\b/i.test(text);
      const isName = words === owner.replaceAll(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
      if (isPlaceholder) report(value.range, "this description is a placeholder", { help: "say what it is" });
      else if (isName) {
        report(value.range, `this description only repeats the name "${owner}"`, {
          help: "say what the name does not: what happens, when, to what",
        });
      }
    };
    for (const { document } of files) {
      const service = textOf(child(document.root, "service")) ?? "";
      visit(document.root, service);
    }
  },
};

/** Free data, in which a key called description is no description of ours. */
const data: ReadonlySet<string> = new Set(["default", "const", "fill", "example", "examples", "schema"]);

const placeholders: ReadonlySet<string> = new Set([
  "todo",
  "tbd",
  "fixme",
  "xxx",
  "na",
  "none",
  "description",
  "desc",
  "tobedone",
]);
