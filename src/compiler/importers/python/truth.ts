import type { SyntaxNode } from "@lezer/common";
import type { Frame } from "./state.js";
import { children } from "./tree.js";
import { isSame, textOf, type Value } from "./value.js";

/** Whether a condition holds; where that cannot be known, it is decided, and the other way is tried on another run. */
export function holds(node: SyntaxNode, frame: Frame): boolean {
  const { tree } = frame.around;
  const parts = children(node);
  const [first, second] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return isSet(frame.evaluate(node), frame);
  if (node.name === "ParenthesizedExpression" && second !== undefined) return frame.holds(second);
  if (node.name === "UnaryExpression" && tree.textOf(first) === "not") return !frame.holds(last);
  if (node.name !== "BinaryExpression" || second === undefined) return isSet(frame.evaluate(node), frame);
  const operator = parts
    .slice(1, -1)
    .map((each) => tree.textOf(each))
    .join(" ");
  switch (operator) {
    case "and":
      return frame.holds(first) && frame.holds(last);
    case "or":
      return frame.holds(first) || frame.holds(last);
    case "is":
    case "==":
      return equals(frame.evaluate(first), frame.evaluate(last), frame);
    case "is not":
    case "!=":
      return !equals(frame.evaluate(first), frame.evaluate(last), frame);
    case "in":
      return contains(frame.evaluate(last), frame.evaluate(first), frame);
    case "not in":
      return !contains(frame.evaluate(last), frame.evaluate(first), frame);
    case "<":
    case ">":
    case "<=":
    case ">=":
      return frame.state.decide(
        `${textOf(frame.evaluate(first))} ${operator} ${textOf(frame.evaluate(last))}`.replace(/\s+/g, " "),
      );
    default:
      return isSet(frame.evaluate(node), frame);
  }
}

/** Whether a value counts as true. */
export function isSet(value: Value, frame: Frame): boolean {
  switch (value.kind) {
    case "literal":
      return Boolean(value.value);
    case "list":
      return value.items.length > 0;
    case "table":
      return value.entries.size > 0 || (value.unread.length > 0 && frame.state.decide(textOf(value)));
    case "path":
    case "made":
    case "first":
      return frame.state.decide(textOf(value));
    case "unknown":
      // Classes whose client may be missing ask for it; what they send is what matters here.
      return /client$/i.test(value.text) || frame.state.decide(value.text);
    default:
      return true;
  }
}

function equals(a: Value, b: Value, frame: Frame): boolean {
  if (b.kind === "literal" && b.value === null) {
    // What is asked for is whether there is something; an empty text is as good as none to a definition.
    return a.kind === "literal" ? a.value === null : a.kind !== "table" && a.kind !== "list" && !isSet(a, frame);
  }
  if (b.kind === "literal" && typeof b.value === "boolean" && a.kind !== "literal") return isSet(a, frame) === b.value;
  if (a.kind === "literal" && b.kind === "literal") return a.value === b.value;
  return isSame(a, b) || frame.state.decide(`${textOf(a)} == ${textOf(b)}`);
}

function contains(whole: Value, part: Value, frame: Frame): boolean {
  if (part.kind === "literal") {
    if (whole.kind === "table" && whole.entries.has(String(part.value))) return true;
    if (whole.kind === "table" && whole.unread.length === 0) return false;
    if (whole.kind === "list" && whole.items.every(({ kind }) => kind === "literal"))
      return whole.items.some((each) => isSame(each, part));
  }
  return frame.state.decide(`${textOf(part)} in ${textOf(whole)}`);
}
