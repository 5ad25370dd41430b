import { child, type Entry, entriesOf, itemsOf, type Node, textOf } from "../../document.js";
import { keysOf, placesOf } from "../../routes.js";
import type { Rule } from "../rule.js";

/** An argument that is never sent decides something. */
export const unusedLocal: Rule = {
  id: "unused-local",
  group: "wire",
  severity: "error",
  purpose: "An argument with local: true is used: by server, topic, kind or another argument.",
  explanation:
    "A local argument is never sent. When nothing on the way out reads it either, callers give it and nothing happens.",
  example: "methods:\n  start: { kind: cast, params: { host: { type: string, local: true } } }\n",
  fix: "methods:\n  start: { kind: cast, server: host, params: { host: { type: string, local: true } } }\n",
  check({ params }, report) {
    for (const { name, entry, of } of params) {
      const local = child(entry.value, "local");
      if (local?.kind !== "scalar" || local.value !== true) continue;
      const { value } = of.entry;
      const used = [
        ...pathsIn(child(value, "server")),
        ...itemsOf(child(value, "topic")).flatMap((item) => templatePaths(child(item, "name"))),
        ...templatePaths(child(value, "topic")),
        ...itemsOf(child(value, "kind")).flatMap((item) => pathsIn(child(child(item, "kind"), "by"))),
        ...pathsIn(child(child(value, "kind"), "by")),
        ...entriesOf(child(value, "params")).flatMap((other: Entry) => pathsIn(child(other.value, "from"))),
      ];
      if (used.some((path) => keysOf(path)[0] === name)) continue;
      report(entry.keyNode.range, `"${name}" is never sent, and nothing else of "${of.name}" reads it`, {
        help: "remove local: true, name it in server: or topic:, or remove the parameter",
      });
    }
  },
};

/** A path, a list of them, or rules by version that have such. */
function pathsIn(node: Node | undefined): string[] {
  const text = textOf(node);
  if (text !== undefined) return [text];
  return node?.kind === "map" ? pathsIn(child(node, "path")) : itemsOf(node).flatMap(pathsIn);
}

function templatePaths(node: Node | undefined): string[] {
  return [...placesOf(textOf(node) ?? "")];
}
