import { posix } from "node:path";
import {
  type InterfaceDeclaration,
  type MethodSignature,
  Node,
  type ParameterDeclaration,
  Project,
  type SourceFile,
  type TypeNode,
} from "ts-morph";
import type { Diagnostic, Staged } from "../../diagnostic.js";
import { namePatterns, pascalCase, repairName } from "../../names.js";
import type { Source } from "../../source.js";
import { suggest } from "../../suggest.js";
import { compareVersions } from "../../versions.js";
import type { Draft } from "../draft.js";
import { docOf } from "./docs.js";
import { type Entry, nameOf, Types } from "./types.js";

/** Makes a draft of what an interface says. */
export function draftOfInterface(
  source: Source,
  name: string,
  service: string | undefined,
  read: (path: string) => Source | undefined,
): Staged<Draft | undefined> {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const files = filesOf(source, read, project);
  const [file] = files;
  if (file === undefined) return { value: undefined, diagnostics: [] };
  const [mistake] = project.getProgram().getSyntacticDiagnostics(file);
  if (mistake !== undefined) {
    const text = mistake.getMessageText();
    const message = `this is no TypeScript: ${typeof text === "string" ? text : text.getMessageText()}`;
    const start = mistake.getStart();
    return failure("typescript-syntax", message, undefined, source, start, start + mistake.getLength());
  }
  const found = file.getInterface(name);
  if (found === undefined) {
    const names = file.getInterfaces().map((each) => each.getName());
    const close = suggest(name, names);
    const list = names.length === 0 ? "it has no interface" : `it has ${names.join(", ")}`;
    const help = close === undefined ? list : `did you mean "${close}"?`;
    return failure("unknown-interface", `there is no interface "${name}" in ${source.path}`, help, source);
  }
  const stem = name.replace(/^I(?=[A-Z][a-z])/, "").replace(/(Manager|Service|API|Api|Client)$/, "");
  const repaired = repairName(stem === "" ? name : stem, "service") ?? stem.toLowerCase();
  return { value: draft(found, service ?? repaired, new Types(files)), diagnostics: [] };
}

function draft(found: InterfaceDeclaration, service: string, types: Types): Draft {
  const errors: Record<string, Entry> = {};
  const versions = new Set<string>();
  const methods: Record<string, Entry> = {};
  for (const member of methodsOf(found, types)) {
    const written = member.name;
    const name = methodName(written);
    if (name === undefined || Object.hasOwn(methods, name)) {
      const reason = name === undefined ? "no method can be called so" : `${name} is another method already`;
      types.notes.push({ path: ["methods"], text: `left out: ${written}, since ${reason}` });
      continue;
    }
    const { text, tags } = docOf(member.documented);
    const since = /^(\d+\.\d+)$/.exec(tags.get("since") ?? "")?.[1];
    if (since !== undefined) versions.add(since);
    const path = ["methods", name];
    const result = types.expression(resultOf(member.result), `${pascalCase(name)}Result`, [...path, "returns"]);
    const description = tags.get("returns");
    const thrown = thrownOf(tags.get("throws"), service, errors);
    const params = paramsOf(member.parameters, name, types, path);
    methods[name] = {
      ...(text === "" ? {} : { description: text }),
      kind: "call",
      ...(since === undefined ? {} : { since }),
      ...(tags.has("deprecated") ? { deprecated: tags.get("deprecated") || "deprecated" } : {}),
      ...(Object.keys(params).length === 0 ? {} : { params }),
      ...(result === "none" ? {} : { returns: description === undefined ? result : { type: result, description } }),
      ...(thrown.length === 0 ? {} : { errors: thrown }),
    };
    if (result === "none") types.notes.push({ path: [...path, "kind"], text: "perhaps a cast: nothing comes back" });
  }
  const serves = /\s*Implement this to serve the [\w-]+ service\.$/;
  const description = docOf(found).text.replace(serves, "");
  const list = [...versions].sort(compareVersions);
  const first = list[0]?.startsWith("1.") === false ? `${list[0]?.split(".")[0]}.0` : "1.0";
  const all = [...new Set([...(list.includes(first) ? [] : [first]), ...list])].sort(compareVersions);
  const data = {
    rpcapi: 1,
    service,
    ...(description === "" ? {} : { description }),
    topic: service,
    versions: Object.fromEntries(
      all.map((version, index) => [version, index === 0 ? "First version." : "Adds methods."]),
    ),
    ...(Object.keys(errors).length === 0 ? {} : { errors }),
    ...(Object.keys(types.found).length === 0 ? {} : { types: types.found }),
    methods,
  };
  const head = `A draft made from the TypeScript interface ${found.getName()}. TypeScript does not know topics, servers,\nkinds and versions, nor integers, dates and UUIDs: look at them before you use it.`;
  return { data, notes: [{ path: [], text: head }, ...types.notes] };
}

/** The name that a method gets in a definition. */
function methodName(written: string): string | undefined {
  const repaired = repairName(written, "method");
  return namePatterns.method.pattern.test(written) ? (repaired ?? written) : repaired;
}

interface Member {
  readonly name: string;
  readonly documented: MethodSignature | ReturnType<InterfaceDeclaration["getProperties"]>[number];
  readonly parameters: readonly ParameterDeclaration[];
  readonly result: TypeNode | undefined;
}

/** Methods, and members that are functions; those of base interfaces first, where they can be read. */
function methodsOf(
  found: InterfaceDeclaration,
  types: Types,
  below: readonly InterfaceDeclaration[] = [],
): readonly Member[] {
  const leftOut = (text: string): void => void types.notes.push({ path: ["methods"], text: `left out: ${text}` });
  const own = found.getMembers().flatMap((member): Member[] => {
    if (Node.isMethodSignature(member)) {
      const [parameters, result] = [member.getParameters(), member.getReturnTypeNode()];
      return [{ name: member.getName(), documented: member, parameters, result }];
    }
    const type = Node.isPropertySignature(member) ? member.getTypeNode() : undefined;
    if (!Node.isPropertySignature(member) || !Node.isFunctionTypeNode(type)) {
      leftOut(`${member.getText().replace(/\s+/g, " ")} is no method`);
      return [];
    }
    return [
      {
        name: member.getName(),
        documented: member,
        parameters: type.getParameters(),
        result: type.getReturnTypeNode(),
      },
    ];
  });
  const bases = found.getExtends().flatMap((each) => {
    const base = types.declaration(each.getExpression().getText());
    if (!Node.isInterfaceDeclaration(base)) leftOut(`the methods of ${each.getText()}, which was not found`);
    // One that extends itself in the end is a mistake of TypeScript's, and not ours to report.
    else if (base !== found && !below.includes(base)) return methodsOf(base, types, [...below, found]);
    return [];
  });
  const byName = new Map<string, Member>();
  for (const member of [...bases, ...own]) {
    const first = byName.get(member.name);
    if (first === undefined) byName.set(member.name, member);
    else if (own.includes(first)) {
      types.notes.push({ path: ["methods", methodName(member.name) ?? ""], text: "the first of several overloads" });
    } else byName.set(member.name, member);
  }
  return [...byName.values()];
}

/** What a promise brings. */
function resultOf(type: TypeNode | undefined): TypeNode | undefined {
  const isPromise = Node.isTypeReference(type) && type.getTypeName().getText() === "Promise";
  return isPromise ? type.getTypeArguments()[0] : type;
}

function paramsOf(
  all: readonly ParameterDeclaration[],
  method: string,
  types: Types,
  path: readonly string[],
): Record<string, unknown> {
  const [first, ...others] = all;
  const hasContext = first !== undefined && isContext(first);
  const parameters = (hasContext ? others : all).filter((each) => !isOptions(each));
  const near = pascalCase(method);
  const [args, second] = parameters;
  const type = args?.getTypeNode();
  if (hasContext && args !== undefined && second === undefined && type !== undefined) {
    const declared = Node.isTypeReference(type) ? types.declaration(type.getText()) : type;
    const isOurs =
      args.getName() === "args" || !Node.isIdentifier(args.getNameNode()) || /(Args|Request)$/.test(type.getText());
    const members = declared === undefined || !isOurs ? [] : types.members(declared);
    if (members.length > 0) {
      return Object.fromEntries(
        members.map((each) => [
          nameOf(each),
          types.entry(each, `${near}${pascalCase(nameOf(each))}`, [...path, "params", nameOf(each)]),
        ]),
      );
    }
  }
  return Object.fromEntries(
    parameters.map((each) => {
      const name = Node.isIdentifier(each.getNameNode()) ? each.getName() : "args";
      const entry = types.expression(each.getTypeNode(), `${near}${pascalCase(name)}`, [...path, "params", name]);
      return [name, each.isOptional() ? { type: entry, optional: true } : entry];
    }),
  );
}

function isContext(parameter: ParameterDeclaration): boolean {
  const type = parameter.getTypeNode()?.getText() ?? "";
  return /(^|\.)(Request)?Context$/.test(type) || /^_?(context|ctxt|ctx)$/.test(parameter.getName());
}

function isOptions(parameter: ParameterDeclaration): boolean {
  const type = parameter.getTypeNode()?.getText() ?? "";
  return parameter.isOptional() && /(^|\.)(Call|Cast)Options$/.test(type);
}

/** `{OrderNotFound} No order {id}.` for each line; the errors get their messages as fields ask. */
function thrownOf(lines: string | undefined, service: string, errors: Record<string, Entry>): readonly string[] {
  return (lines ?? "").split("\n").flatMap((line) => {
    const [, name, text] = /^\{(\w+)\}\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || !namePatterns.error.pattern.test(name)) return [];
    if (!Object.hasOwn(errors, name)) {
      const fields = [...(text ?? "").matchAll(/\{(\w+)\}/g)].map(([, field]) => [field, "any"]);
      errors[name] = {
        wire: `${service}.exception.${name}`,
        message: text === undefined || text === "" ? name : text,
        ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
      };
    }
    return [name];
  });
}

/** The file and everything that it imports from its own project, each once. */
function filesOf(source: Source, read: (path: string) => Source | undefined, project: Project): readonly SourceFile[] {
  const found = new Map<string, SourceFile>();
  const visit = ({ path, text }: Source): void => {
    const file = project.createSourceFile(`/${found.size}.ts`, text);
    found.set(path, file);
    for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
      const module = declaration.getModuleSpecifierValue();
      if (module === undefined || !module.startsWith(".")) continue;
      const target = posix.join(posix.dirname(path), module);
      const stem = target.replace(/\.[cm]?[jt]s$/, "");
      const choices = [`${stem}.ts`, `${stem}.d.ts`, `${target}.ts`, `${target}/index.ts`];
      if (choices.some((each) => found.has(each))) continue;
      const next = choices.map((each) => read(each)).find((each) => each !== undefined);
      if (next !== undefined && found.size < 200) visit(next);
    }
  };
  visit(source);
  return [...found.values()];
}

function failure(
  code: string,
  message: string,
  help: string | undefined,
  { path }: Source,
  start?: number,
  end?: number,
): Staged<undefined> {
  const range = start === undefined || end === undefined ? {} : { range: { path, start, end } };
  const diagnostic: Diagnostic = {
    code,
    severity: "error",
    message,
    ...(help === undefined ? {} : { help }),
    ...range,
  };
  return { value: undefined, diagnostics: [diagnostic] };
}
