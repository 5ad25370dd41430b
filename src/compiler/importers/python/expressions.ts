import type { SyntaxNode } from "@lezer/common";
import { below, children, PythonTree } from "./tree.js";

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

/** The names under which a request's context is handed on. */
export function isSelfOrContext(name: string): boolean {
  return ["self", "cls", "ctxt", "context", "cctxt", "ctx"].includes(name);
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

/**
 * The paths into parameters that an expression takes its value from, the first that is set first: `host`,
 * `instance.host` for `instance['host']`, both for `host or instance.host` and for a call of a function of the file that
 * returns one of them. Undefined where it is something else.
 */
export function routesOf(
  text: string,
  parameters: ReadonlySet<string>,
  functions: ReadonlyMap<string, SyntaxNode>,
  tree: PythonTree,
): readonly string[] | undefined {
  const own = new PythonTree(text);
  const node = own.root.firstChild?.firstChild;
  if (own.firstMistake() !== undefined || node === null || node === undefined) return undefined;
  return pathsOf(node, own, parameters, functions, tree);
}

function pathsOf(
  node: SyntaxNode,
  own: PythonTree,
  parameters: ReadonlySet<string>,
  functions: ReadonlyMap<string, SyntaxNode>,
  tree: PythonTree,
): readonly string[] | undefined {
  const all = (nodes: readonly SyntaxNode[]): readonly string[] | undefined => {
    const found = nodes.map((each) => pathsOf(each, own, parameters, functions, tree));
    return found.every((each) => each !== undefined) ? [...new Set(found.flat())] : undefined;
  };
  const parts = children(node);
  switch (node.name) {
    case "None":
      return [];
    case "ParenthesizedExpression":
      return all(parts.slice(1, -1));
    case "BinaryExpression":
      return parts[1] !== undefined && own.textOf(parts[1]) === "or"
        ? all(parts.filter((_, at) => at !== 1))
        : undefined;
    case "ConditionalExpression": {
      // `a if b else c`; what is asked for is mostly whether one of them is there.
      const [first, , , , last] = parts;
      return first === undefined || last === undefined ? undefined : all([first, last]);
    }
    case "VariableName":
    case "MemberExpression": {
      const path = own.textOf(node).replace(/\[\s*['"](\w+)['"]\s*\]/g, ".$1");
      return /^[a-z_]\w*(\.\w+)*$/.test(path) && parameters.has(path.split(".")[0] ?? "") ? [path] : undefined;
    }
    case "CallExpression": {
      const called = functions.get(own.calledName(node));
      const body = called?.getChild("Body");
      if (called === undefined || body === null || body === undefined) return undefined;
      const names = parametersOf(called, tree).filter(({ name }) => !isSelfOrContext(name));
      const given = own.args(node).filter(({ value }) => !isSelfOrContext(own.textOf(value)));
      const values = new Map(
        names.map(({ name }, at) => [name, (given.find((each) => each.name === name) ?? given[at])?.value]),
      );
      const found: string[] = [];
      for (const statement of below(body, "ReturnStatement")) {
        const value = statement.lastChild;
        const inner = value === null ? undefined : pathsOf(value, tree, new Set(values.keys()), new Map(), tree);
        if (inner === undefined) return undefined;
        for (const path of inner) {
          const [head = "", ...rest] = path.split(".");
          const source = values.get(head);
          const above = source === undefined ? [] : pathsOf(source, own, parameters, functions, tree);
          if (above === undefined) return undefined;
          found.push(...above.map((each) => [each, ...rest].join(".")));
        }
      }
      return found.length === 0 ? undefined : [...new Set(found)];
    }
    default:
      return undefined;
  }
}

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
