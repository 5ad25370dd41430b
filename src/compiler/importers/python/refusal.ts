import type { SyntaxNode } from "@lezer/common";
import type { Frame, Refusal } from "./state.js";
import type { Surroundings } from "./surroundings.js";
import { below, type PythonTree } from "./tree.js";

/** What `raise X(...)` refuses with. */
export function refusalOf(statement: SyntaxNode, frame: Frame): Refusal {
  const { tree } = frame.around;
  const raised = statement.firstChild?.nextSibling ?? null;
  const given = raised?.name === "CallExpression" ? tree.args(raised) : [];
  const fields = new Map<string, string | number | boolean>();
  for (const { name, value } of given) {
    const literal = frame.evaluate(textIn(value, tree) ?? value);
    if (name !== undefined && literal.kind === "literal" && literal.value !== null) fields.set(name, literal.value);
  }
  const first = given[0]?.name === undefined ? given[0]?.value : undefined;
  const message = first === undefined ? undefined : tree.textValue(textIn(first, tree) ?? first);
  return { ...raisedBy(statement, frame.around), at: statement.from, message, fields };
}

/** The error that a `raise` names, whatever runs around it. */
export function raisedBy(statement: SyntaxNode, around: Surroundings): Pick<Refusal, "error" | "wire"> {
  const raised = statement.firstChild?.nextSibling ?? null;
  const callee = raised?.name === "CallExpression" ? raised.firstChild : raised;
  return errorOf(callee === null ? "" : around.tree.textOf(callee), around);
}

/** An error by the name that the file has for it. */
export function errorOf(text: string, { imports, tree, functions }: Surroundings): Pick<Refusal, "error" | "wire"> {
  const parts = text.split(".");
  const error = parts.at(-1) ?? "";
  if (!/^[A-Z]\w*$/.test(error) || !/^[\w.]+$/.test(text)) return { error: undefined, wire: undefined };
  const [first = "", ...rest] = parts;
  const module = imports.get(first);
  if (module !== undefined) return { error, wire: [module, ...rest].join(".") };
  const isOwn =
    functions.has(first) || below(tree.root, "ClassDefinition").some((each) => tree.textOf(each).includes(error));
  return {
    error,
    wire: isOwn || rest.length > 0 || !/Error$|Exception$/.test(error) ? undefined : `builtins.${error}`,
  };
}

/** The text in `_('...')`. */
function textIn(node: SyntaxNode, tree: PythonTree): SyntaxNode | undefined {
  const isTranslated = node.name === "CallExpression" && ["_", "_LE"].includes(tree.calledName(node));
  return isTranslated ? tree.args(node)[0]?.value : undefined;
}
