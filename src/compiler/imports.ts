import { posix } from "node:path";
import type { Diagnostic, Staged } from "./diagnostic.js";
import { child, type Document, itemsOf, type Node, textOf } from "./document.js";
import { load } from "./load.js";
import type { Reporter } from "./report.js";
import type { Source } from "./source.js";

/** Everything that was read: the entries and what they import, each file once. */
export interface Loaded {
  readonly documents: readonly Document[];
  /** Paths of files that are there but are no YAML; nothing is said of names which they may have had. */
  readonly broken: ReadonlySet<string>;
}

/** Loads the entries and all that they import. `read` gives a file's text; undefined where there is none. */
export function loadAll(entries: readonly Source[], read: (path: string) => Source | undefined): Staged<Loaded> {
  const documents: Document[] = [];
  const broken = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const queue: Source[] = [...entries];
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    const path = posix.normalize(source.path);
    if (seen.has(path)) continue;
    seen.add(path);
    const { value, diagnostics: found } = load(source);
    diagnostics.push(...found);
    if (value === undefined) {
      broken.add(path);
      continue;
    }
    documents.push(value);
    for (const { path: imported } of importsOf(value)) {
      const next = seen.has(imported) ? undefined : read(imported);
      if (next !== undefined) queue.push({ path: imported, text: next.text });
    }
  }
  return { value: { documents, broken }, diagnostics };
}

/** A file among others: its own text, and the files which it imports directly. */
export interface LinkedFile {
  readonly document: Document;
  readonly imports: LinkedFile[];
  /** An imported file is missing or could not be read, here or further down. */
  incomplete: boolean;
}

/** Connects files by their imports, in an order in which each comes after what it imports. Reports missing files and cycles. */
export function link(loaded: Loaded, reporter: Reporter): readonly LinkedFile[] {
  const documents = new Map(loaded.documents.map((document) => [posix.normalize(document.path), document]));
  const linked = new Map<string, LinkedFile>();
  const ordered: LinkedFile[] = [];
  const open: { path: string; document: Document }[] = [];
  const visit = (path: string, document: Document): LinkedFile => {
    const known = linked.get(path);
    if (known !== undefined) return known;
    const file: LinkedFile = { document, imports: [], incomplete: false };
    linked.set(path, file);
    open.push({ path, document });
    const given = new Set<string>();
    for (const { path: target, node } of importsOf(document, reporter)) {
      if (given.has(target)) {
        reporter.report("duplicate-item", node.range, { item: target, where: "the imports" });
        continue;
      }
      given.add(target);
      const imported = documents.get(target);
      const start = open.findIndex((one) => one.path === target);
      if (imported === undefined) {
        file.incomplete = true;
        if (!loaded.broken.has(target)) reporter.report("import-not-found", node.range, { path: target });
      } else if (start !== -1) {
        const chain = [...open.slice(start).map((one) => one.document.path), imported.path];
        reporter.report("import-cycle", node.range, { chain });
      } else {
        const next = visit(target, imported);
        file.imports.push(next);
        file.incomplete ||= next.incomplete;
      }
    }
    open.pop();
    ordered.push(file);
    return file;
  };
  for (const [path, document] of documents) visit(path, document);
  return ordered;
}

/** A file and everything that it imports, each once, imported ones first. */
export function withImports(file: LinkedFile): readonly LinkedFile[] {
  const found = new Set<LinkedFile>();
  const visit = (at: LinkedFile): void => {
    if (found.has(at)) return;
    for (const imported of at.imports) visit(imported);
    found.add(at);
  };
  visit(file);
  return [...found];
}

function importsOf(document: Document, reporter?: Reporter): { path: string; node: Node }[] {
  const found: { path: string; node: Node }[] = [];
  for (const node of itemsOf(child(document.root, "imports"))) {
    const written = textOf(node);
    if (written === undefined) continue;
    if (written === "" || written.startsWith("/") || /^[A-Za-z]:|\\|^[a-z]+:\/\//.test(written)) {
      reporter?.report("bad-import", node.range, { path: written });
      continue;
    }
    found.push({ path: posix.normalize(posix.join(posix.dirname(document.path), written)), node });
  }
  return found;
}
