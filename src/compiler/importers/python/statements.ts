import type { SyntaxNode } from "@lezer/common";
import { added, evaluate, together } from "./evaluate.js";
import { parameterNodes } from "./expressions.js";
import { refusalOf } from "./refusal.js";
import type { Frame, Given, State } from "./state.js";
import type { Surroundings } from "./surroundings.js";
import { below, children } from "./tree.js";
import { holds } from "./truth.js";
import { emptyTable, merge, none, textOf, type Value } from "./value.js";

/** Why the statements behind one do not run. */
type Leaving =
  | { readonly why: "return"; readonly value: Value }
  | { readonly why: "break" }
  | { readonly why: "continue" }
  | { readonly why: "raise" };

/** Runs a function, statement by statement, and gives what it returns. */
export function run(called: SyntaxNode, given: Given, state: State, around: Surroundings): Value {
  // A function that calls itself, or another without an end, says nothing more about what is sent.
  const body = called.getChild("Body");
  if (state.running.includes(called.from) || state.running.length > 12 || body === null)
    return { kind: "unknown", text: "a function that calls itself" };
  state.running.push(called.from);
  state.followed.add(called.from);
  const frame = frameOf(state, around);
  bind(called, given, frame);
  const left = statements(body, frame);
  state.running.pop();
  return left?.why === "return" ? left.value : none;
}

/** A frame without names, in which constants can be evaluated. */
export function frameOf(state: State, around: Surroundings): Frame {
  const frame: Frame = {
    state,
    around,
    names: new Map(),
    evaluate: (node) => evaluate(node, frame),
    holds: (node) => holds(node, frame),
    follow: (called, given) => run(called, given, state, around),
  };
  return frame;
}

/** Gives a function's parameters their values. */
function bind(called: SyntaxNode, { positional, named }: Given, frame: Frame): void {
  const rest = [...positional];
  const others = { ...emptyTable(), unread: [...named.unread] };
  merge(others, { ...named, unread: [] });
  let isNamedOnly = false;
  for (const { name, star, fallback } of parameterNodes(called, frame.around.tree)) {
    if (star === "*") {
      if (name !== "") frame.names.set(name, { kind: "list", items: rest.splice(0) });
      isNamedOnly = true;
    } else if (star === "**") frame.names.set(name, others);
    else {
      const value = others.entries.get(name) ?? (isNamedOnly ? undefined : rest.shift());
      others.entries.delete(name);
      const unread = value === undefined && others.unread.length > 0 && fallback === undefined;
      frame.names.set(
        name,
        value ?? (unread || fallback === undefined ? { kind: "unknown", text: name } : frame.evaluate(fallback)),
      );
    }
  }
}

function statements(body: SyntaxNode, frame: Frame): Leaving | undefined {
  for (const each of children(body)) {
    const left = statement(each, frame);
    if (frame.state.refusal !== undefined) return { why: "raise" };
    if (left !== undefined) return left;
  }
  return undefined;
}

function statement(node: SyntaxNode, frame: Frame): Leaving | undefined {
  switch (node.name) {
    case "IfStatement":
      return chosen(node, frame);
    case "AssignStatement":
      assign(node, frame);
      return undefined;
    case "UpdateStatement":
      update(node, frame);
      return undefined;
    case "DeleteStatement":
      for (const each of children(node).slice(1)) remove(each, frame);
      return undefined;
    case "ExpressionStatement":
      for (const each of children(node)) {
        const value = frame.evaluate(each);
        if (value.kind === "sent") value.send.isDropped = true;
      }
      return undefined;
    case "ReturnStatement":
      return { why: "return", value: together(children(node).slice(1), frame) };
    case "RaiseStatement":
      frame.state.refusal = refusalOf(node, frame);
      return { why: "raise" };
    case "BreakStatement":
      return { why: "break" };
    case "ContinueStatement":
      return { why: "continue" };
    case "ForStatement":
    case "WhileStatement":
      return repeated(node, frame);
    case "WithStatement":
      return within(node, frame);
    case "TryStatement":
      return attempted(node, frame);
    default:
      return undefined;
  }
}

function chosen(node: SyntaxNode, frame: Frame): Leaving | undefined {
  const parts = children(node);
  for (const [at, body] of parts.entries()) {
    if (body.name !== "Body") continue;
    const asked = parts[at - 1];
    const isElse = asked === undefined || frame.around.tree.textOf(asked) === "else";
    if (isElse || frame.holds(asked)) return statements(body, frame);
  }
  return undefined;
}

/** Over a list that is known, each in turn; over anything else, once. */
function repeated(node: SyntaxNode, frame: Frame): Leaving | undefined {
  const { tree } = frame.around;
  const parts = children(node);
  const body = parts.find(({ name }) => name === "Body");
  const at = parts.findIndex((each) => tree.textOf(each) === "in");
  const all = at === -1 || parts[at + 1] === undefined ? undefined : frame.evaluate(parts[at + 1] ?? node);
  if (body === undefined) return undefined;
  if (node.name === "WhileStatement" && parts[1] !== undefined && !frame.holds(parts[1])) return undefined;
  const isKnown = all?.kind === "list";
  const each = all === undefined ? "" : `each of ${textOf(all)}`;
  for (const item of isKnown ? all.items : [{ kind: "unknown", text: each } as const]) {
    if (at > 0) give(parts.slice(1, at), item, frame);
    if (!isKnown) frame.state.loops += 1;
    const left = statements(body, frame);
    if (!isKnown) frame.state.loops -= 1;
    if (left?.why === "break") return undefined;
    if (left !== undefined && left.why !== "continue") return left;
  }
  const otherwise = parts.at(-1);
  return otherwise !== undefined && otherwise !== body && otherwise.name === "Body"
    ? statements(otherwise, frame)
    : undefined;
}

function within(node: SyntaxNode, frame: Frame): Leaving | undefined {
  const { tree } = frame.around;
  let value: Value = none;
  let isName = false;
  for (const each of children(node)) {
    const text = tree.textOf(each);
    if (each.name === "Body") return statements(each, frame);
    if (isName) frame.names.set(text, value);
    else if (!["with", "as", ",", "(", ")", "async"].includes(text)) value = frame.evaluate(each);
    isName = text === "as";
  }
  return undefined;
}

/** What is tried is what is sent; handlers are looked at for a second try alone. */
function attempted(node: SyntaxNode, frame: Frame): Leaving | undefined {
  const { tree } = frame.around;
  const parts = children(node);
  let word = "";
  let left: Leaving | undefined;
  for (const each of parts) {
    const text = tree.textOf(each);
    if (["try", "except", "else", "finally"].includes(text)) word = text;
    if (each.name !== "Body") continue;
    const isMessage = below(each, "CallExpression").some(
      (call) => ["call", "cast"].includes(tree.calledName(call)) && tree.args(call).length > 1,
    );
    if (word === "except" && isMessage) frame.state.remarks.add("sends something else where the first attempt fails");
    if (word === "try" || (word === "else" && left === undefined)) left = statements(each, frame);
    else if (word === "finally") left = statements(each, frame) ?? left;
  }
  return left;
}

// ----------------------------------------------------------------------------------------------------- assignments

/** `a = b = c`, `a, b = c, d`, `a: int = b`. */
function assign(node: SyntaxNode, frame: Frame): void {
  const groups: SyntaxNode[][] = [[]];
  for (const each of children(node)) {
    if (each.name === "AssignOp") groups.push([]);
    else if (each.name !== "TypeDef" && each.name !== "Comment") groups.at(-1)?.push(each);
  }
  const given = groups.length > 1 ? groups.pop() : undefined;
  if (given === undefined) return;
  const value = together(given, frame);
  for (const targets of groups) give(targets, value, frame);
}

/** Gives a name, or several, a value. */
function give(targets: readonly SyntaxNode[], value: Value, frame: Frame): void {
  const { tree } = frame.around;
  const [only, ...rest] = targets.filter((each) => !["(", ")", "[", "]", ","].includes(tree.textOf(each)));
  if (only === undefined) return;
  const isSeveral = rest.length > 0 || only.name === "TupleExpression" || only.name === "ArrayExpression";
  if (!isSeveral) {
    set(only, value, frame);
    return;
  }
  const names = rest.length > 0 ? [only, ...rest] : children(only).filter((each) => /Name|Member/.test(each.name));
  for (const [at, each] of names.entries()) {
    const part = value.kind === "list" ? value.items[at] : undefined;
    set(each, part ?? { kind: "unknown", text: `${textOf(value)}[${at}]` }, frame);
  }
}

function set(target: SyntaxNode, value: Value, frame: Frame): void {
  const { tree } = frame.around;
  if (target.name === "VariableName") {
    frame.names.set(tree.textOf(target), value);
    return;
  }
  const [owner, mark, key] = children(target);
  if (target.name !== "MemberExpression" || owner === undefined || key === undefined) return;
  const of = frame.evaluate(owner);
  if (of.kind === "self") frame.state.attributes.set(tree.textOf(key), value);
  else if (of.kind === "table" && mark !== undefined && tree.textOf(mark) === "[") {
    const name = frame.evaluate(key);
    if (name.kind === "literal") of.entries.set(String(name.value), value);
    else of.unread.push(`{${textOf(name)}: ${textOf(value)}}`);
  }
}

/** `args |= more`, `text += '.'`. */
function update(node: SyntaxNode, frame: Frame): void {
  const [target, operator, given] = children(node);
  if (target === undefined || operator === undefined || given === undefined) return;
  const value = frame.evaluate(given);
  const known = frame.evaluate(target);
  if (known.kind === "table") merge(known, value);
  else if (frame.around.tree.textOf(operator) === "+=") set(target, added(known, value), frame);
  else set(target, { kind: "unknown", text: frame.around.tree.textOf(node) }, frame);
}

function remove(node: SyntaxNode, frame: Frame): void {
  const [owner, , key] = children(node);
  if (node.name !== "MemberExpression" || owner === undefined || key === undefined) return;
  const [of, name] = [frame.evaluate(owner), frame.evaluate(key)];
  if (of.kind === "table" && name.kind === "literal") of.entries.delete(String(name.value));
}
