import type { SyntaxNode } from "@lezer/common";
import { compareVersions } from "../../versions.js";
import { below, children, type PythonTree } from "./tree.js";

/** What a method of an RPC class sends. */
export interface SentMethod {
  readonly wireName: string;
  readonly kind: "call" | "cast" | "fanout";
  /** The lowest version that it sends; undefined where it names none. */
  readonly since: string | undefined;
  /** Every version that it names. */
  readonly versions: readonly string[];
  readonly args: readonly SentArg[];
  /** The expression of the server, where it gives one. */
  readonly server: string | undefined;
  readonly description: string | undefined;
  /** Parameters of the Python method. */
  readonly parameters: readonly Parameter[];
  readonly remarks: readonly string[];
}

/** One argument on the wire. */
export interface SentArg {
  readonly name: string;
  /** The expression that it is given. */
  readonly value: string;
  readonly since: string | undefined;
  readonly whenOlder: "drop" | "reject";
}

/** A parameter of a Python function. */
export interface Parameter {
  readonly name: string;
  readonly default: string | undefined;
}

/** Reads a method that sends something; undefined where it sends nothing that can be seen. */
export function sentMethod(method: SyntaxNode, tree: PythonTree): SentMethod | undefined {
  const body = method.getChild("Body");
  if (body === null) return undefined;
  const sends = below(body, "CallExpression").filter((each) => {
    const [, name] = tree.args(each);
    return (
      ["call", "cast"].includes(tree.calledName(each)) &&
      name?.name === undefined &&
      tree.textValue(name?.value) !== undefined
    );
  });
  const [send] = sends;
  if (send === undefined) return undefined;
  const reader = new Reader(tree);
  reader.read(body);
  const [, name, ...given] = tree.args(send);
  const wireName = tree.textValue(name?.value) ?? "";
  const prepare = below(body, "CallExpression").filter((each) => /^prepare/.test(tree.calledName(each)));
  const options = new Map(prepare.flatMap((each) => tree.args(each)).map((each) => [each.name, each.value]));
  for (const each of prepare)
    if (tree.calledName(each) !== "prepare") reader.remark(`sent through ${tree.calledName(each)}()`);
  if (options.has("topic")) reader.remark(`its topic is ${textAt(options.get("topic"), tree)}`);
  if (sends.length > 1) reader.remark("sends in several places; this is the first");
  const verb = tree.calledName(send) === "call" ? "call" : "cast";
  const named = options.get("version");
  const direct = tree.textValue(named) ?? reader.versionIn(named);
  if (direct !== undefined) reader.sawVersion(direct);
  const versions = [...reader.versions].sort(compareVersions);
  const sent = given.flatMap(({ name: key, value }): [string, string][] => {
    if (key === "**") return [...(reader.tables.get(tree.textOf(value)) ?? reader.unknownTable(tree.textOf(value)))];
    return key === undefined ? [] : [[key, tree.textOf(value)]];
  });
  const args = [...new Map(sent)].map(([key, value]): SentArg => {
    const added = reader.since.get(key);
    return { name: key, value, since: added, whenOlder: reader.refused.has(key) ? "reject" : "drop" };
  });
  return {
    wireName,
    kind: textAt(options.get("fanout"), tree) === "True" ? "fanout" : verb,
    since: versions[0],
    versions,
    args,
    server: options.has("server") ? textAt(options.get("server"), tree) : undefined,
    description: docstring(body, tree),
    parameters: parametersOf(method, tree),
    remarks: [...reader.remarks],
  };
}

/** The text at the beginning of a body. */
export function docstring(body: SyntaxNode, tree: PythonTree): string | undefined {
  const first = children(body).find((each) => each.name !== ":" && each.name !== "Comment");
  const text = first?.name === "ExpressionStatement" ? tree.textValue(first.firstChild ?? undefined) : undefined;
  return text === undefined ? undefined : unindented(text);
}

/** Follows what happens to versions and tables of arguments, statement by statement. */
class Reader {
  readonly tables = new Map<string, Map<string, string>>();
  readonly versions = new Set<string>();
  /** When arguments came: the version below which they are taken away. */
  readonly since = new Map<string, string>();
  readonly refused = new Set<string>();
  readonly remarks = new Set<string>();
  readonly #tree: PythonTree;
  /** What variables hold that are versions. */
  readonly #held = new Map<string, string>();

  constructor(tree: PythonTree) {
    this.#tree = tree;
  }

  remark(text: string): void {
    this.remarks.add(text);
  }

  sawVersion(version: string): void {
    this.versions.add(version);
  }

  /** A version that an expression stands for: a text, a variable, or the text in `self._ver(ctxt, '5.0')`. */
  versionIn(node: SyntaxNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    const text = this.#tree.textValue(node);
    if (text !== undefined) return isVersion(text) ? text : undefined;
    if (node.name === "CallExpression") {
      return this.#tree
        .args(node)
        .map(({ value }) => this.versionIn(value))
        .findLast((each) => each !== undefined);
    }
    return this.#held.get(this.#tree.textOf(node));
  }

  unknownTable(name: string): readonly [string, string][] {
    this.remark(`arguments in ${name} could not be read`);
    return [];
  }

  /** @param above the version that cannot be sent here, or can */
  read(body: SyntaxNode, above?: { readonly version: string; readonly can: boolean }): void {
    for (const statement of children(body)) {
      if (statement.name === "IfStatement") this.#if(statement, above);
      else if (statement.name === "AssignStatement") this.#assign(statement, above);
      else if (statement.name === "DeleteStatement" || statement.name === "ExpressionStatement") {
        if (above !== undefined && !above.can) this.#remove(statement, above.version);
        this.#update(statement, above);
      } else if (["ForStatement", "WithStatement", "TryStatement"].includes(statement.name)) {
        for (const inner of statement.getChildren("Body")) this.read(inner, above);
      }
    }
  }

  #if(statement: SyntaxNode, above: { readonly version: string; readonly can: boolean } | undefined): void {
    const condition = statement.firstChild?.nextSibling ?? undefined;
    const asked =
      condition === undefined
        ? undefined
        : [condition, ...below(condition, "CallExpression")].find(
            (each) => each.name === "CallExpression" && this.#tree.calledName(each) === "can_send_version",
          );
    const [first, ...others] = statement.getChildren("Body");
    const version = asked === undefined ? undefined : this.versionIn(this.#tree.args(asked)[0]?.value);
    if (asked !== undefined && version === undefined) this.remark("asks for a version that could not be read");
    if (version !== undefined && condition !== undefined) {
      const isNot = /^not\b/.test(this.#tree.textOf(condition));
      this.versions.add(version);
      if (first !== undefined) this.read(first, { version, can: !isNot });
      for (const other of others) this.read(other, { version, can: isNot });
      // A refusal at once, instead of an older form: the method itself is not older.
      if (first !== undefined && isNot && first.getChild("RaiseStatement") !== null) this.#onlySince(version);
      return;
    }
    const raises = first?.getChild("RaiseStatement") !== null && first !== undefined;
    if (above !== undefined && !above.can && raises && condition !== undefined) {
      for (const text of this.#tree.textOf(condition).matchAll(/['"](\w+)['"]|\b([a-z_]\w*)\b/g)) {
        const name = text[1] ?? text[2] ?? "";
        if ([...this.tables.values()].some((table) => table.has(name))) {
          this.refused.add(name);
          this.#came(name, above.version);
        }
      }
    }
    for (const body of [first, ...others]) if (body !== undefined) this.read(body, above);
  }

  #onlySince(version: string): void {
    for (const each of this.versions) if (compareVersions(each, version) < 0) this.versions.delete(each);
  }

  #assign(statement: SyntaxNode, above: { readonly version: string; readonly can: boolean } | undefined): void {
    const target = statement.firstChild;
    const value = statement.lastChild;
    if (target === null || value === null) return;
    const name = this.#tree.textOf(target);
    const version = this.versionIn(value);
    if (version !== undefined && /ver/i.test(name)) {
      this.#held.set(name, version);
      this.versions.add(version);
      return;
    }
    const table = this.#table(value);
    if (table !== undefined) this.tables.set(name, table);
    const [, owner, key] = /^(\w+)\[['"](\w+)['"]\]$/.exec(name) ?? [];
    if (owner === undefined || key === undefined) return;
    if (above !== undefined && !above.can) {
      this.remark(`below ${above.version} it sends ${key} = ${this.#tree.textOf(value)}`);
      return;
    }
    this.tables.get(owner)?.set(key, this.#tree.textOf(value));
    if (above !== undefined) this.#came(key, above.version);
  }

  /** `{'a': a}` or `dict(a=a)`. */
  #table(node: SyntaxNode): Map<string, string> | undefined {
    if (node.name === "CallExpression" && this.#tree.calledName(node) === "dict") {
      const args = this.#tree.args(node).filter((each) => each.name !== undefined && each.name !== "**");
      return new Map(args.map(({ name, value }) => [name ?? "", this.#tree.textOf(value)]));
    }
    if (node.name !== "DictionaryExpression") return undefined;
    return new Map(entriesOf(node, this.#tree).map(([key, value]) => [key, this.#tree.textOf(value)]));
  }

  /** `del args['x']` and `args.pop('x')` below a version. */
  #remove(statement: SyntaxNode, version: string): void {
    const text = this.#tree.textOf(statement);
    for (const found of text.matchAll(/\b\w+(?:\[['"](\w+)['"]\]|\.pop\(\s*['"](\w+)['"])/g)) {
      this.#came(found[1] ?? found[2] ?? "", version);
    }
  }

  /** `args.update(x=x)`. */
  #update(statement: SyntaxNode, above: { readonly version: string; readonly can: boolean } | undefined): void {
    const call = statement.firstChild;
    if (call?.name !== "CallExpression" || this.#tree.calledName(call) !== "update") return;
    const owner = /^(\w+)\./.exec(this.#tree.textOf(call))?.[1] ?? "";
    for (const { name, value } of this.#tree.args(call)) {
      if (name === undefined || name === "**" || (above !== undefined && !above.can)) continue;
      this.tables.get(owner)?.set(name, this.#tree.textOf(value));
      if (above !== undefined) this.#came(name, above.version);
    }
  }

  #came(name: string, version: string): void {
    const known = this.since.get(name);
    if (known === undefined || compareVersions(version, known) > 0) this.since.set(name, version);
  }
}

/** Keys that are texts, with their values. */
export function entriesOf(dictionary: SyntaxNode, tree: PythonTree): readonly (readonly [string, SyntaxNode])[] {
  const found: (readonly [string, SyntaxNode])[] = [];
  const nodes = children(dictionary).filter((each) => each.name !== "Comment");
  for (const [index, node] of nodes.entries()) {
    const [key, value] = [nodes[index - 1], nodes[index + 1]];
    const text = node.name === ":" ? tree.textValue(key) : undefined;
    if (text !== undefined && value !== undefined) found.push([text, value]);
  }
  return found;
}

/** Without `self`, `cls` and the context. */
function parametersOf(method: SyntaxNode, tree: PythonTree): readonly Parameter[] {
  const list = method.getChild("ParamList");
  const found: { name: string; default: string | undefined }[] = [];
  let isDefault = false;
  for (const node of list === null ? [] : children(list)) {
    const last = found.at(-1);
    if (node.name === "AssignOp") isDefault = true;
    else if (isDefault && last !== undefined) {
      last.default = tree.textOf(node);
      isDefault = false;
    } else if (node.name === "VariableName") found.push({ name: tree.textOf(node), default: undefined });
  }
  return found.filter(({ name }) => !["self", "cls", "ctxt", "context", "cctxt"].includes(name));
}

function textAt(node: SyntaxNode | undefined, tree: PythonTree): string {
  return node === undefined ? "" : tree.textOf(node).replace(/\s+/g, " ");
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
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
