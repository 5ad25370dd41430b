import { child, entriesOf, itemsOf, type Node, textOf } from "../../document.js";
import { removeEntry } from "../edits.js";
import type { Rule } from "../rule.js";
import { type File, namesIn } from "../subject.js";

/** Every type is used. */
export const unusedType: Rule = {
  id: "unused-type",
  group: "tidy",
  severity: "warning",
  purpose: "Every type is used by a method or an error, directly or through other types.",
  explanation:
    "Nothing is generated for a type that no method or error reaches, so that the definition describes something which does not exist. The types of a library are used when a service among the inputs uses them; a library that no input imports is not looked at.",
  example: "types:\n  Port: integer\nmethods:\n  start: { kind: cast }\n",
  fix: "types:\n  Port: integer\nmethods:\n  start: { kind: cast, params: { port: Port } }\n",
  fixable: true,
  check({ files, types }, report) {
    const reached = new Map(files.map((file) => [file, reachedIn(file)]));
    for (const { file, name, entry, type } of types) {
      // The Model has what is reached by a service; a library's own methods and errors count as well.
      if (type !== undefined || file.services.length === 0 || reached.get(file)?.has(name) === true) continue;
      const { root } = file.document;
      const section = root.kind === "map" ? root.byKey.get("types") : undefined;
      const fix =
        root.kind === "map" && section?.value.kind === "map"
          ? removeEntry(file.document, section.value, entry, { owner: root, entry: section })
          : undefined;
      report(entry.keyNode.range, `no method and no error uses the type "${name}"`, { help: "remove it", fix });
    }
  },
};

/** Names that a library's own methods and errors use, which a service that imports it may not have. */
function reachedIn({ document }: File): ReadonlySet<string> {
  const { root } = document;
  const names = new Set<string>();
  const collect = (node: Node | undefined): void => {
    const text = textOf(node);
    if (text !== undefined) for (const name of namesIn(text)) names.add(name);
    for (const item of itemsOf(node)) collect(item);
    for (const { value } of entriesOf(node)) collect(value);
  };
  const typed = (node: Node | undefined): void => {
    for (const { value } of entriesOf(node)) {
      collect(value.kind === "map" ? child(value, "type") : value);
      for (const former of itemsOf(child(value, "was"))) collect(child(former, "type"));
    }
  };
  for (const { value } of entriesOf(child(root, "methods"))) {
    typed(child(value, "params"));
    const returns = child(value, "returns");
    collect(returns?.kind === "map" ? child(returns, "type") : returns);
  }
  for (const { value } of entriesOf(child(root, "errors"))) typed(child(value, "fields"));
  for (const name of names) {
    const types = child(root, "types");
    const entry = types?.kind === "map" ? types.byKey.get(name) : undefined;
    // A set hands out what is added while it is walked.
    if (entry === undefined) continue;
    collect(entry.value.kind === "map" ? child(entry.value, "type") : entry.value);
    typed(child(entry.value, "fields"));
    collect(child(entry.value, "one_of"));
  }
  return names;
}
