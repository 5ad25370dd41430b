import {
  booleanOf,
  child,
  type Entry,
  entriesOf,
  itemsOf,
  jsonOf,
  type MapNode,
  type Node,
  numberOf,
  textOf,
} from "./document.js";
import {
  checkName,
  type Draft,
  exampleNodes,
  optionalText,
  readChecked,
  readExtensions,
  readTypeOf,
} from "./fields.js";
import { isAsWritten, readInterval, readVersion, spanOf, versionText } from "./intervals.js";
import type {
  ChosenKind,
  Interval,
  Method,
  MethodKind,
  Refusal,
  ResultType,
  Rules,
  Type,
  VersionEntry,
} from "./model.js";
import { camelCase, namePatterns, pascalCase } from "./names.js";
import { checkBefore, type ReadParams, readParams } from "./params.js";
import { checkTemplate, checkTextPath, type PathScope } from "./paths.js";
import { isKnownError, readRefusal } from "./refusals.js";
import { callersServer, placesOf } from "./routes.js";
import { checkCoverage, readRules } from "./rules.js";
import type { ServiceScope } from "./service-scope.js";
import { readHeartbeat, readTimeout } from "./timeouts.js";
import { baseOf, isNullable } from "./types.js";
import { readValue } from "./values.js";
import { compareVersions } from "./versions.js";

/** Reads one entry of `methods:`. Undefined where its name was reported. */
export function readMethod(entry: Entry, scope: ServiceScope): Method | undefined {
  const node = entry.value;
  const usable = checkName(entry, "method", scope.reporter);
  if (node.kind !== "map") return undefined;
  const { versions, reporter } = scope;
  const interval = readInterval(node, versions, reporter);
  const read = readParams(child(node, "params"), entry.key, interval, scope);
  const paths: PathScope = { method: entry.key, ...read, lookup: scope.lookup, reporter };
  const kind = readKinds(node, interval, read, entry.key, scope);
  const method: Draft<Method> = {
    name: entry.key,
    member: camelCase(entry.key),
    typeName: pascalCase(entry.key),
    ...optionalText(node, "description"),
    interval,
    was: readFormerNames(node, interval, scope),
    kind,
    server: readServer(node.byKey.get("server"), interval, paths, scope),
    topic: readTopics(node.byKey.get("topic"), interval, paths, scope),
    params: read.params,
    returns: readResult(child(node, "returns"), scope),
    errors: readErrorNames(child(node, "errors"), scope),
    ...readTooOld(node, interval, scope),
    label: readLabels(node.byKey.get("label"), interval, scope),
    ...readDelivery(node, scope),
    idempotent: booleanOf(child(node, "idempotent")) ?? false,
    ...optionalText(node, "deprecated"),
    examples: [],
    extensions: readExtensions(node),
    range: entry.keyNode.range,
  };
  if (exampleNodes(node).length > 0) scope.later(() => readExamples(node, method, read.byName, scope));
  checkKinds(node, method, scope);
  return usable ? method : undefined;
}

// ------------------------------------------------------------------------------------------------------------- kinds

function readKinds(
  node: MapNode,
  interval: Interval,
  read: ReadParams,
  method: string,
  scope: ServiceScope,
): Method["kind"] {
  const entry = node.byKey.get("kind");
  const kinds = readRules(
    entry,
    "kind",
    (value) => readKind(value, read, method, scope),
    scope.versions,
    scope.reporter,
  );
  checkCoverage(entry, kinds, interval, scope.versions, scope.reporter);
  return kinds;
}

function readKind(
  node: Node,
  read: ReadParams,
  method: string,
  scope: ServiceScope,
): MethodKind | ChosenKind | undefined {
  if (node.kind !== "map") return methodKind(node);
  const byNode = child(node, "by");
  const by = textOf(byNode);
  const whenTrue = methodKind(child(node, "true"));
  const whenFalse = methodKind(child(node, "false"));
  if (by === undefined || byNode === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
  if (whenTrue === whenFalse) scope.reporter.report("kind-without-choice", byNode.range, { by, kind: whenTrue });
  const param = read.byName.get(by);
  const kind: Draft<ChosenKind> = { by, true: whenTrue, false: whenFalse };
  if (param === undefined) {
    if (!read.unreadable.has(by)) {
      const candidates = () => [...read.byName.keys()];
      scope.reporter.report("unknown-parameter", byNode.range, { name: by, method, candidates });
    }
    return kind;
  }
  // The argument only chooses; it is never sent.
  param.local = true;
  scope.later(() => {
    const base = baseOf(param.type, scope.lookup);
    if (base?.kind !== "scalar" || base.scalar !== "boolean" || isNullable(param.type, scope.lookup)) {
      scope.reporter.report("kind-by-not-boolean", byNode.range, { by });
    }
    if (typeof param.default?.value === "boolean") kind.default = param.default.value;
  });
  return kind;
}

function methodKind(node: Node | undefined): MethodKind | undefined {
  const text = textOf(node);
  return text === "call" || text === "cast" || text === "fanout" ? text : undefined;
}

/** Every kind that the method may have at some version or by some choice. */
function kindsOf(rules: Rules<MethodKind | ChosenKind>): Set<MethodKind> {
  return new Set(rules.flatMap(({ value }) => (typeof value === "string" ? [value] : [value.true, value.false])));
}

/** Reports keys that the method's kind has no use for. */
function checkKinds(node: MapNode, method: Method, { reporter }: ServiceScope): void {
  const kinds = kindsOf(method.kind);
  if (kinds.size === 0) return;
  const only = [...kinds][0] ?? "cast";
  if (!kinds.has("call")) {
    for (const key of ["returns", "errors", "timeout", "heartbeat"]) {
      const entry = node.byKey.get(key);
      const isNone =
        textOf(entry?.value) === "none" || (entry?.value.kind === "list" && entry.value.items.length === 0);
      if (entry !== undefined && !isNone) reporter.report("call-only", entry.keyNode.range, { key, kind: only });
    }
  }
  const server = node.byKey.get("server");
  if (kinds.has("fanout") && kinds.size === 1 && server !== undefined) {
    reporter.report("server-on-fanout", server.keyNode.range);
  }
  const delivery = node.byKey.get("delivery");
  if (method.delivery === "at-least-once" && delivery !== undefined && (kinds.has("call") || kinds.has("fanout"))) {
    reporter.report("delivery-needs-cast", delivery.value.range, { kind: kinds.has("call") ? "call" : "fanout" });
  }
  const attempts = node.byKey.get("attempts");
  if (attempts !== undefined && method.delivery === "at-most-once") {
    reporter.report("attempts-need-delivery", attempts.keyNode.range);
  }
}

// ----------------------------------------------------------------------------------------------------------- routing

/** A path, several of which the first that is set is taken, or rules by version that have such paths. */
function readServer(
  entry: Entry | undefined,
  interval: Interval,
  paths: PathScope,
  scope: ServiceScope,
): Method["server"] {
  if (entry === undefined) return [];
  const { versions, reporter } = scope;
  if (itemsOf(entry.value).some((item) => item.kind === "map")) {
    const read = (node: Node): readonly string[] => readServerPaths(node, paths, scope);
    const servers = readRules(entry, "path", read, versions, reporter);
    checkCoverage(entry, servers, interval, versions, reporter);
    return servers;
  }
  const value = readServerPaths(entry.value, paths, scope);
  return value.length === 0 ? [] : [{ interval: { since: versions.oldest }, value, range: entry.value.range }];
}

function readServerPaths(value: Node, paths: PathScope, scope: ServiceScope): readonly string[] {
  const nodes = value.kind === "list" ? value.items : [value];
  const server: string[] = [];
  for (const [index, node] of nodes.entries()) {
    const path = textOf(node)?.trim();
    if (node.kind !== "scalar" || path === undefined) continue;
    if (path === callersServer) {
      if (index < nodes.length - 1) scope.reporter.report("server-option-in-list", node.range);
    } else scope.later(() => checkTextPath(node, 0, node.text.length, paths));
    server.push(path);
  }
  // Alone it says what is so without any rule.
  return server.length === 1 && server[0] === callersServer ? [] : server;
}

function readTopics(
  entry: Entry | undefined,
  interval: Interval,
  paths: PathScope,
  scope: ServiceScope,
): Method["topic"] {
  const read = (node: Node): string | undefined => {
    const topic = textOf(node);
    if (node.kind === "scalar") scope.later(() => checkTemplate(node, paths));
    return topic;
  };
  const topics = readRules(entry, "name", read, scope.versions, scope.reporter);
  checkCoverage(entry, topics, interval, scope.versions, scope.reporter, (topic) => placesOf(topic).length > 0);
  return topics;
}

type Delivery = Pick<Method, "delivery" | "timeout" | "heartbeat" | "priority" | "attempts" | "concurrency">;

function readDelivery(node: MapNode, scope: ServiceScope): Delivery {
  const timeout = readTimeout(child(node, "timeout"), scope);
  const heartbeat = readHeartbeat(
    child(node, "heartbeat"),
    typeof timeout === "number" ? timeout : undefined,
    scope.reporter,
  );
  const priority = numberOf(child(node, "priority"));
  const attempts = numberOf(child(node, "attempts"));
  const concurrency = numberOf(child(node, "concurrency"));
  return {
    delivery: textOf(child(node, "delivery")) === "at-least-once" ? "at-least-once" : "at-most-once",
    ...(timeout === undefined ? {} : { timeout }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
    ...(priority === undefined ? {} : { priority }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

// ---------------------------------------------------------------------------------------------------- results, errors

const noResult: ResultType = { type: { kind: "scalar", scalar: "none" }, constraints: {} };

function readResult(node: Node | undefined, scope: ServiceScope): ResultType {
  const type: Type | undefined = node === undefined ? undefined : readTypeOf(node, scope);
  if (type === undefined) return noResult;
  return { type, ...optionalText(node, "description"), constraints: readChecked(node, type, scope) };
}

function readErrorNames(node: Node | undefined, scope: ServiceScope): string[] {
  const names: string[] = [];
  for (const item of itemsOf(node)) {
    const name = textOf(item);
    if (name === undefined || !isKnownError(item, name, scope)) continue;
    if (names.includes(name))
      scope.reporter.report("duplicate-item", item.range, { item: name, where: "the list of errors" });
    else names.push(name);
  }
  return names;
}

// ---------------------------------------------------------------------------------------------------------- versions

function readFormerNames(node: MapNode, interval: Interval, scope: ServiceScope): Method["was"] {
  const former: Method["was"][number][] = [];
  for (const item of itemsOf(child(node, "was"))) {
    const beforeNode = child(item, "before");
    const nameNode = child(item, "name");
    const before = readVersion(beforeNode, scope.versions, scope.reporter);
    const name = textOf(nameNode);
    if (before === undefined || beforeNode === undefined || name === undefined || nameNode === undefined) continue;
    const { pattern, like } = namePatterns.method;
    if (!pattern.test(name)) {
      scope.reporter.report("bad-name", nameNode.range, { kind: "method", name, like, repaired: undefined });
      continue;
    }
    checkBefore(beforeNode, before, former.at(-1), interval, scope);
    former.push({ before, name, range: nameNode.range });
  }
  return former;
}

function readTooOld(node: MapNode, interval: Interval, scope: ServiceScope): { tooOld?: Refusal } {
  const entry = node.byKey.get("too_old");
  const refusal = entry === undefined ? undefined : readRefusal(entry, scope);
  if (entry === undefined || refusal === undefined) return {};
  const { versions } = scope;
  if (versions.complete && isAsWritten(node, interval) && spanOf(interval, versions).from === 0) {
    scope.reporter.report("when-older-without-since", entry.keyNode.range, { key: "too_old" });
  }
  return { tooOld: refusal };
}

function readLabels(entry: Entry | undefined, interval: Interval, scope: ServiceScope): Method["label"] {
  const read = (node: Node): string | undefined => {
    const label = versionText(node);
    if (label !== undefined) checkLabel(label, node, scope);
    return label;
  };
  const labels = readRules(entry, "label", read, scope.versions, scope.reporter);
  checkCoverage(entry, labels, interval, scope.versions, scope.reporter);
  return labels;
}

/** Reports a label with which every server of the definition refuses the request. */
function checkLabel(label: string, { range }: Node, { versions, reporter }: ServiceScope): void {
  if (!versions.complete) return;
  const isSame = ({ version }: VersionEntry): boolean => version.split(".")[0] === label.split(".")[0];
  const newest = versions.entries.findLast(isSame)?.version;
  if (newest !== undefined && compareVersions(label, newest) <= 0) return;
  reporter.report("label-not-served", range, { label, newest });
}

// ---------------------------------------------------------------------------------------------------------- examples

/** An example of a method has `params` (the arguments by name) and `returns`. */
function readExamples(node: MapNode, method: Draft<Method>, byName: ReadParams["byName"], scope: ServiceScope): void {
  method.examples = exampleNodes(node).map((example) => {
    const role = { code: "invalid-example", what: `the example of "${method.name}"` } as const;
    const given = child(example, "params");
    const args = entriesOf(given).map(({ key, keyNode, value }) => {
      const param = byName.get(key);
      if (param === undefined) {
        const candidates = () => [...byName.keys()];
        scope.reporter.report("unknown-parameter", keyNode.range, { name: key, method: method.name, candidates });
        return [key, jsonOf(value)] as const;
      }
      return [key, readValue(value, param, role, scope.lookup, scope.reporter)] as const;
    });
    const returns = child(example, "returns");
    return {
      ...(given === undefined ? {} : { params: Object.fromEntries(args) }),
      ...(returns === undefined
        ? {}
        : { returns: readValue(returns, method.returns, role, scope.lookup, scope.reporter) }),
    };
  });
}
