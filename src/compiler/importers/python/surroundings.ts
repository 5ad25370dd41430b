import type { SyntaxNode } from "@lezer/common";
import { children, type PythonTree } from "./tree.js";

/** What is around a method and may matter to it. */
export interface Surroundings {
  readonly tree: PythonTree;
  /** Functions of the file. */
  readonly functions: ReadonlyMap<string, SyntaxNode>;
  /** Methods of the class, and of its bases that are in the file. */
  readonly methods: ReadonlyMap<string, SyntaxNode>;
  /** Methods of the bases alone, for `super()`. */
  readonly inherited: ReadonlyMap<string, SyntaxNode>;
  /** What the file's names and the class's attributes are given. */
  readonly constants: ReadonlyMap<string, SyntaxNode>;
  readonly attributes: ReadonlyMap<string, SyntaxNode>;
  /** Whole names of what is imported, by the name that the file uses. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Looks around a class. */
export function surroundingsOf(own: SyntaxNode, tree: PythonTree): Surroundings {
  const outside = statementsOf(tree.root);
  const bases = basesOf(own, tree, outside);
  const lines = [own, ...bases].map((each) => statementsOf(each.getChild("Body") ?? each));
  return {
    tree,
    functions: named(outside, tree),
    methods: new Map([...lines].reverse().flatMap((each) => [...named(each, tree)])),
    inherited: new Map([...lines.slice(1)].reverse().flatMap((each) => [...named(each, tree)])),
    constants: assigned(outside, tree),
    attributes: new Map([...lines].reverse().flatMap((each) => [...assigned(each, tree)])),
    imports: importsOf(outside, tree),
  };
}

/** The name of a class or function. */
export function nameOf(own: SyntaxNode, tree: PythonTree): string {
  const name = own.getChild("VariableName");
  return name === null ? "" : tree.textOf(name);
}

/** The methods of a class itself. */
export function methodsOf(own: SyntaxNode): readonly SyntaxNode[] {
  const body = own.getChild("Body");
  return body === null ? [] : statementsOf(body).filter(({ name }) => name === "FunctionDefinition");
}

/** The decorators of a function, as they are written. */
export function decoratorsOf(method: SyntaxNode): readonly SyntaxNode[] {
  return method.parent?.name === "DecoratedStatement" ? method.parent.getChildren("Decorator") : [];
}

export function isProperty(method: SyntaxNode, tree: PythonTree): boolean {
  return decoratorsOf(method).some((each) => /^@\s*(?:\w+\.)*\w*property\b/.test(tree.textOf(each)));
}

export function isStatic(method: SyntaxNode, tree: PythonTree): boolean {
  return decoratorsOf(method).some((each) => /^@\s*staticmethod\b/.test(tree.textOf(each)));
}

/** The statements right below a node, without their decorators. */
function statementsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return children(node).flatMap((each) => (each.name === "DecoratedStatement" ? children(each) : [each]));
}

function named(statements: readonly SyntaxNode[], tree: PythonTree): ReadonlyMap<string, SyntaxNode> {
  const functions = statements.filter(({ name }) => name === "FunctionDefinition");
  return new Map(functions.map((each) => [nameOf(each, tree), each]));
}

function assigned(statements: readonly SyntaxNode[], tree: PythonTree): ReadonlyMap<string, SyntaxNode> {
  return new Map(
    statements.flatMap((each) => {
      const [target, value] = [each.firstChild, each.lastChild];
      if (each.name !== "AssignStatement" || target?.name !== "VariableName" || value === null) return [];
      return [[tree.textOf(target), value] as const];
    }),
  );
}

/** The bases that are in the file, the nearest first. */
function basesOf(own: SyntaxNode, tree: PythonTree, outside: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const classes = new Map(
    outside.filter(({ name }) => name === "ClassDefinition").map((each) => [nameOf(each, tree), each]),
  );
  const found = new Set<SyntaxNode>();
  const add = (of: SyntaxNode): void => {
    for (const each of children(of.getChild("ArgList") ?? of).filter(({ name }) => name === "VariableName")) {
      const base = classes.get(tree.textOf(each));
      if (base === undefined || base.from === own.from || found.has(base)) continue;
      found.add(base);
      add(base);
    }
  };
  add(own);
  return [...found];
}

/** `from a.b import c as d` and `import a.b as c`. */
function importsOf(statements: readonly SyntaxNode[], tree: PythonTree): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const each of statements.filter(({ name }) => name === "ImportStatement")) {
    const text = tree
      .textOf(each)
      .replace(/#.*$/gm, "")
      .replace(/[()\\\s]+/g, " ")
      .trim();
    const [, from, list = ""] = /^(?:from (\S+) )?import (.*)$/.exec(text) ?? [];
    for (const item of list.split(",")) {
      const [whole = "", alias] = item.trim().split(" as ");
      if (from !== undefined) found.set(alias ?? whole, `${from}.${whole}`);
      else found.set(alias ?? whole.split(".")[0] ?? "", alias === undefined ? (whole.split(".")[0] ?? "") : whole);
    }
  }
  return found;
}
