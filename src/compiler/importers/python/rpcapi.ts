import type { SyntaxNode } from "@lezer/common";
import type { Diagnostic, Staged } from "../../diagnostic.js";
import { namePatterns, repairName } from "../../names.js";
import type { Source } from "../../source.js";
import { suggest } from "../../suggest.js";
import { compareVersions } from "../../versions.js";
import type { Draft, Note } from "../draft.js";
import { givenTo } from "./calls.js";
import { methodEntry } from "./entry.js";
import { constructed } from "./explore.js";
import { docstring } from "./expressions.js";
import { historyOf, listedVersions } from "./history.js";
import { readMethod, type SentMethod } from "./method.js";
import type { Shared } from "./shared.js";
import { type State, versionOf } from "./state.js";
import { frameOf } from "./statements.js";
import { isProperty, isStatic, methodsOf, nameOf, type Surroundings, surroundingsOf } from "./surroundings.js";
import { below, children, PythonTree } from "./tree.js";
import { none, type Table, textOf, type Value } from "./value.js";

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
  const around = surroundingsOf(own, tree);
  const object = constructed(around);
  const reads = methodsOf(own).map((method) => ({ method, ...readMethod(method, around, object.attributes) }));
  const helpers = new Set(
    reads.flatMap(({ followed, method }) => [...followed].filter((each) => each !== method.from)),
  );
  // What a helper sends is sent by those who use it.
  const isHelper = (method: SyntaxNode): boolean => helpers.has(method.from) && nameOf(method, tree).startsWith("_");
  const sent = reads.filter(({ method }) => !isHelper(method)).flatMap((each) => each.sent);
  const target = targetOf(own, around, object);
  const releases = aliasesOf(around, object);
  const body = own.getChild("Body");
  const history = historyOf(body === null ? undefined : docstring(body, tree));
  const named = [
    ...sent.flatMap(({ versions }) => versions),
    ...[target.version, target.newest].filter((each) => each !== undefined),
  ];
  const known = listedVersions([...named, ...olderThan(sent, target.version, named)], [...history.keys()]);
  const oldest = known[0] ?? "1.0";
  const isListed = (version: string): boolean => compareVersions(version, oldest) >= 0;
  const dropped = [...releases].filter(([, version]) => !isListed(version)).map(([name]) => name);
  if (dropped.length > 0)
    notes.push({ path: ["versions"], text: `releases below ${oldest} were left out: ${dropped.join(", ")}` });
  const kept = [...releases].filter(([name, version]) => isListed(version) && namePatterns.release.pattern.test(name));
  const stem = nameOf(own, tree).replace(/(RPC)?(API|Api|Client)$/, "") || nameOf(own, tree);
  const service = repairName(stem, "service") ?? stem.toLowerCase();
  if (target.topic === undefined) {
    const there = target.topicValue === undefined ? "" : ` (${textOf(target.topicValue)})`;
    notes.push({ path: ["topic"], text: `the topic could not be read${there}; this is the service's name` });
  }
  const topic = target.topic ?? service;
  const versions = [...new Set([...known, ...[...releases.values()].filter(isListed)])].sort(compareVersions);
  const shared: Shared = {
    oldest,
    versions,
    topic,
    topicValue: target.topicValue,
    notes,
    errors: new Map(),
    timeouts: new Map(),
    types: new Map(),
    hasDefaults: false,
  };
  const methods: Record<string, unknown> = {};
  for (const each of sent) {
    const method = each.labels.every(({ is }) => is === undefined)
      ? { ...each, ...labelled(each, target.version) }
      : each;
    if (!namePatterns.method.pattern.test(method.wireName)) {
      notes.push({ path: ["methods"], text: `left out, since definitions cannot have the name: ${method.wireName}` });
      continue;
    }
    if (Object.hasOwn(methods, method.wireName)) {
      notes.push({ path: ["methods", method.wireName], text: "sent by another method too, which was not looked at" });
      continue;
    }
    methods[method.wireName] = methodEntry(method, shared);
  }
  const unread = reads.filter(
    ({ method, sent: messages }) => messages.length === 0 && !helpers.has(method.from) && mayBeSending(method, tree),
  );
  if (unread.length > 0) {
    const list = unread.map(({ method }) => nameOf(method, tree)).join(", ");
    notes.push({ path: ["methods"], text: `left out, since what they send was not seen: ${list}` });
  }
  const head = `A draft made from the Python class ${nameOf(own, tree)}. Types could not be known, and comments say what else:\nlook at them before you use it.`;
  return {
    data: {
      rpcapi: 1,
      service,
      topic,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      // Python's clients send every argument, and its servers have no defaults for most of them.
      ...(shared.hasDefaults ? { send_defaults: true } : {}),
      versions: Object.fromEntries(
        versions.map((version) => [version, history.get(version) ?? "Not in the class's history."]),
      ),
      ...(kept.length === 0 ? {} : { releases: Object.fromEntries(kept) }),
      ...(shared.timeouts.size === 0 ? {} : { timeouts: Object.fromEntries(shared.timeouts) }),
      ...(shared.types.size === 0 ? {} : { types: Object.fromEntries(shared.types) }),
      ...(shared.errors.size === 0 ? {} : { errors: Object.fromEntries(shared.errors) }),
      methods,
    },
    notes: [{ path: [], text: head }, ...once(notes)],
  };
}

/** A version below the lowest that is asked for, where something is sent there without a version's name. */
function olderThan(
  sent: readonly SentMethod[],
  version: string | undefined,
  named: readonly string[],
): readonly string[] {
  const lowest = [...named].sort(compareVersions)[0];
  const isBelow = sent.some(({ labels }) => labels.length > 1 && labels.at(-1)?.is === undefined);
  return lowest === undefined || version !== undefined || !isBelow ? [] : [`${lowest.split(".")[0]}.0`];
}

/** What is sent with the target's own version, where that is not the oldest. */
function labelled(method: SentMethod, version: string | undefined): Partial<SentMethod> {
  if (version === undefined) return {};
  const since = [version, ...(method.since === undefined ? [] : [method.since])].sort(compareVersions).at(-1);
  return { since, labels: method.labels.map((each) => ({ ...each, is: version })) };
}

/** What is said of many methods is said once, above all of them. */
function once(notes: readonly Note[]): readonly Note[] {
  const count = new Map<string, number>();
  const isOfMethod = ({ path }: Note): boolean => path[0] === "methods" && path.length === 2;
  for (const note of notes.filter(isOfMethod)) count.set(note.text, (count.get(note.text) ?? 0) + 1);
  const many = [...count].filter(([, times]) => times > 3);
  return [
    ...many.map(([text, times]) => ({ path: ["methods"], text: `of ${times} methods: ${text}` })),
    ...notes.filter((note) => !isOfMethod(note) || (count.get(note.text) ?? 0) <= 3),
  ];
}

/** Whether a method looks as if it sent something: not a property, and something in it has to do with a client. */
function mayBeSending(method: SyntaxNode, tree: PythonTree): boolean {
  const body = method.getChild("Body");
  if (nameOf(method, tree).startsWith("_") || isProperty(method, tree) || isStatic(method, tree) || body === null)
    return false;
  return /client|cctxt|getattr|prepare|\.(?:call|cast)\b/.test(tree.textOf(body));
}

function sentBy(own: SyntaxNode, tree: PythonTree): readonly SentMethod[] {
  const around = surroundingsOf(own, tree);
  const { attributes } = constructed(around);
  return methodsOf(own).flatMap((each) => readMethod(each, around, attributes).sent);
}

interface Target {
  readonly topic: string | undefined;
  readonly topicValue: Value | undefined;
  readonly namespace: string | undefined;
  readonly version: string | undefined;
  /** The newest version, where the class says it. */
  readonly newest: string | undefined;
}

/** What the constructor gives `Target`, or the class's attributes say to that of a base. */
function targetOf(own: SyntaxNode, around: Surroundings, object: State): Target {
  const given = object.targets[0] ?? targetBelow(own, around, object);
  const attribute = (pattern: RegExp): Value | undefined => {
    const [name] = [...around.attributes].find(([each]) => pattern.test(each)) ?? [];
    return name === undefined ? undefined : attributeOf(name, around, object);
  };
  const topicValue = given === undefined ? attribute(/^(RPC_)?TOPIC$/) : given.entries.get("topic");
  const namespace = given === undefined ? attribute(/^(RPC_(API_)?)?NAMESPACE$/) : given.entries.get("namespace");
  const newest = attribute(/^(RPC_API|API_LATEST|LATEST_RPC_API|LATEST)_VERSION$/);
  const name = nameIn(topicValue);
  return {
    topic: name !== undefined && /^[A-Za-z0-9._:-]+$/.test(name) ? name : undefined,
    topicValue,
    namespace: nameIn(namespace),
    version: given === undefined ? undefined : versionOf(given.entries.get("version")),
    newest: versionOf(newest),
  };
}

/** A `Target` that is made elsewhere than in the constructor, as far as it is made of constants. */
function targetBelow(own: SyntaxNode, around: Surroundings, object: State): Table | undefined {
  const call = below(own, "CallExpression").find((each) => around.tree.calledName(each) === "Target");
  return call === undefined ? undefined : givenTo(call, frameOf(object, around)).named;
}

function nameIn(value: Value | undefined): string | undefined {
  return value?.kind === "literal" && typeof value.value === "string" ? value.value : undefined;
}

/** What an attribute of the class is. */
function attributeOf(name: string, around: Surroundings, object: State): Value {
  const node = around.attributes.get(name);
  return node === undefined ? none : frameOf(object, around).evaluate(node);
}

/** `VERSION_ALIASES = {'zed': '6.1'}`. */
function aliasesOf(around: Surroundings, object: State): ReadonlyMap<string, string> {
  const [name] = [...around.attributes].find(([each]) => /ALIASES$/.test(each)) ?? [];
  const table = name === undefined ? none : attributeOf(name, around, object);
  if (table.kind !== "table") return new Map();
  return new Map(
    [...table.entries].flatMap(([release, value]) => {
      const version = versionOf(value);
      return version === undefined ? [] : [[release, version] as const];
    }),
  );
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
