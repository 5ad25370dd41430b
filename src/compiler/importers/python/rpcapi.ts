import type { SyntaxNode } from "@lezer/common";
import type { Diagnostic, Staged } from "../../diagnostic.js";
import { namePatterns, repairName } from "../../names.js";
import type { Source } from "../../source.js";
import { suggest } from "../../suggest.js";
import { compareVersions } from "../../versions.js";
import type { Draft, Note } from "../draft.js";
import { docstring, entriesOf, literalOf, type Parameter, typeOf } from "./expressions.js";
import type { Surroundings } from "./flow.js";
import { type SentArg, type SentMethod, sentMethods } from "./method.js";
import { below, children, PythonTree } from "./tree.js";

/** Makes a draft of what an RPC class in the manner of oslo.messaging sends. */
export function draftOfRpcapi(source: Source, className: string | undefined): Staged<Draft | undefined> {
  const tree = new PythonTree(source.text);
  const mistake = tree.firstMistake();
  const classes = children(tree.root)
    .flatMap((each) => (each.name === "DecoratedStatement" ? children(each) : [each]))
    .filter((each) => each.name === "ClassDefinition");
  const names = classes.map((each) => nameOf(each, tree));
  const found =
    className === undefined
      ? classes.filter((each) => sentBy(each, tree).length > 0)
      : classes.filter((each) => nameOf(each, tree) === className);
  const [own, second] = found;
  const at = mistake && { path: source.path, start: mistake.from, end: mistake.to };
  if (own === undefined && at !== undefined) return failure("python-syntax", "this is no Python 3", undefined, at);
  if (own === undefined) {
    const list = names.length === 0 ? "it has no class" : `it has ${names.join(", ")}`;
    const close = className === undefined ? undefined : suggest(className, names);
    const help = close === undefined ? list : `did you mean "${close}"?`;
    const message =
      className === undefined
        ? `no class in ${source.path} calls or casts`
        : `there is no class "${className}" in ${source.path}`;
    return failure("unknown-class", message, help);
  }
  if (second !== undefined) {
    const list = found.map((each) => nameOf(each, tree)).join(", ");
    return failure("unknown-class", "several classes call or cast", `choose one with --class: ${list}`);
  }
  if (at === undefined) return { value: draft(own, tree), diagnostics: [] };
  // The rest can be read all the same.
  const help = "what is around it may be missing from the draft";
  const { diagnostics } = failure("python-syntax", "this is no Python 3", help, at);
  return { value: draft(own, tree), diagnostics: diagnostics.map((each) => ({ ...each, severity: "warning" })) };
}

function draft(own: SyntaxNode, tree: PythonTree): Draft {
  const notes: Note[] = [];
  const sent = sentBy(own, tree);
  const target = targetOf(own, tree);
  const releases = aliasesOf(own, tree);
  const body = own.getChild("Body");
  const history = historyOf(body === null ? undefined : docstring(body, tree));
  const used = sent.flatMap(({ versions, args }) => [
    ...versions,
    ...args.flatMap(({ since, until }) => [since ?? [], until ?? []].flat()),
  ]);
  const all = [...new Set([...used, ...(target.version === undefined ? [] : [target.version])])].sort(compareVersions);
  const oldest = all[0] ?? "1.0";
  const isListed = (version: string): boolean => compareVersions(version, oldest) >= 0;
  const known = [...new Set([oldest, ...all, ...[...releases.values(), ...history.keys()].filter(isListed)])].sort(
    compareVersions,
  );
  const dropped = [...releases].filter(([, version]) => !isListed(version)).map(([name]) => name);
  if (dropped.length > 0)
    notes.push({ path: ["versions"], text: `releases below ${oldest} were left out: ${dropped.join(", ")}` });
  const kept = [...releases].filter(([name, version]) => isListed(version) && namePatterns.release.pattern.test(name));
  const stem = nameOf(own, tree).replace(/(RPC)?(API|Api)$/, "") || nameOf(own, tree);
  const service = repairName(stem, "service") ?? stem.toLowerCase();
  if (target.topic === undefined)
    notes.push({ path: ["topic"], text: "the topic could not be read; this is the service's name" });
  const methods: Record<string, unknown> = {};
  for (const method of sent) {
    if (!namePatterns.method.pattern.test(method.wireName)) {
      notes.push({ path: ["methods"], text: `left out, since definitions cannot have the name: ${method.wireName}` });
      continue;
    }
    if (Object.hasOwn(methods, method.wireName)) {
      notes.push({ path: ["methods", method.wireName], text: "sent by another method too, which was not looked at" });
      continue;
    }
    methods[method.wireName] = methodEntry(method, oldest, notes);
  }
  const around = surroundingsOf(own, tree);
  const unread = publicMethods(own, tree)
    .filter((each) => sentMethods(each, tree, around).length === 0)
    .map((each) => nameOf(each, tree));
  if (unread.length > 0)
    notes.push({ path: ["methods"], text: `left out, since what they send was not seen: ${unread.join(", ")}` });
  const head = `A draft made from the Python class ${nameOf(own, tree)}. Types could not be known, and comments say what else:\nlook at them before you use it.`;
  return {
    data: {
      rpcapi: 1,
      service,
      topic: target.topic ?? service,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      versions: Object.fromEntries(
        known.map((version) => [version, history.get(version) ?? "Not in the class's history."]),
      ),
      ...(kept.length === 0 ? {} : { releases: Object.fromEntries(kept) }),
      methods,
    },
    notes: [{ path: [], text: head }, ...notes],
  };
}

function methodEntry(method: SentMethod, oldest: string, notes: Note[]): Record<string, unknown> {
  const { wireName, parameters, kind } = method;
  const given = new Map(method.args.map(({ name, value }) => [name, value]));
  // A path leads into what is sent; what goes under the name of a parameter may be something else.
  const isRoute = method.server.every((each) => {
    const [head = ""] = each.split(".");
    return (given.get(head) ?? head) === head;
  });
  const server = isRoute && kind !== "fanout" ? method.server : [];
  const path = ["methods", wireName];
  const since = method.since ?? oldest;
  const formerNames = method.formerNames.filter(({ before }) => compareVersions(before, since) > 0);
  const byName = new Map(parameters.map((each) => [each.name, each]));
  const params: Record<string, unknown> = {};
  for (const arg of method.args) {
    if (!namePatterns.parameter.pattern.test(arg.name)) {
      notes.push({ path, text: `the argument ${arg.name} was left out: definitions cannot have its name` });
      continue;
    }
    const text = arg.value.replace(/\s+/g, " ");
    params[arg.name] = paramEntry(arg, byName.get(arg.value), since);
    const own = byName.get(arg.value)?.default;
    if (own !== undefined && literalOf(own) === undefined) {
      notes.push({ path: [...path, "params", arg.name], text: `its default is ${own.replace(/\s+/g, " ")}` });
    }
    if (text !== arg.name) notes.push({ path: [...path, "params", arg.name], text: `given ${text}` });
  }
  for (const routing of new Set(server.map((each) => each.split(".")[0] ?? ""))) {
    if (Object.hasOwn(params, routing)) continue;
    const parameter = byName.get(routing);
    const isOptional = server.length > 1 || parameter?.default !== undefined;
    params[routing] = { type: typeFor(parameter), ...(isOptional ? { optional: true } : {}), local: true };
  }
  if (typeof kind === "object") {
    const own = byName.get(kind.by)?.default;
    const value = own === undefined ? undefined : literalOf(own)?.value;
    params[kind.by] = typeof value === "boolean" ? { type: "boolean", default: value } : "boolean";
  }
  if (kind === "fanout" && method.server.length > 0) {
    notes.push({
      path,
      text: `a fanout, which goes to every server, in some places; in others to ${method.server.join(" or ")}`,
    });
  } else if (!isRoute)
    notes.push({ path, text: `its server is ${method.server.join(" or ")} of what Python is given` });
  notes.push(...method.remarks.map((text) => ({ path, text })));
  const known = new Set(method.args.map(({ value }) => value));
  const unsent = parameters
    .filter(({ name }) => !known.has(name) && !Object.hasOwn(params, name))
    .map(({ name }) => name);
  if (unsent.length > 0) notes.push({ path, text: `not sent as they are: ${unsent.join(", ")}` });
  const answers = kind === "call" || (typeof kind === "object" && [kind.true, kind.false].includes("call"));
  const route = server.length === 1 ? server[0] : [...server];
  return {
    ...(method.description === undefined ? {} : { description: method.description }),
    kind:
      typeof kind === "object"
        ? new Map(Object.entries(kind).map(([key, value]) => [key === "by" ? key : key === "true", value]))
        : kind,
    ...(compareVersions(since, oldest) > 0 ? { since } : {}),
    ...(formerNames.length === 0 ? {} : { was: formerNames }),
    ...(server.length === 0 ? {} : { server: route }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(answers ? { returns: "any" } : {}),
  };
}

function paramEntry(arg: SentArg, parameter: Parameter | undefined, since: string): unknown {
  const isYounger = arg.since !== undefined && compareVersions(arg.since, since) > 0;
  const given = parameter?.default;
  const value = given === undefined || arg.isOptional ? undefined : literalOf(given);
  const isOptional = arg.isOptional || (given !== undefined && value === undefined);
  const former = arg.formerNames.filter(({ before }) => compareVersions(before, since) > 0);
  const type = typeFor(parameter);
  const entry = {
    type: value?.value === null && type !== "any" && !type.endsWith("?") ? `${type}?` : type,
    ...(isYounger ? { since: arg.since } : {}),
    ...(arg.until === undefined || compareVersions(arg.until, since) <= 0 ? {} : { until: arg.until }),
    ...(former.length === 0 ? {} : { was: former }),
    ...(isOptional ? { optional: true } : {}),
    ...(value === undefined ? {} : { default: value.value }),
    ...(isYounger ? { when_older: arg.whenOlder } : {}),
  };
  return Object.keys(entry).length === 1 ? entry.type : entry;
}

/** What annotation and default say of a parameter's type. */
function typeFor(parameter: Parameter | undefined): string {
  const { annotation, default: given } = parameter ?? {};
  if (annotation !== undefined) return typeOf(annotation) ?? "any";
  return given === "True" || given === "False" ? "boolean" : "any";
}

function sentBy(own: SyntaxNode, tree: PythonTree): readonly SentMethod[] {
  const around = surroundingsOf(own, tree);
  return methodsOf(own).flatMap((each) => sentMethods(each, tree, around));
}

/** Functions and constants of the file and of the class. */
function surroundingsOf(own: SyntaxNode, tree: PythonTree): Surroundings {
  const places = [...children(tree.root), ...children(own.getChild("Body") ?? own)].flatMap((each) =>
    each.name === "DecoratedStatement" ? children(each) : [each],
  );
  const functions = places
    .filter((each) => each.name === "FunctionDefinition")
    .map((each) => [nameOf(each, tree), each] as const);
  const constants = places.flatMap((each): [string, string][] => {
    const value = each.name === "AssignStatement" ? tree.textValue(each.lastChild ?? undefined) : undefined;
    return value === undefined || each.firstChild === null ? [] : [[tree.textOf(each.firstChild), value]];
  });
  return { functions: new Map(functions), constants: new Map(constants) };
}

function publicMethods(own: SyntaxNode, tree: PythonTree): readonly SyntaxNode[] {
  return methodsOf(own).filter((each) => !nameOf(each, tree).startsWith("_") && !isProperty(each, tree));
}

function isProperty(method: SyntaxNode, tree: PythonTree): boolean {
  const decorated = method.parent?.name === "DecoratedStatement" ? method.parent : undefined;
  return (decorated?.getChildren("Decorator") ?? []).some((each) =>
    /^@\s*(?:\w+\.)*\w*property\b/.test(tree.textOf(each)),
  );
}

function methodsOf(own: SyntaxNode): readonly SyntaxNode[] {
  const body = own.getChild("Body");
  if (body === null) return [];
  return children(body)
    .flatMap((each) => (each.name === "DecoratedStatement" ? children(each) : [each]))
    .filter((each) => each.name === "FunctionDefinition");
}

interface Target {
  readonly topic?: string | undefined;
  readonly namespace?: string | undefined;
  readonly version?: string | undefined;
}

/** `messaging.Target(topic=..., version=...)`, with constants of the file and the class. */
function targetOf(own: SyntaxNode, tree: PythonTree): Target {
  const call = below(own, "CallExpression").find((each) => tree.calledName(each) === "Target");
  if (call === undefined) return {};
  const constants = new Map(
    [...children(tree.root), ...children(own.getChild("Body") ?? own)]
      .filter((each) => each.name === "AssignStatement")
      .map((each) => [each.firstChild === null ? "" : tree.textOf(each.firstChild), each.lastChild] as const),
  );
  const constantOf = (name: string): string | undefined => {
    const value = tree.args(call).find((each) => each.name === name)?.value;
    if (value === undefined) return undefined;
    const constant = constants.get(tree.textOf(value).replace(/^self\.|^cls\./, ""));
    return tree.textValue(value) ?? tree.textValue(constant ?? undefined);
  };
  return { topic: constantOf("topic"), namespace: constantOf("namespace"), version: constantOf("version") };
}

/** `VERSION_ALIASES = {'zed': '6.1'}`. */
function aliasesOf(own: SyntaxNode, tree: PythonTree): ReadonlyMap<string, string> {
  const assigned = children(own.getChild("Body") ?? own).find(
    (each) =>
      each.name === "AssignStatement" && each.firstChild !== null && /ALIASES$/.test(tree.textOf(each.firstChild)),
  );
  const table = assigned?.lastChild;
  if (table?.name !== "DictionaryExpression") return new Map();
  return new Map(
    entriesOf(table, tree).flatMap(([name, value]) => {
      const version = tree.textValue(value);
      return version !== undefined && /^\d+\.\d+$/.test(version) ? [[name, version] as const] : [];
    }),
  );
}

/** Lines such as `* 2.1 - Adds this`, each with those that follow it further in. */
function historyOf(doc: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let version: string | undefined;
  for (const line of (doc ?? "").split("\n")) {
    const [, next, text = ""] = /^\s*\*?\s*(\d+\.\d+)\s+-+\s*(.*)$/.exec(line) ?? [];
    if (next !== undefined) {
      version = next;
      found.set(version, text.trim());
    } else if (line.trim() === "" || /^\s*(\*|\.\.\.)/.test(line)) version = undefined;
    else if (version !== undefined) found.set(version, `${found.get(version)} ${line.trim()}`.trim());
  }
  return new Map(
    [...found].map(([each, text]) => [each, text === "" ? "In the class's history without a text." : text]),
  );
}

function nameOf(own: SyntaxNode, tree: PythonTree): string {
  const name = own.getChild("VariableName");
  return name === null ? "" : tree.textOf(name);
}

function failure(code: string, message: string, help?: string, range?: Diagnostic["range"]): Staged<undefined> {
  const diagnostic: Diagnostic = {
    code,
    severity: "error",
    message,
    ...(help === undefined ? {} : { help }),
    ...(range === undefined ? {} : { range }),
  };
  return { value: undefined, diagnostics: [diagnostic] };
}
