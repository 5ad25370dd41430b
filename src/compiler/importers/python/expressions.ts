import type { SyntaxNode } from "@lezer/common";
import { children, type PythonTree } from "./tree.js";

/** A parameter of a Python function. */
export interface Parameter {
  readonly name: string;
  readonly default: string | undefined;
  /** Its annotation. */
  readonly annotation: string | undefined;
}

/** The parameters of a function in their order, with `self` and the context; `*args` and `**kwargs` are none. */
export function parametersOf(method: SyntaxNode, tree: PythonTree): readonly Parameter[] {
  const list = method.getChild("ParamList");
  const found: { name: string; default: string | undefined; annotation: string | undefined }[] = [];
  let before = "";
  for (const node of list === null ? [] : children(list)) {
    const last = found.at(-1);
    const text = tree.textOf(node);
    if (before === "=" && last !== undefined) last.default = text;
    else if (node.name === "TypeDef" && last !== undefined) last.annotation = text.replace(/^:\s*/, "");
    else if (node.name === "VariableName" && !before.startsWith("*")) {
      found.push({ name: text, default: undefined, annotation: undefined });
    }
    before = node.name === "AssignOp" ? "=" : text;
  }
  return found;
}

/** A parameter for who runs the function: stars, and where its default stands. */
export interface ParameterNode {
  readonly name: string;
  readonly star: "" | "*" | "**";
  readonly fallback: SyntaxNode | undefined;
}

/** All parameters of a function in their order; a lone `*` has no name. */
export function parameterNodes(called: SyntaxNode, tree: PythonTree): readonly ParameterNode[] {
  const list = called.getChild("ParamList");
  const found: { name: string; star: "" | "*" | "**"; fallback: SyntaxNode | undefined }[] = [];
  let before = "";
  for (const node of list === null ? [] : children(list)) {
    const last = found.at(-1);
    const text = tree.textOf(node);
    if (before === "=" && last !== undefined) last.fallback = node;
    else if (text === "*" || text === "**") found.push({ name: "", star: text, fallback: undefined });
    else if (node.name === "VariableName") {
      if (before.startsWith("*") && last !== undefined) last.name = text;
      else found.push({ name: text, star: "", fallback: undefined });
    }
    before = node.name === "AssignOp" ? "=" : text;
  }
  return found;
}

/** The names under which a request's context is handed on. */
export function isSelfOrContext(name: string): boolean {
  return ["self", "cls", "ctxt", "context", "cctxt", "ctx", "cnxt"].includes(name);
}

/** Keys that are texts, with their values; `**other` has the key `**`. */
export function entriesOf(dictionary: SyntaxNode, tree: PythonTree): readonly (readonly [string, SyntaxNode])[] {
  const found: (readonly [string, SyntaxNode])[] = [];
  const nodes = children(dictionary).filter((each) => each.name !== "Comment");
  for (const [index, node] of nodes.entries()) {
    const [key, value] = [nodes[index - 1], nodes[index + 1]];
    if (value !== undefined && tree.textOf(node) === "**") found.push(["**", value]);
    const text = node.name === ":" ? tree.textValue(key) : undefined;
    if (text !== undefined && value !== undefined) found.push([text, value]);
  }
  return found;
}

/** The text at the beginning of a body. */
export function docstring(body: SyntaxNode, tree: PythonTree): string | undefined {
  const first = children(body).find((each) => each.name !== ":" && each.name !== "Comment");
  const text = first?.name === "ExpressionStatement" ? tree.textValue(first.firstChild ?? undefined) : undefined;
  return text === undefined ? undefined : unindented(text);
}

/** A literal of Python that YAML has too. */
export function literalOf(text: string): { readonly value: unknown } | undefined {
  if (text === "None") return { value: null };
  if (text === "True" || text === "False") return { value: text === "True" };
  if (text === "[]" || text === "()") return { value: [] };
  if (text === "{}") return { value: {} };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { value: Number(text) };
  const [, inner] = /^(?:'([^'\\]*)'|"([^"\\]*)")$/.exec(text)?.filter((each) => each !== undefined) ?? [];
  return inner === undefined ? undefined : { value: inner };
}

/** The type that an annotation stands for; undefined for those of other libraries. */
export function typeOf(annotation: string): string | undefined {
  const text = annotation
    .replace(/\s+/g, "")
    .replace(/^(["'])(.*)\1$/, "$2")
    .replace(/\b(?:typing|ty|t)\./g, "");
  const optional =
    /^Optional\[(.*)\]$/.exec(text)?.[1] ?? /^(.*)\|None$|^None\|(.*)$/.exec(text)?.slice(1).find(Boolean);
  if (optional !== undefined) {
    const inner = typeOf(optional);
    return inner === undefined || inner.endsWith("?") || inner === "any" ? inner : `${inner}?`;
  }
  const list = /^(?:list|List|Sequence|Iterable|set|Set|tuple|Tuple)(?:\[(.*?)(?:,\.\.\.)?\])?$/.exec(text);
  if (list !== null) return list[1]?.includes(",") ? "list<any>" : `list<${inside(list[1])}>`;
  const map = /^(?:dict|Dict|Mapping)(?:\[str,(.*)\])?$/.exec(text);
  if (map !== null) return `map<${inside(map[1])}>`;
  return scalars[text];
}

function inside(text: string | undefined): string {
  return (text === undefined ? undefined : typeOf(text)) ?? "any";
}

const scalars: Readonly<Record<string, string>> = {
  str: "string",
  bool: "boolean",
  int: "integer",
  float: "number",
  bytes: "bytes",
  object: "any",
  Any: "any",
  "datetime.datetime": "datetime",
  datetime: "datetime",
  "uuid.UUID": "uuid",
  UUID: "uuid",
};

/** A docstring without the indentation of its code. */
function unindented(text: string): string {
  const lines = text.trimEnd().split("\n");
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents, Number.POSITIVE_INFINITY);
  return lines
    .map((line, index) => (index === 0 ? line.trim() : line.slice(Number.isFinite(least) ? least : 0).trimEnd()))
    .join("\n")
    .trim();
}
