import { posix } from "node:path";
import { child, type Document, entriesOf, itemsOf, type Node, textOf } from "../../document.js";
import { removeEntry, removeItem } from "../edits.js";
import type { Rule } from "../rule.js";
import { type File, namesIn } from "../subject.js";

/** Every import brings something that is used. */
export const unusedImport: Rule = {
  id: "unused-import",
  group: "tidy",
  severity: "warning",
  purpose: "Every imported file brings something that is used.",
  explanation:
    "An import that brings nothing makes readers look for what it is there for, and a change of the file seems to concern the service.",
  example:
    "imports: [./common.yaml]\nmethods:\n  start: { kind: cast }\n# file: common.yaml\nrpcapi: 1\ntypes: { Port: { type: integer, description: A port. } }\n",
  fix: "imports: [./common.yaml]\nmethods:\n  start: { kind: cast, params: { port: Port } }\n# file: common.yaml\nrpcapi: 1\ntypes: { Port: { type: integer, description: A port. } }\n",
  fixable: true,
  check({ files }, report) {
    for (const file of files) {
      const { root } = file.document;
      const section = root.kind === "map" ? root.byKey.get("imports") : undefined;
      if (section === undefined || section.value.kind !== "list") continue;
      const words = wordsOf(file.document);
      for (const item of itemsOf(section.value)) {
        const path = posix.normalize(posix.join(posix.dirname(file.document.path), textOf(item) ?? ""));
        const imported = file.visible.find((document) => posix.normalize(document.path) === path);
        if (imported === undefined || isUsed(imported, words, file, new Set())) continue;
        const fix =
          section.value.items.length === 1 && root.kind === "map"
            ? removeEntry(file.document, root, section)
            : removeItem(file.document, section.value, item);
        report(item.range, `nothing of "${textOf(item)}" is used here`, { help: "remove the import", fix });
      }
    }
  },
};

/** Whether the file, or one that it imports itself, declares something that is named here. */
function isUsed({ path, root }: Document, words: ReadonlySet<string>, file: File, seen: Set<string>): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  // The methods of a library become methods of the service.
  const brings = child(root, "service") === undefined && entriesOf(child(root, "methods")).length > 0;
  if (brings) return true;
  for (const section of ["types", "errors", "timeouts"]) {
    if (entriesOf(child(root, section)).some(({ key }) => words.has(key))) return true;
  }
  return itemsOf(child(root, "imports")).some((item) => {
    const next = posix.normalize(posix.join(posix.dirname(path), textOf(item) ?? ""));
    const document = file.visible.find((one) => posix.normalize(one.path) === next);
    return document !== undefined && isUsed(document, words, file, seen);
  });
}

/** Every word that may name something from elsewhere: types, errors, profiles. */
function wordsOf({ root }: Document): ReadonlySet<string> {
  const words = new Set<string>();
  const collect = (node: Node | undefined): void => {
    const text = textOf(node);
    if (text !== undefined) for (const name of [text, ...namesIn(text)]) words.add(name);
    for (const item of itemsOf(node)) collect(item);
    for (const { key, value } of entriesOf(node)) if (!prose.has(key)) collect(value);
  };
  for (const section of ["types", "errors", "methods"]) collect(child(root, section));
  return words;
}

const prose: ReadonlySet<string> = new Set(["description", "deprecated", "message", "example", "examples"]);
