import { type MethodDeclaration, Node, type ParameterDeclaration, type TypeNode } from "ts-morph";
import type { Edit } from "./edits.js";
import type { Imports } from "./imports.js";
import type { ManagerMember } from "./members.js";

/** Whether a method has nothing in it yet but what rpcgen wrote. */
function isStub(method: MethodDeclaration): boolean {
  const [only, ...rest] = method.getStatements();
  return only !== undefined && rest.length === 0 && /^throw new Error\(["'`]NotImplemented\b/.test(only.getText());
}

/** What must change in a method's signature, and the generated names that it does not need any more. */
export interface SignatureChange {
  readonly edits: readonly Edit[];
  readonly dropped: readonly string[];
}

/**
 * Compares a method with what the manager asks for. Only types that are written out are touched: the type of the
 * arguments where it is a plain name that rpcgen could have made, and what is in the result's `Promise`. Names of
 * parameters and destructuring stay. A method which takes less than it is given is right, unless it is still empty.
 */
export function signatureChange(
  method: MethodDeclaration,
  member: ManagerMember,
  imports: Imports,
  argsTypes: ReadonlySet<string>,
): SignatureChange {
  const changes = [argsChange(method, member, imports, argsTypes), resultChange(method, member, imports)];
  return { edits: changes.flatMap(({ edits }) => edits), dropped: changes.flatMap(({ dropped }) => dropped) };
}

const nothing: SignatureChange = { edits: [], dropped: [] };

function argsChange(
  method: MethodDeclaration,
  { args }: ManagerMember,
  imports: Imports,
  argsTypes: ReadonlySet<string>,
): SignatureChange {
  const [context, parameter] = method.getParameters();
  if (parameter === undefined) {
    if (args === undefined || context === undefined || !isStub(method)) return nothing;
    const at = context.getEnd();
    return { edits: [{ start: at, end: at, text: `, _args: ${imports.need(args)}` }], dropped: [] };
  }
  const written = parameter.getTypeNode();
  if (written === undefined || !isGeneratedArgs(written, imports, argsTypes)) return nothing;
  const dropped = [written.getText()];
  if (args === undefined) return { edits: [withoutParameter(context, parameter)], dropped };
  if (imports.originalName(written.getText()) === args) return nothing;
  return { edits: [replaced(written, imports.need(args))], dropped };
}

/** A plain name from the generated folder, or one that no file declares and that rpcgen could have made. */
function isGeneratedArgs(type: TypeNode, imports: Imports, argsTypes: ReadonlySet<string>): boolean {
  const text = type.getText();
  if (!/^[\w$.]+$/.test(text)) return false;
  return argsTypes.has(imports.originalName(text)) || imports.isFromGenerated(text);
}

function withoutParameter(context: ParameterDeclaration | undefined, parameter: ParameterDeclaration): Edit {
  const start = context === undefined ? parameter.getStart() : context.getEnd();
  return { start, end: parameter.getEnd(), text: "" };
}

function resultChange(method: MethodDeclaration, member: ManagerMember, imports: Imports): SignatureChange {
  const written = method.getReturnTypeNode();
  if (written === undefined) return nothing;
  const names = namesOf(written);
  const present = plain(withNames(written, (name) => imports.originalName(name)));
  // A method which only throws fits everywhere.
  if (present === plain(member.result) || present === "Promise<never>") return nothing;
  const text = localResult(member, imports);
  return { edits: [replaced(written, text)], dropped: names.filter((name) => !namesIn(text).has(name)) };
}

/** The result's type with generated names as the file calls them; brings in those that it lacks. */
export function localResult({ result, names }: ManagerMember, imports: Imports): string {
  const all = names.filter((name) => namesIn(result).has(name));
  return result.replace(/[\w$]+/g, (word) => (all.includes(word) ? imports.need(word) : word));
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\w$.]+/g));
}

/** The names of types that an annotation mentions, as it calls them. */
function namesOf(type: TypeNode): readonly string[] {
  return [type, ...type.getDescendants()].flatMap((node) =>
    Node.isTypeReference(node) ? [node.getTypeName().getText()] : [],
  );
}

function withNames(type: TypeNode, rename: (name: string) => string): string {
  return type.getText().replace(/[A-Za-z_$][\w$.]*/g, rename);
}

/** Without spaces, comments and the marks that formatters add. */
function plain(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/;(?=\s*\})/g, "")
    .replace(/([<(:=,])\s*\|/g, "$1")
    .replace(/\s+/g, "");
}

function replaced(node: TypeNode, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}
