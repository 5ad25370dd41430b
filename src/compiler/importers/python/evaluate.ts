import type { SyntaxNode } from "@lezer/common";
import { called, givenTo } from "./calls.js";
import { entriesOf, literalOf } from "./expressions.js";
import { type Frame, preparedVersion } from "./state.js";
import { isProperty } from "./surroundings.js";
import { below, children } from "./tree.js";
import { isSet } from "./truth.js";
import { emptyTable, isSame, merge, none, plainClient, type Table, textOf, type Value } from "./value.js";

/** What an expression is. */
export function evaluate(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const parts = children(node).filter(({ name }) => name !== "Comment");
  const [first, second] = parts;
  const last = parts.at(-1);
  switch (node.name) {
    case "None":
      return none;
    case "Boolean":
    case "Number":
    case "String":
    case "ContinuedString":
      return literal(node, frame);
    case "FormatString":
      return formatted(node, frame);
    case "VariableName":
      return variable(tree.textOf(node), frame);
    case "ParenthesizedExpression":
    case "AwaitExpression":
      return second === undefined ? unknown(node, frame) : frame.evaluate(second);
    case "TupleExpression":
    case "ArrayExpression":
      return { kind: "list", items: itemsOf(parts.slice(1, -1), frame) };
    case "DictionaryExpression":
      return table(node, frame);
    case "ConditionalExpression": {
      const [yes, , asked, , no] = parts;
      if (yes === undefined || asked === undefined || no === undefined) return unknown(node, frame);
      return frame.evaluate(frame.holds(asked) ? yes : no);
    }
    case "NamedExpression": {
      if (first === undefined || last === undefined) return unknown(node, frame);
      const value = frame.evaluate(last);
      frame.names.set(tree.textOf(first), value);
      return value;
    }
    case "UnaryExpression":
      if (first !== undefined && tree.textOf(first) === "not") return { kind: "literal", value: frame.holds(node) };
      return literal(node, frame);
    case "BinaryExpression":
      return binary(node, frame);
    case "MemberExpression":
      return member(node, frame);
    case "CallExpression":
      return called(node, frame);
    case "ArrayComprehensionExpression":
      return comprehension(node, frame);
    default:
      return unknown(node, frame);
  }
}

function unknown(node: SyntaxNode, frame: Frame): Value {
  return { kind: "unknown", text: frame.around.tree.textOf(node).replace(/\s+/g, " ") };
}

function literal(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const text = tree.textValue(node);
  const found = text === undefined ? literalOf(tree.textOf(node))?.value : text;
  const isPlain = typeof found === "string" || typeof found === "number" || typeof found === "boolean";
  return isPlain ? { kind: "literal", value: found } : unknown(node, frame);
}

function variable(name: string, frame: Frame): Value {
  const { attributes, constants, tree } = frame.around;
  const local = frame.names.get(name);
  if (local !== undefined) return local;
  // Those of the class are known by their bare names while the class is read.
  const constant = constants.get(name) ?? attributes.get(name);
  // Only what is plain is looked into: what is made while the file is read may be anything.
  if (constant !== undefined && /String|Number|Tuple|Array|Boolean|None|Member|Variable|Dictionary/.test(constant.name))
    return tree.textOf(constant) === name ? { kind: "unknown", text: name } : frame.evaluate(constant);
  return { kind: "unknown", text: name };
}

function itemsOf(nodes: readonly SyntaxNode[], frame: Frame): readonly Value[] {
  const { tree } = frame.around;
  return nodes.flatMap((each, at): readonly Value[] => {
    const text = tree.textOf(each);
    if (text === "," || text === "*") return [];
    const value = frame.evaluate(each);
    const before = nodes[at - 1];
    return before !== undefined && tree.textOf(before) === "*" && value.kind === "list" ? value.items : [value];
  });
}

/** Several expressions side by side are a tuple. */
export function together(nodes: readonly SyntaxNode[], frame: Frame): Value {
  const [only, ...rest] = nodes;
  if (only === undefined) return none;
  return rest.length === 0 ? frame.evaluate(only) : { kind: "list", items: itemsOf(nodes, frame) };
}

function table(node: SyntaxNode, frame: Frame): Table {
  const made = emptyTable();
  for (const [key, value] of entriesOf(node, frame.around.tree)) {
    if (key === "**") merge(made, frame.evaluate(value));
    else made.entries.set(key, frame.evaluate(value));
  }
  return made;
}

/** A text with braces. */
function formatted(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const whole = tree.textOf(node);
  const start = /^\w*("""|'''|"|')/.exec(whole)?.[0].length ?? 1;
  const found: Value[] = [];
  let at = node.from + start;
  for (const each of children(node)) {
    if (each.from > at) found.push({ kind: "literal", value: tree.text.slice(at, each.from) });
    const inner = each.name === "FormatReplacement" ? children(each)[1] : undefined;
    found.push(inner === undefined ? { kind: "unknown", text: tree.textOf(each) } : frame.evaluate(inner));
    at = each.to;
  }
  const end = node.to - (/("""|'''|"|')$/.exec(whole)?.[0].length ?? 1);
  if (end > at) found.push({ kind: "literal", value: tree.text.slice(at, end) });
  return text(found);
}

/** Parts as one text; those side by side that are literals are one. */
export function text(parts: readonly Value[]): Value {
  const found: Value[] = [];
  for (const each of parts.flatMap((part) => (part.kind === "text" ? part.parts : [part]))) {
    const before = found.at(-1);
    if (each.kind === "literal" && before?.kind === "literal")
      found.splice(-1, 1, { kind: "literal", value: `${before.value}${each.value}` });
    else found.push(each);
  }
  const [only] = found;
  return found.length === 1 && only?.kind === "literal" ? only : { kind: "text", parts: found };
}

function binary(node: SyntaxNode, frame: Frame): Value {
  const [first, operator, ...rest] = children(node);
  const last = rest.at(-1);
  if (first === undefined || operator === undefined || last === undefined) return unknown(node, frame);
  switch (frame.around.tree.textOf(operator)) {
    case "or": {
      const left = frame.evaluate(first);
      if (["literal", "list", "table", "client"].includes(left.kind))
        return isSet(left, frame) ? left : frame.evaluate(last);
      const right = frame.evaluate(last);
      const of = [left, right].flatMap((each) => (each.kind === "first" ? each.of : [each]));
      return { kind: "first", of: of.filter((each, at) => of.findIndex((other) => isSame(each, other)) === at) };
    }
    case "and": {
      const left = frame.evaluate(first);
      return isSet(left, frame) ? frame.evaluate(last) : left;
    }
    case "+":
      return added(frame.evaluate(first), frame.evaluate(last));
    case "|": {
      const made = emptyTable();
      merge(made, frame.evaluate(first));
      merge(made, frame.evaluate(last));
      return made;
    }
    case "%":
      return filledIn(frame.evaluate(first), frame.evaluate(last));
    case "-":
    case "*":
    case "/":
      return {
        kind: "unknown",
        text: `${textOf(frame.evaluate(first))} ${frame.around.tree.textOf(operator)} ${textOf(frame.evaluate(last))}`,
      };
    case "is":
    case "not":
    case "in":
    case "==":
    case "!=":
    case "<":
    case ">":
    case "<=":
    case ">=":
      return { kind: "literal", value: frame.holds(node) };
    default:
      return unknown(node, frame);
  }
}

export function added(a: Value, b: Value): Value {
  if (a.kind === "list" && b.kind === "list") return { kind: "list", items: [...a.items, ...b.items] };
  const isText = (each: Value): boolean =>
    each.kind === "text" || (each.kind === "literal" && typeof each.value === "string");
  return isText(a) || isText(b) ? text([a, b]) : { kind: "unknown", text: `${textOf(a)} + ${textOf(b)}` };
}

/** `'%s.%s' % (a, b)`, `'%(a)s' % {'a': a}`. */
function filledIn(pattern: Value, given: Value): Value {
  if (pattern.kind !== "literal") return { kind: "unknown", text: `${textOf(pattern)} % ${textOf(given)}` };
  const values = given.kind === "list" ? [...given.items] : [given];
  const parts = String(pattern.value)
    .split(/(%(?:\(\w+\))?[sd])/)
    .map((each): Value => {
      const [, key] = /^%(?:\((\w+)\))?[sd]$/.exec(each) ?? [];
      if (!/^%(?:\(\w+\))?[sd]$/.test(each)) return { kind: "literal", value: each };
      const value = key === undefined ? values.shift() : given.kind === "table" ? given.entries.get(key) : undefined;
      return value ?? { kind: "unknown", text: each };
    })
    .filter((each) => each.kind !== "literal" || each.value !== "");
  return text(parts);
}

/** `a.b`, `a['b']`, `a[0]`, `a[1:]`. */
function member(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const [owner, mark, ...rest] = children(node);
  if (owner === undefined || mark === undefined) return unknown(node, frame);
  const value = frame.evaluate(owner);
  if (tree.textOf(mark) === ".") return attribute(value, tree.textOf(rest[0] ?? node), frame);
  const inner = rest.slice(0, -1);
  const [key] = inner;
  const index = key === undefined ? none : inner.length === 1 ? frame.evaluate(key) : none;
  if (index.kind !== "literal" || index.value === null) return sliced(value, inner, frame) ?? unknown(node, frame);
  if (value.kind === "table") return value.entries.get(String(index.value)) ?? unknown(node, frame);
  if (value.kind === "list" && typeof index.value === "number") return value.items.at(index.value) ?? none;
  if (value.kind === "path" && (typeof index.value === "string" || Number(index.value) >= 0))
    return { kind: "path", keys: [...value.keys, String(index.value)] };
  return { kind: "unknown", text: `${textOf(value)}[${textOf(index)}]` };
}

function sliced(value: Value, inner: readonly SyntaxNode[], frame: Frame): Value | undefined {
  const { tree } = frame.around;
  const [, from, to] = /^(-?\d*):(-?\d*)$/.exec(inner.map((each) => tree.textOf(each)).join("")) ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (value.kind !== "list") return { kind: "unknown", text: `${textOf(value)}[${from}:${to}]` };
  return {
    kind: "list",
    items: value.items.slice(from === "" ? 0 : Number(from), to === "" ? undefined : Number(to)),
  };
}

function attribute(value: Value, name: string, frame: Frame): Value {
  const { attributes, methods, tree } = frame.around;
  if (value.kind === "self") {
    const known = frame.state.attributes.get(name);
    if (known !== undefined) return known;
    const method = methods.get(name);
    if (method !== undefined) {
      if (!isProperty(method, tree)) return { kind: "method", called: method, text: `self.${name}` };
      // One that makes the client and keeps it says nothing about what is sent with it.
      const isPrepared = below(method, "CallExpression").some((call) => tree.calledName(call) === "prepare");
      return isPrepared
        ? frame.follow(method, { positional: [value], named: emptyTable() })
        : { kind: "unknown", text: `self.${name}` };
    }
    const given = attributes.get(name);
    if (given !== undefined) return frame.evaluate(given);
  }
  if (name === "call" || name === "cast")
    return { kind: "sender", client: value.kind === "client" ? value : plainClient, verb: name };
  if (value.kind === "client") {
    if (name === "target") return value;
    if (name === "version" && preparedVersion(value) !== undefined) return value.options.get("version") ?? none;
    return { kind: "unknown", text: name };
  }
  if (value.kind === "path") return { kind: "path", keys: [...value.keys, name] };
  return { kind: "unknown", text: `${textOf(value)}.${name}` };
}

/** `[f(each) for each in all]`: the built-in functions do the same with a list as with what is in it. */
function comprehension(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const [, made, , each, , all, ...rest] = children(node);
  if (made === undefined || each === undefined || all === undefined) return unknown(node, frame);
  const whole = frame.evaluate(all);
  const isOne = made.name === "CallExpression" && rest.length === 1 && each.name === "VariableName";
  const given = isOne ? givenTo(made, frame).positional : [];
  const isSameName = given.length === 1 && given[0]?.kind === "unknown" && given[0].text === tree.textOf(each);
  if (isOne && isSameName && tree.calledName(made) === "to_primitive" && whole.kind === "path")
    return { kind: "made", by: "to_primitive", of: [whole], text: `to_primitive(${textOf(whole)})` };
  return {
    kind: "made",
    by: "",
    of: [whole],
    text: tree.textOf(node).replace(/\s+/g, " "),
  };
}
