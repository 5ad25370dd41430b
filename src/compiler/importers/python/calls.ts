import type { SyntaxNode } from "@lezer/common";
import { type Frame, type Given, preparedVersion, versionOf } from "./state.js";
import { isStatic } from "./surroundings.js";
import { type Client, emptyTable, merge, none, plainClient, type Table, textOf, type Value } from "./value.js";

/** What a call gives back, and what it does to tables, clients and the broker. */
export function called(node: SyntaxNode, frame: Frame): Value {
  const { tree } = frame.around;
  const callee = node.firstChild;
  if (callee === null) return none;
  const name = tree.calledName(node);
  if (callee.name === "VariableName") return byName(name, node, frame);
  if (callee.name !== "MemberExpression" || callee.firstChild === null)
    return sentOr(frame.evaluate(callee), name, node, frame);
  const owner = frame.evaluate(callee.firstChild);
  const { methods, inherited } = frame.around;
  if (owner.kind === "self") {
    const method = (owner.isAbove ? inherited : methods).get(name);
    if (method !== undefined) return followed(method, node, frame);
  }
  if (name === "prepare") return prepared(owner, node, frame);
  if (name === "can_send_version") return canSend(owner, node, frame);
  if (name === "call" || name === "cast") return sentOr(frame.evaluate(callee), name, node, frame);
  // A class method or a static one, called by the name of its class.
  const own = owner.kind === "unknown" && /^[A-Z]\w*$/.test(owner.text) ? methods.get(name) : undefined;
  if (own !== undefined && isStatic(own, tree)) return followed(own, node, frame);
  if (owner.kind === "table") {
    const changed = changedTable(owner, name, node, frame);
    if (changed !== undefined) return changed;
  }
  const copied = ["copy", "deepcopy"].includes(name) ? copyOf(owner, node, frame) : undefined;
  if (copied !== undefined) return copied;
  const given = givenTo(node, frame);
  if (name === "__init__") return none;
  if (name === "Target" || /client$/i.test(name)) return client(name, given, frame);
  if (owner.kind === "self") return inheritedClient(name, given, frame);
  if (name === "format" && owner.kind === "literal") return { kind: "unknown", text: `${textOf(owner)}.format()` };
  return made(name, owner.kind === "path" ? [owner, ...given.positional] : given.positional, given.named, owner);
}

/** What a call is given, in its order and by name. */
export function givenTo(node: SyntaxNode, frame: Frame): Given {
  const positional: Value[] = [];
  const named = emptyTable();
  for (const { name, value } of frame.around.tree.args(node)) {
    const given = frame.evaluate(value);
    if (name === undefined) positional.push(given);
    else if (name === "*") positional.push(...(given.kind === "list" ? given.items : [given]));
    else if (name === "**") merge(named, given);
    else named.entries.set(name, given);
  }
  return { positional, named };
}

function byName(name: string, node: SyntaxNode, frame: Frame): Value {
  const local = frame.names.get(name);
  if (local !== undefined) return sentOr(local, name, node, frame);
  const method = frame.around.functions.get(name);
  if (method !== undefined) return frame.follow(method, givenTo(node, frame));
  if (name === "super") return { kind: "self", isAbove: true };
  const given = givenTo(node, frame);
  const [first, second] = given.positional;
  if (name === "Target" || /client$/i.test(name)) return client(name, given, frame);
  if (name === "dict") {
    const table = emptyTable();
    if (first !== undefined) merge(table, first);
    merge(table, given.named);
    return table;
  }
  if (["copy", "deepcopy"].includes(name) && first?.kind === "table") return copied(first);
  if (["list", "tuple"].includes(name) && first?.kind === "list") return first;
  if (name === "isinstance" && first !== undefined) return { kind: "literal", value: isInstance(first, node, frame) };
  if (name === "getattr" && second?.kind === "literal" && (second.value === "call" || second.value === "cast"))
    return { kind: "sender", client: first?.kind === "client" ? first : plainClient, verb: second.value };
  return made(name, given.positional, given.named, undefined);
}

function made(
  by: string,
  of: readonly Value[],
  named: Table,
  owner: Value | undefined,
): Extract<Value, { kind: "made" }> {
  const given = [
    ...(owner?.kind === "path" ? of.slice(1) : of).map(textOf),
    ...[...named.entries].map(([key, each]) => `${key}=${textOf(each)}`),
  ].join(", ");
  // The module that a function is from says nothing to who reads the draft; an object does.
  const before = owner === undefined || owner.kind === "unknown" ? "" : `${textOf(owner)}.`;
  const values = [...of, ...named.entries.values()];
  return { kind: "made", by, of: values, text: `${before}${by}(${given})` };
}

function isInstance(value: Value, node: SyntaxNode, frame: Frame): boolean {
  const type = frame.around.tree.args(node)[1]?.value;
  const text = type === undefined ? "" : frame.around.tree.textOf(type);
  if (value.kind === "list") return /\b(tuple|list)\b/.test(text);
  if (value.kind === "table") return /\bdict\b/.test(text);
  if (value.kind === "literal") return typeof value.value === "string" && /\bstr\b/.test(text);
  return frame.state.decide(`isinstance(${textOf(value)}, ${text})`);
}

function followed(method: SyntaxNode, node: SyntaxNode, frame: Frame): Value {
  return frame.follow(method, withSelf(method, givenTo(node, frame), frame));
}

function withSelf(method: SyntaxNode, { positional, named }: Given, frame: Frame): Given {
  const own: readonly Value[] = isStatic(method, frame.around.tree) ? [] : [{ kind: "self", isAbove: false }];
  return { positional: [...own, ...positional], named };
}

// ---------------------------------------------------------------------------------------------------------- clients

function prepared(owner: Value, node: SyntaxNode, frame: Frame): Client {
  const { named } = givenTo(node, frame);
  for (const each of named.unread) frame.state.remarks.add(`what prepare is given in ${each} could not be read`);
  const above = owner.kind === "client" ? owner : plainClient;
  return { ...above, options: new Map([...above.options, ...named.entries]) };
}

/** A helper of a base class in another file: what it is given by name is what `prepare` is given. */
function inheritedClient(name: string, { positional, named }: Given, frame: Frame): Client {
  const options = new Map(named.entries);
  const versions = [...positional, ...named.entries.values()].find((each) => versionsIn(each, frame) !== undefined);
  const version = versions === undefined ? undefined : versionsIn(versions, frame);
  if (version !== undefined) options.set("version", version);
  else if (!options.has("version") || textOf(options.get("version") ?? none) === "None") {
    const [, own] = [...frame.around.attributes].find(([each]) => /DEFAULT_VERSION$/.test(each)) ?? [];
    const given = own === undefined ? undefined : frame.evaluate(own);
    if (given === undefined) options.delete("version");
    else options.set("version", given);
  }
  const { text } = made(name, positional, named, { kind: "self", isAbove: false });
  return { kind: "client", options, inherited: { name, text } };
}

/** One version, or several of which the newest is sent that can be. */
function versionsIn(value: Value, frame: Frame): Value | undefined {
  if (versionOf(value) !== undefined) return value;
  if (value.kind === "client") return value.options.get("version");
  if (value.kind !== "list" || !value.items.every((each) => versionOf(each) !== undefined)) return undefined;
  return value.items.find((each) => frame.state.can(versionOf(each) ?? "")) ?? value.items.at(-1);
}

function canSend(owner: Value, node: SyntaxNode, frame: Frame): Value {
  const { positional, named } = givenTo(node, frame);
  const asked = positional[0] ?? named.entries.get("version");
  const version =
    asked === undefined && owner.kind === "client"
      ? preparedVersion(owner)
      : (versionOf(asked) ?? (asked?.kind === "client" ? preparedVersion(asked) : undefined));
  if (version !== undefined) return { kind: "literal", value: frame.state.can(version) };
  frame.state.remarks.add("asks for a version that could not be read");
  return {
    kind: "literal",
    value: frame.state.decide(`can_send_version(${asked === undefined ? "" : textOf(asked)})`),
  };
}

/** `Target(topic=...)`, `get_client(target)`, or both in one: `get_client(topic=...)`. */
function client(name: string, { positional, named }: Given, frame: Frame): Value {
  const [topic] = positional;
  const { entries } = named;
  if (name === "Target") {
    if (topic !== undefined && !entries.has("topic")) entries.set("topic", topic);
    frame.state.targets.push(named);
    return { kind: "unknown", text: "the target" };
  }
  if (!entries.has("topic")) return plainClient;
  frame.state.targets.push(named);
  return { kind: "client", options: new Map(entries), inherited: undefined };
}

/** `cctxt.call(ctxt, 'name', ...)`, or `send(ctxt, 'name', ...)`. */
function sentOr(callee: Value, name: string, node: SyntaxNode, frame: Frame): Value {
  const { positional, named } = givenTo(node, frame);
  if (callee.kind === "method")
    return frame.follow(callee.called, withSelf(callee.called, { positional, named }, frame));
  if (callee.kind !== "sender") return made(name, positional, named, undefined);
  const [, message, ...others] = positional;
  if (message?.kind !== "literal" || typeof message.value !== "string") {
    if (message !== undefined)
      frame.state.remarks.add(`sends a message whose name could not be read: ${textOf(message)}`);
    return { kind: "unknown", text: name };
  }
  if (frame.state.refusal !== undefined) return none;
  for (const each of others)
    frame.state.remarks.add(`${message.value} is given ${textOf(each)}, which no argument's name stands before`);
  const args: Table = { kind: "table", entries: new Map(named.entries), unread: [...named.unread] };
  const send = {
    verb: callee.verb,
    name: message.value,
    args,
    client: callee.client,
    isInLoop: frame.state.loops > 0,
    isDropped: false,
  };
  frame.state.sends.push(send);
  return { kind: "sent", send };
}

// ----------------------------------------------------------------------------------------------------------- tables

function copied(table: Table): Table {
  return { kind: "table", entries: new Map(table.entries), unread: [...table.unread] };
}

/** `table.copy()`, `copy.copy(table)`. */
function copyOf(owner: Value, node: SyntaxNode, frame: Frame): Table | undefined {
  if (owner.kind === "table") return copied(owner);
  const [first] = givenTo(node, frame).positional;
  return first?.kind === "table" ? copied(first) : undefined;
}

/** `update`, `setdefault`, `pop` and `get` of a table. */
function changedTable(table: Table, name: string, node: SyntaxNode, frame: Frame): Value | undefined {
  if (!["update", "setdefault", "pop", "get"].includes(name)) return undefined;
  const { positional, named } = givenTo(node, frame);
  const [first, second] = positional;
  if (name === "update") {
    if (first !== undefined) merge(table, first);
    merge(table, named);
    return none;
  }
  if (first?.kind !== "literal") return undefined;
  const key = String(first.value);
  const value = table.entries.get(key) ?? second ?? none;
  if (name === "pop") table.entries.delete(key);
  if (name === "setdefault" && !table.entries.has(key)) table.entries.set(key, value);
  return value;
}
