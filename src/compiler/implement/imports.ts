import { posix } from "node:path";
import type { ImportDeclaration, ImportSpecifier, SourceFile } from "ts-morph";
import type { Edit } from "./edits.js";
import type { Style } from "./style.js";

/** Where names come from. */
export interface Origins {
  /** The generated folder of the service, beside the paths of sources. */
  readonly folder: string;
  /** What ends a relative import: `.js`. */
  readonly extension: string;
  /** The runtime's package. */
  readonly runtime: string;
  /** A name of the generated folder by which an import through an alias of paths is known: `ComputeManager`. */
  readonly known: string;
}

/** The imports of a user's file: what it calls generated names, and how to bring in more of them. */
export class Imports {
  readonly #declarations: readonly ImportDeclaration[];
  readonly #file: SourceFile;
  readonly #path: string;
  readonly #origins: Origins;
  readonly #style: Style;
  /** What is to be added, by the declaration that takes it or the module that gets a new one. */
  readonly #added = new Map<ImportDeclaration | string, string[]>();
  readonly #removed = new Map<ImportDeclaration, ImportSpecifier[]>();

  constructor(file: SourceFile, path: string, origins: Origins, style: Style) {
    this.#file = file;
    this.#declarations = file.getImportDeclarations();
    this.#path = path;
    this.#origins = origins;
    this.#style = style;
  }

  /** What the file calls a name of the generated folder; undefined where it does not import it. */
  localName(name: string): string | undefined {
    const generated = this.#declarations.filter((each) => this.#isGenerated(each));
    const specifier = generated
      .flatMap((each) => each.getNamedImports())
      .find((each) => each.getName() === name && !this.#isRemoved(each));
    if (specifier !== undefined) return localOf(specifier);
    const space = generated.map((each) => each.getNamespaceImport()?.getText()).find((each) => each !== undefined);
    return space === undefined ? undefined : `${space}.${name}`;
  }

  /** The generated name behind what the file calls it, with the names of the rest as they are. */
  originalName(local: string): string {
    for (const declaration of this.#declarations) {
      for (const specifier of declaration.getNamedImports()) {
        if (localOf(specifier) === local) return specifier.getName();
      }
      const space = declaration.getNamespaceImport()?.getText();
      if (space !== undefined && local.startsWith(`${space}.`)) return local.slice(space.length + 1);
    }
    return local;
  }

  /** Whether the file imports the name, by what it calls it, from the generated folder. */
  isFromGenerated(local: string): boolean {
    return this.#declarations.some(
      (each) =>
        this.#isGenerated(each) &&
        (each.getNamedImports().some((specifier) => localOf(specifier) === local) ||
          local.startsWith(`${each.getNamespaceImport()?.getText() ?? " "}.`)),
    );
  }

  /** Makes sure that a generated name can be used, and gives what the file calls it. */
  need(name: string): string {
    const present = this.localName(name);
    if (present !== undefined) return present;
    const taker = this.#declarations.find((each) => this.#isGenerated(each) && this.#gives(each, name));
    this.#add(taker ?? this.#generatedModule(), name);
    return name;
  }

  /** The same for a name of the runtime. */
  needRuntime(name: string): string {
    const own = this.#declarations.filter((each) => each.getModuleSpecifierValue() === this.#origins.runtime);
    const specifier = own.flatMap((each) => each.getNamedImports()).find((each) => each.getName() === name);
    if (specifier !== undefined) return localOf(specifier);
    const space = own.map((each) => each.getNamespaceImport()?.getText()).find((each) => each !== undefined);
    if (space !== undefined) return `${space}.${name}`;
    this.#add(own.find(takesNames) ?? this.#origins.runtime, name);
    return name;
  }

  /** Takes a generated name out again that nothing uses any more. */
  drop(local: string): void {
    for (const declaration of this.#declarations.filter((each) => this.#isGenerated(each))) {
      const specifier = declaration.getNamedImports().find((each) => localOf(each) === local);
      if (specifier !== undefined && !this.#isRemoved(specifier)) {
        this.#removed.set(declaration, [...(this.#removed.get(declaration) ?? []), specifier]);
      }
    }
  }

  /** What must be done to the file. */
  edits(): readonly Edit[] {
    return [...this.#changes(), ...this.#newDeclarations()];
  }

  #add(key: ImportDeclaration | string, name: string): void {
    const names = this.#added.get(key) ?? [];
    if (!names.includes(name)) this.#added.set(key, [...names, name].sort());
  }

  #isRemoved(specifier: ImportSpecifier): boolean {
    return [...this.#removed.values()].some((each) => each.includes(specifier));
  }

  /** An import of the folder or of a file in it, or through an alias of paths, which the manager's name shows. */
  #isGenerated(declaration: ImportDeclaration): boolean {
    const module = declaration.getModuleSpecifierValue();
    if (!module.startsWith(".")) {
      return declaration.getNamedImports().some((each) => each.getName() === this.#origins.known);
    }
    const target = posix.join(posix.dirname(this.#path), module);
    return target === this.#origins.folder || posix.dirname(target) === this.#origins.folder;
  }

  /** Whether a declaration can take a type: it names things one by one, and its module exports the type. */
  #gives(declaration: ImportDeclaration, name: string): boolean {
    if (!takesNames(declaration)) return false;
    const module = declaration.getModuleSpecifierValue();
    const stem = posix.basename(module).replace(/\.[jt]s$/, "");
    if (!module.startsWith(".")) return true;
    const isFolder = posix.join(posix.dirname(this.#path), module) === this.#origins.folder;
    return isFolder || stem === "index" || stem === (name === this.#origins.known ? "manager" : "types");
  }

  #generatedModule(): string {
    const { folder, extension } = this.#origins;
    const relative = posix.relative(posix.dirname(this.#path), folder);
    return `${relative.startsWith(".") ? relative : `./${relative}`}/index${extension}`;
  }

  #changes(): readonly Edit[] {
    return this.#declarations.flatMap((declaration) => {
      const added = [...(this.#added.get(declaration) ?? [])];
      const removed = [...(this.#removed.get(declaration) ?? [])];
      const specifiers = declaration.getNamedImports();
      const isType = declaration.isTypeOnly() ? "" : "type ";
      if (removed.length === specifiers.length && added.length === 0 && removed.length > 0) {
        return declaration.getDefaultImport() === undefined ? [lineOf(declaration)] : [];
      }
      // One comes in the place of the other while there are both, so that the list keeps its layout.
      const edits: Edit[] = [];
      while (added.length > 0 && removed.length > 0) {
        const name = added.shift() ?? "";
        const place = removed.shift();
        if (place !== undefined) edits.push({ start: place.getStart(), end: place.getEnd(), text: `${isType}${name}` });
      }
      const kept = specifiers.filter((each) => !removed.includes(each));
      return [
        ...edits,
        ...withoutSpecifiers(specifiers, removed),
        ...this.#insertions(declaration, kept, added, isType),
      ];
    });
  }

  #insertions(
    declaration: ImportDeclaration,
    kept: readonly ImportSpecifier[],
    names: readonly string[],
    isType: string,
  ): readonly Edit[] {
    const text = this.#file.getFullText();
    const last = kept.at(-1);
    if (names.length === 0) return [];
    if (last === undefined) {
      const open = text.indexOf("{", declaration.getStart()) + 1;
      return [{ start: open, end: open, text: ` ${names.map((name) => `${isType}${name}`).join(", ")} ` }];
    }
    const isTall = /\n[ \t]*$/.test(text.slice(0, last.getStart()));
    const added = names.reduce((sum, name) => sum + name.length + isType.length + 2, 0);
    const { newline, step } = this.#style;
    if (!isTall && declaration.getText().length + added > widest) {
      // Too long for one line: the list is laid out anew, each name as it stands.
      const all = [
        ...kept.map((each) => ({ key: each.getName(), text: each.getText() })),
        ...names.map((name) => ({ key: name, text: `${isType}${name}` })),
      ];
      const sorted = isSorted(kept.map((each) => each.getName()))
        ? [...all].sort((a, b) => compare(a.key, b.key))
        : all;
      const first = kept[0] ?? last;
      const start = text.lastIndexOf("{", first.getStart()) + 1;
      const end = text.indexOf("}", last.getEnd());
      const lines = sorted.map((each) => `${newline}${step}${each.text},`).join("");
      return text.slice(start, end).includes("/*") ? [] : [{ start, end, text: `${lines}${newline}` }];
    }
    const separator = isTall ? `${newline}${indentOf(text, last.getStart())}` : " ";
    const order = isSorted(kept.map((each) => each.getName()));
    return names.map((name): Edit => {
      const next = order ? kept.find((each) => compare(each.getName(), name) > 0) : undefined;
      return next === undefined
        ? { start: last.getEnd(), end: last.getEnd(), text: `,${separator}${isType}${name}` }
        : { start: next.getStart(), end: next.getStart(), text: `${isType}${name},${separator}` };
    });
  }

  #newDeclarations(): readonly Edit[] {
    const { quote, semicolon, newline, step } = this.#style;
    const lines = [...this.#added]
      .flatMap(([module, names]) => (typeof module === "string" ? [{ module, names }] : []))
      .sort((a, b) => Number(a.module.startsWith(".")) - Number(b.module.startsWith(".")))
      .map(({ module, names }) => {
        const end = ` from ${quote}${module}${quote}${semicolon}`;
        const flat = `import type { ${names.join(", ")} }${end}`;
        if (flat.length <= widest) return flat;
        return `import type {${names.map((name) => `${newline}${step}${name},`).join("")}${newline}}${end}`;
      });
    if (lines.length === 0) return [];
    const last = this.#declarations.at(-1);
    if (last !== undefined) {
      const at = last.getEnd();
      return [{ start: at, end: at, text: lines.map((each) => `${newline}${each}`).join("") }];
    }
    const first = this.#file.getStatements()[0];
    // After what heads the file, such as a licence, and before the comment of the first statement.
    const at = first === undefined ? this.#file.getFullText().length : startWithDoc(first.getStart(true), this.#file);
    const before = first === undefined && at > 0 && !this.#file.getFullText().endsWith("\n") ? newline : "";
    return [
      { start: at, end: at, text: `${before}${lines.join(newline)}${newline}${first === undefined ? "" : newline}` },
    ];
  }
}

/** What formatters allow a line. */
const widest = 120;

function localOf(specifier: ImportSpecifier): string {
  return specifier.getAliasNode()?.getText() ?? specifier.getName();
}

/** `import * as x` takes no names, and neither does `import "x"`. */
function takesNames(declaration: ImportDeclaration): boolean {
  return declaration.getNamedImports().length > 0;
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || compare(names[index - 1] ?? "", name) <= 0);
}

function compare(a: string, b: string): number {
  const [lowerA, lowerB] = [a.toLowerCase(), b.toLowerCase()];
  return lowerA < lowerB ? -1 : lowerA > lowerB ? 1 : a < b ? -1 : a > b ? 1 : 0;
}

function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

/** Takes specifiers out, each with the comma that follows it; those at the end with the comma before them. */
function withoutSpecifiers(all: readonly ImportSpecifier[], removed: readonly ImportSpecifier[]): readonly Edit[] {
  const lastKept = all.findLast((each) => !removed.includes(each));
  const last = all.at(-1);
  const edits: Edit[] = [];
  for (const [index, specifier] of all.entries()) {
    const next = all[index + 1];
    if (!removed.includes(specifier)) continue;
    if (lastKept !== undefined && specifier.getStart() > lastKept.getStart()) continue;
    if (next !== undefined) edits.push({ start: specifier.getStart(), end: next.getStart(), text: "" });
  }
  if (lastKept !== undefined && last !== undefined && last !== lastKept) {
    edits.push({ start: lastKept.getEnd(), end: last.getEnd(), text: "" });
  }
  return edits;
}

function lineOf(declaration: ImportDeclaration): Edit {
  const text = declaration.getSourceFile().getFullText();
  const rest = /^[ \t]*\r?\n/.exec(text.slice(declaration.getEnd()))?.[0] ?? "";
  return { start: declaration.getStart(), end: declaration.getEnd() + rest.length, text: "" };
}

function startWithDoc(at: number, file: SourceFile): number {
  const first = file.getStatements()[0];
  const comments = first?.getLeadingCommentRanges() ?? [];
  const doc = comments.at(-1);
  const touches = doc !== undefined && !/\n\s*\n/.test(file.getFullText().slice(doc.getEnd(), first?.getStart() ?? at));
  return touches && doc !== undefined ? Math.min(at, doc.getPos()) : at;
}
