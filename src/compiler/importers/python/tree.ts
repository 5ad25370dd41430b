import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";

/** Python code as a tree, with the few questions that importers ask of it. */
export class PythonTree {
  readonly text: string;
  readonly root: SyntaxNode;

  constructor(text: string) {
    this.text = text;
    this.root = parser.parse(text).topNode;
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** Where the parser lost its way; undefined where all was understood. */
  firstMistake(): { readonly from: number; readonly to: number } | undefined {
    let found: { from: number; to: number } | undefined;
    this.root.tree?.iterate({
      enter: (node) => {
        if (node.type.isError) found ??= { from: node.from, to: node.to };
      },
    });
    return found;
  }

  /** The value of a text literal; literals side by side are one. */
  textValue(node: SyntaxNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (node.name === "ContinuedString") {
      const parts = children(node).map((each) => this.textValue(each));
      return parts.every((each) => each !== undefined) ? parts.join("") : undefined;
    }
    if (node.name !== "String") return undefined;
    const [, mark = "", body = ""] = /^[rRuU]?("""|'''|"|')([\s\S]*)\1$/.exec(this.textOf(node)) ?? [];
    return mark === "" ? undefined : body.replace(/\\(["'\\])/g, "$1").replace(/\\\n/g, "");
  }

  /** Name and value of each argument of a call; those without a name have none, `**x` has the name `**`. */
  args(call: SyntaxNode): readonly { readonly name: string | undefined; readonly value: SyntaxNode }[] {
    const list = call.getChild("ArgList");
    if (list === null) return [];
    const found: { name: string | undefined; value: SyntaxNode }[] = [];
    let name: string | undefined;
    let before: SyntaxNode | undefined;
    for (const node of children(list)) {
      const text = this.textOf(node);
      if (node.name === "AssignOp" && before !== undefined) {
        found.pop();
        name = this.textOf(before);
      } else if (text === "**" || text === "*") name = text;
      else if (!["(", ")", ","].includes(text) && node.name !== "Comment") {
        found.push({ name, value: node });
        name = undefined;
      }
      before = node;
    }
    return found;
  }

  /** The last name of what a call calls: `prepare` of `self.client.prepare(...)`. */
  calledName(call: SyntaxNode): string {
    const callee = call.firstChild;
    if (callee === null) return "";
    const last = callee.name === "MemberExpression" ? callee.lastChild : callee;
    return last === null ? "" : this.textOf(last);
  }
}

/** The nodes right below a node. */
export function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let at = node.firstChild; at !== null; at = at.nextSibling) found.push(at);
  return found;
}

/** All nodes of a kind below a node, in the order of the text. */
export function below(node: SyntaxNode, kind: string): readonly SyntaxNode[] {
  return children(node).flatMap((each) => [...(each.name === kind ? [each] : []), ...below(each, kind)]);
}
