import type { SyntaxNode } from "@lezer/common";
import type { Diagnostic, Staged } from "../../diagnostic.js";
import { namePatterns, repairName } from "../../names.js";
import type { Source } from "../../source.js";
import { suggest } from "../../suggest.js";
import { compareVersions } from "../../versions.js";
import type { Draft, Note } from "../draft.js";
import { docstring, entriesOf, type SentMethod, sentMethod } from "./method.js";
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
  const used = sent.flatMap(({ versions, args }) => [...versions, ...args.flatMap(({ since }) => since ?? [])]);
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
    if (Object.hasOwn(methods, method.wireName) || !namePatterns.method.pattern.test(method.wireName)) continue;
    methods[method.wireName] = methodEntry(method, oldest, notes);
  }
  const unread = publicMethods(own, tree)
    .filter((each) => sentMethod(each, tree) === undefined)
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
  const { wireName, parameters, server } = method;
  const path = ["methods", wireName];
  const since = method.since ?? oldest;
  const defaults = new Map(parameters.map((each) => [each.name, each.default]));
  const params: Record<string, unknown> = {};
  for (const arg of method.args.filter(({ name }) => namePatterns.parameter.pattern.test(name))) {
    const given = defaults.get(arg.value);
    const value = given === undefined ? undefined : literalOf(given);
    const isYounger = arg.since !== undefined && compareVersions(arg.since, since) > 0;
    const entry = {
      type: "any",
      ...(isYounger ? { since: arg.since, when_older: arg.whenOlder } : {}),
      ...(value === undefined ? {} : { default: value.value }),
    };
    params[arg.name] = Object.keys(entry).length === 1 ? "any" : entry;
    if (arg.value !== arg.name)
      notes.push({ path: [...path, "params", arg.name], text: `given ${arg.value.replace(/\s+/g, " ")}` });
  }
  const isRoute =
    server !== undefined && /^[a-z_]\w*(\.\w+)*$/.test(server) && defaults.has(server.split(".")[0] ?? "");
  const route = isRoute ? server : undefined;
  const routing = route?.split(".")[0];
  if (routing !== undefined && !Object.hasOwn(params, routing)) params[routing] = { type: "any", local: true };
  notes.push(...method.remarks.map((text) => ({ path, text })));
  if (server !== undefined && route === undefined) notes.push({ path, text: `its server is ${server}` });
  const known = new Set([...method.args.map(({ value }) => value), ...(routing === undefined ? [] : [routing])]);
  const unsent = parameters
    .filter(({ name }) => !known.has(name) && !Object.hasOwn(params, name))
    .map(({ name }) => name);
  if (unsent.length > 0) notes.push({ path, text: `not sent as they are: ${unsent.join(", ")}` });
  return {
    ...(method.description === undefined ? {} : { description: method.description }),
    kind: method.kind,
    ...(compareVersions(since, oldest) > 0 ? { since } : {}),
    ...(route === undefined ? {} : { server: route }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(method.kind === "call" ? { returns: "any" } : {}),
  };
}

function sentBy(own: SyntaxNode, tree: PythonTree): readonly SentMethod[] {
  return methodsOf(own).flatMap((each) => sentMethod(each, tree) ?? []);
}

function publicMethods(own: SyntaxNode, tree: PythonTree): readonly SyntaxNode[] {
  return methodsOf(own).filter((each) => !nameOf(each, tree).startsWith("_"));
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

/** A literal of Python that YAML has too. */
function literalOf(text: string): { readonly value: unknown } | undefined {
  if (text === "None") return { value: null };
  if (text === "True" || text === "False") return { value: text === "True" };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { value: Number(text) };
  const [, inner] = /^(?:'([^'\\]*)'|"([^"\\]*)")$/.exec(text)?.filter((each) => each !== undefined) ?? [];
  return inner === undefined ? undefined : { value: inner };
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
