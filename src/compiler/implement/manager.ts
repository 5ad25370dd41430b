import { posix } from "node:path";
import { type ClassDeclaration, Node, Project, type SourceFile } from "ts-morph";
import type { Config } from "../config.js";
import type { Diagnostic, Staged } from "../diagnostic.js";
import { identifiersOf } from "../emit/identifiers.js";
import type { Service } from "../model.js";
import type { Source } from "../source.js";
import { applyEdits, type Edit } from "./edits.js";
import type { Implementation, ImplementOptions } from "./implement.js";
import { Imports } from "./imports.js";
import { hookNames, type ManagerMember, managerMembers } from "./members.js";
import { localResult, signatureChange } from "./signature.js";
import { type Style, styleOf } from "./style.js";

/**
 * Brings the class that implements a service's manager up to date: adds the methods that it lacks, which throw, and
 * changes signatures that do not fit any more. Everything else keeps every byte. Pure: reads and writes nothing.
 *
 * @param source the user's file; its text is empty where there is none yet
 */
export function implementManager(
  source: Source,
  service: Service,
  options: ImplementOptions,
  config: Omit<Config, "templates">,
): Staged<Implementation> {
  const names = identifiersOf(service);
  // TypeScript's offsets do not count the mark at the beginning of a file.
  if (source.text.startsWith(byteOrderMark)) {
    const { value, diagnostics } = implementManager(
      { ...source, text: source.text.slice(1) },
      service,
      options,
      config,
    );
    return { value: { ...value, text: `${byteOrderMark}${value.text}` }, diagnostics };
  }
  const file = parse(source);
  const unchanged: Implementation = {
    text: source.text,
    className: options.className ?? `${names.manager}Impl`,
    created: false,
    added: [],
    updated: [],
    gone: [],
  };
  const refuse = (diagnostic: Diagnostic): Staged<Implementation> => ({ value: unchanged, diagnostics: [diagnostic] });
  const mistake = syntaxMistake(file, source);
  if (mistake !== undefined) return refuse(mistake);

  const style = styleOf(file);
  const imports = new Imports(
    file,
    source.path,
    {
      folder: posix.join(options.out, service.name),
      extension: config.importExtension,
      runtime: config.runtime,
      known: names.manager,
    },
    style,
  );
  const members = managerMembers(service);
  const found = findClass(file, imports, names.manager, options.className, source);
  if (found.diagnostic !== undefined) return refuse(found.diagnostic);
  if (found.value === undefined) {
    const text = newClass(file, unchanged.className, names.manager, service, members, imports, style);
    return done({ ...unchanged, text, created: true, added: members.map(({ name }) => name) }, []);
  }
  const own = found.value;
  const base = own.getExtends();
  const inherited = base === undefined ? [] : inheritedNames(own);
  if (base !== undefined && inherited === undefined) {
    const message = `${nameOf(own)} extends ${base.getText()}, whose methods cannot be seen from this file`;
    const help = "implement the manager in a class without a base, or in the base class itself";
    return refuse(error("unseen-base-class", message, help, source, base.getStart(), base.getEnd()));
  }
  return update(unchanged, own, new Set(inherited), members, imports, style, source);
}

const byteOrderMark = "\uFEFF";

function update(
  before: Implementation,
  own: ClassDeclaration,
  inherited: ReadonlySet<string>,
  members: readonly ManagerMember[],
  imports: Imports,
  style: Style,
  source: Source,
): Staged<Implementation> {
  const file = own.getSourceFile();
  const present = new Map(own.getInstanceMembers().map((each) => [each.getName(), each]));
  const missing = members.filter(({ name }) => !present.has(name) && !inherited.has(name));
  // Former names of arguments: a method may have gone from one type to the other.
  const argsTypes = new Set(
    members.flatMap(({ name }) => [`Args`, `Request`].map((end) => `${name[0]?.toUpperCase()}${name.slice(1)}${end}`)),
  );
  const edits: Edit[] = [];
  const dropped = new Map<string, number>();
  const updated: string[] = [];
  for (const member of members) {
    for (const method of own.getInstanceMethods().filter((each) => each.getName() === member.name)) {
      const change = signatureChange(method, member, imports, argsTypes);
      if (change.edits.length === 0) continue;
      edits.push(...change.edits);
      if (!updated.includes(member.name)) updated.push(member.name);
      for (const name of change.dropped) dropped.set(name, (dropped.get(name) ?? 0) + 1);
    }
  }
  if (missing.length > 0) edits.push(insertion(own, missing, imports, style));
  for (const [name, times] of dropped) if (usesOf(name, file) <= times) imports.drop(name);
  const wanted = new Set(members.map(({ name }) => name));
  const gone = own
    .getInstanceMethods()
    .filter((each) => !wanted.has(each.getName()) && !hookNames.has(each.getName()) && takesContext(each, imports));
  const warnings = gone.map((method): Diagnostic => {
    const message = `${nameOf(own)}.${method.getName()} serves no method of the service`;
    const help = "remove it, or make it private if it is a helper";
    const { start, end } = nameRange(method);
    return { ...error("method-gone", message, help, source, start, end), severity: "warning" };
  });
  const text = applyEdits(source.text, [...imports.edits(), ...edits]);
  const value: Implementation = {
    ...before,
    text,
    className: nameOf(own),
    added: missing.map(({ name }) => name),
    updated,
    gone: gone.map((each) => each.getName()),
  };
  return done(value, warnings);
}

function done(value: Implementation, diagnostics: readonly Diagnostic[]): Staged<Implementation> {
  return { value, diagnostics };
}

function parse({ text }: Source): SourceFile {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return project.createSourceFile("/file.ts", text);
}

/** The first place where a file is no TypeScript: what is not understood cannot be changed safely. */
function syntaxMistake(file: SourceFile, source: Source): Diagnostic | undefined {
  const [first] = file.getProject().getProgram().getSyntacticDiagnostics(file);
  if (first === undefined) return undefined;
  const message = first.getMessageText();
  const text = typeof message === "string" ? message : message.getMessageText();
  const start = first.getStart();
  return error(
    "typescript-syntax",
    `this is no TypeScript: ${text}`,
    undefined,
    source,
    start,
    start + first.getLength(),
  );
}

interface FoundClass {
  readonly value?: ClassDeclaration | undefined;
  readonly diagnostic?: Diagnostic;
}

function findClass(
  file: SourceFile,
  imports: Imports,
  manager: string,
  className: string | undefined,
  source: Source,
): FoundClass {
  const classes = file.getDescendants().filter(Node.isClassDeclaration);
  if (className !== undefined) {
    const named = classes.find((each) => each.getName() === className);
    const other = named === undefined ? declarationOf(className, file) : undefined;
    if (other === undefined) return { value: named };
    const message = `${className} is in this file, and it is no class`;
    return {
      diagnostic: error("not-a-class", message, "name another class", source, other.getStart(), other.getEnd()),
    };
  }
  const fitting = classes.filter((each) =>
    each.getImplements().some((type) => imports.originalName(type.getExpression().getText()) === manager),
  );
  const [first, second] = fitting;
  if (first === undefined || second === undefined) return { value: first };
  const message = `${nameOf(first)} and ${nameOf(second)} both implement ${manager}`;
  const { start, end } = nameRange(second);
  return { diagnostic: error("several-classes", message, "choose one with --class NAME", source, start, end) };
}

/** What else has a name in a file, so that no class of the name can be added. */
function declarationOf(name: string, file: SourceFile): Node | undefined {
  const local = file.getLocals().find((each) => each.getName() === name);
  return (
    file.getVariableDeclaration(name) ??
    file.getFunction(name) ??
    file.getEnum(name) ??
    file.getInterface(name) ??
    file.getTypeAlias(name) ??
    local?.getDeclarations()[0]
  );
}

/** The members of base classes of the same file; undefined where one is elsewhere. */
function inheritedNames(own: ClassDeclaration): readonly string[] | undefined {
  const base = own.getExtends()?.getExpression().getText();
  if (base === undefined) return [];
  const found = own.getSourceFile().getClass(base);
  if (found === undefined || found === own) return undefined;
  const above = inheritedNames(found);
  return above && [...found.getInstanceMembers().map((each) => each.getName()), ...above];
}

function takesContext(method: ReturnType<ClassDeclaration["getInstanceMethods"]>[number], imports: Imports): boolean {
  const type = method.getParameters()[0]?.getTypeNode()?.getText();
  const isOpen = method.getScope() === "public" && !method.getName().startsWith("#");
  return isOpen && type !== undefined && ["RequestContext", "Context"].includes(imports.originalName(type));
}

/** How often a name is used outside of imports. */
function usesOf(name: string, file: SourceFile): number {
  const [stem = name] = name.split(".");
  return file
    .getStatements()
    .filter((each) => !Node.isImportDeclaration(each))
    .flatMap((each) => each.getDescendants())
    .filter((each) => Node.isIdentifier(each) && each.getText() === stem).length;
}

/** Members at the end of a class's body. */
function insertion(own: ClassDeclaration, members: readonly ManagerMember[], imports: Imports, style: Style): Edit {
  const text = own.getSourceFile().getFullText();
  const close = own.getEnd() - 1;
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", own.getStart(true) - 1) + 1))?.[0] ?? "";
  const body = members.map((member) => methodText(member, `${outer}${style.step}`, imports, style));
  const { newline } = style;
  const isEmpty = own.getMembersWithComments().length === 0;
  const before = text.slice(0, close);
  const start = before.trimEnd().length;
  // A comment at the end of a line would swallow what follows on it.
  const lead = isEmpty ? newline : `${newline}${newline}`;
  return { start, end: close, text: `${lead}${body.join(`${newline}${newline}`)}${newline}${outer}` };
}

function methodText(
  member: ManagerMember,
  indent: string,
  imports: Imports,
  { newline, step, quote, semicolon }: Style,
): string {
  const { doc, name, wireName, args } = member;
  const [only] = doc;
  const lines =
    doc.length === 0
      ? []
      : doc.length === 1
        ? [`/** ${only} */`]
        : ["/**", ...doc.map((each) => ` *${each === "" ? "" : ` ${each}`}`), " */"];
  const context = `_context: ${imports.needRuntime("RequestContext")}`;
  const parameters = [context, ...(args === undefined ? [] : [`_args: ${imports.need(args)}`])];
  const result = localResult(member, imports);
  const flat = `async ${name}(${parameters.join(", ")}): ${result} {`;
  const head =
    indent.length + flat.length <= 120
      ? [flat]
      : [`async ${name}(`, ...parameters.map((each) => `${step}${each},`), `): ${result} {`];
  const body = `${step}throw new Error(${quote}NotImplemented: ${wireName}${quote})${semicolon}`;
  return [...lines, ...head, body, "}"].map((each) => `${indent}${each}`).join(newline);
}

function newClass(
  file: SourceFile,
  className: string,
  manager: string,
  service: Service,
  members: readonly ManagerMember[],
  imports: Imports,
  style: Style,
): string {
  const { newline } = style;
  const text = file.getFullText();
  const methods = members.map((member) => methodText(member, style.step, imports, style));
  const implemented = imports.need(manager);
  const body = methods.length === 0 ? "" : `${newline}${methods.join(`${newline}${newline}`)}${newline}`;
  const written = `/** Serves the ${service.name} service. */${newline}export class ${className} implements ${implemented} {${body}}${newline}`;
  const changed = applyEdits(text, imports.edits());
  return `${changed.trimEnd()}${changed.trim() === "" ? "" : `${newline}${newline}`}${written}`;
}

function nameOf(own: ClassDeclaration): string {
  return own.getName() ?? "the class";
}

function nameRange(node: { getNameNode(): Node | undefined; getStart(): number; getEnd(): number }): {
  start: number;
  end: number;
} {
  const name = node.getNameNode();
  return { start: name?.getStart() ?? node.getStart(), end: name?.getEnd() ?? node.getEnd() };
}

function error(
  code: string,
  message: string,
  help: string | undefined,
  { path }: Source,
  start: number,
  end: number,
): Diagnostic {
  return { code, severity: "error", message, ...(help === undefined ? {} : { help }), range: { path, start, end } };
}
