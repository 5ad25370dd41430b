import { builtInConverters } from "./converters.js";
import { booleanOf, child, type Entry, itemsOf, type MapNode, type Node, textOf } from "./document.js";
import { checkName, type Draft, readField, readTypeOf } from "./fields.js";
import {
  isAsWritten,
  isEmpty,
  type NameSpan,
  nameClashes,
  overlap,
  readInterval,
  readVersion,
  spanOf,
} from "./intervals.js";
import type { FormerParam, Interval, Param, Type } from "./model.js";
import { namePatterns, pythonKeywords, pythonTaken } from "./names.js";
import { followPath, mayBeUnset, type PathScope } from "./paths.js";
import { readRefusal } from "./refusals.js";
import type { ServiceScope } from "./service-scope.js";
import { suggest } from "./suggest.js";
import { baseOf, sameType, typeText } from "./types.js";
import { readValue } from "./values.js";

/** A method's parameters, and the names of those that could not be read. */
export interface ReadParams {
  readonly params: readonly Draft<Param>[];
  readonly byName: ReadonlyMap<string, Draft<Param>>;
  readonly unreadable: ReadonlySet<string>;
}

/** Reads `params:` of a method. */
export function readParams(
  node: Node | undefined,
  method: string,
  interval: Interval,
  scope: ServiceScope,
): ReadParams {
  const params: Draft<Param>[] = [];
  const byName = new Map<string, Draft<Param>>();
  const unreadable = new Set<string>();
  if (node?.kind !== "map") return { params, byName, unreadable };
  const entries = node.entries;
  for (const entry of entries) {
    const usable = checkName(entry, "parameter", scope.reporter);
    const param = usable ? readParam(entry, method, interval, scope) : undefined;
    if (param === undefined) unreadable.add(entry.key);
    else {
      params.push(param);
      byName.set(param.name, param);
    }
  }
  checkWireNames(params, interval, method, scope);
  scope.later(() => {
    const paths: PathScope = { method, byName, unreadable, lookup: scope.lookup, reporter: scope.reporter };
    for (const entry of entries) {
      const param = byName.get(entry.key);
      if (param !== undefined) checkSource(entry, param, byName, paths);
    }
  });
  return { params, byName, unreadable };
}

const anyType: Type = { kind: "scalar", scalar: "any" };

/** Keys of a parameter that say different things about where its value comes from, or whether it is sent. */
const exclusiveKeys = [
  ["from", "const"],
  ["from", "default"],
  ["from", "optional"],
  ["const", "default"],
  ["const", "optional"],
  ["const", "fill"],
  ["local", "from"],
  ["local", "const"],
  ["local", "convert"],
  ["local", "fill"],
  ["local", "was"],
  ["local", "when_older"],
] as const;

function readParam(entry: Entry, method: string, within: Interval, scope: ServiceScope): Draft<Param> | undefined {
  const { reporter } = scope;
  const what = `"${method}.${entry.key}"`;
  const long = entry.value.kind === "map" ? entry.value : undefined;
  // A constant and a value from elsewhere have a type of their own.
  const fallback = long?.byKey.has("const") === true || long?.byKey.has("from") === true ? anyType : undefined;
  const field = readField(entry, what, scope, fallback);
  if (long !== undefined && fallback === undefined && !long.byKey.has("type") && !long.byKey.has("schema")) {
    reporter.report("missing-type", entry.keyNode.range, { name: entry.key });
  }
  if (field === undefined) return undefined;
  const local = booleanOf(child(long, "local")) ?? false;
  if (!local) checkPythonName(entry.key, entry.keyNode.range, scope);
  if (long === undefined) return extend(field, { interval: { since: scope.versions.oldest }, local });
  for (const [one, other] of exclusiveKeys) {
    const second = long.byKey.get(other);
    const isSet = (key: string): boolean => long.byKey.has(key) && booleanOf(child(long, key)) !== false;
    if (second !== undefined && isSet(one) && isSet(other)) {
      reporter.report("exclusive-keys", second.keyNode.range, { keys: [one, other] });
    }
  }
  const interval = readParamInterval(long, entry, within, scope);
  const param = extend(field, { interval, local });
  param.whenOlder = readWhenOlder(long, interval, within, scope);
  readFill(long, param, what, scope);
  if (scope.sendDefaults) scope.later(() => sendDefault(param));
  const from = textOf(child(long, "from"));
  if (from !== undefined) param.from = from;
  readConst(long, param, what, scope);
  const convert = readConvert(child(long, "convert"), scope);
  if (convert !== undefined) param.convert = convert;
  param.was = readFormer(long, param, what, scope);
  return param;
}

function extend(
  field: ReturnType<typeof readField> & object,
  own: { interval: Interval; local: boolean },
): Draft<Param> {
  return Object.assign(field, { ...own, whenOlder: "reject" as const, was: [] });
}

function checkPythonName(name: string, range: Param["range"], { reporter }: ServiceScope): void {
  if (pythonTaken.has(name)) reporter.report("python-name", range, { name });
  else if (pythonKeywords.has(name)) reporter.report("python-keyword", range, { name });
}

function readParamInterval(long: MapNode, entry: Entry, within: Interval, scope: ServiceScope): Interval {
  const { versions, reporter } = scope;
  const interval = readInterval(long, versions, reporter);
  const given = long.byKey.get("since") ?? long.byKey.get("until");
  if (given === undefined || !versions.complete || !isAsWritten(long, interval)) return interval;
  const outer = spanOf(within, versions);
  const inner = spanOf(interval, versions);
  if (isEmpty(overlap(outer, inner))) reporter.report("never-exists", given.value.range, { name: entry.key });
  else if (long.byKey.has("since") && inner.from < outer.from) {
    reporter.report("since-before-method", child(long, "since")?.range, {
      name: entry.key,
      since: interval.since,
      method: within.since,
    });
  }
  return interval;
}

function readWhenOlder(long: MapNode, interval: Interval, within: Interval, scope: ServiceScope): Param["whenOlder"] {
  const entry = long.byKey.get("when_older");
  if (entry === undefined) return "reject";
  const { versions } = scope;
  const isKnown = versions.complete && isAsWritten(long, interval);
  if (isKnown && spanOf(interval, versions).from <= spanOf(within, versions).from) {
    scope.reporter.report("when-older-without-since", entry.keyNode.range, { key: "when_older" });
  }
  const text = textOf(entry.value);
  if (text === "drop" || text === "reject") return text;
  return readRefusal(entry, scope, ["drop", "reject"]) ?? "reject";
}

function readFill(long: MapNode, param: Draft<Param>, what: string, scope: ServiceScope): void {
  const fill = long.byKey.get("fill");
  if (fill === undefined) return;
  param.fill = { value: null };
  scope.later(() => {
    const role = { code: "invalid-fill", what: `the fill of ${what}` } as const;
    param.fill = { value: readValue(fill.value, param, role, scope.lookup, scope.reporter) };
  });
}

/** `send_defaults:` of the service. What routes alone, or chooses the kind, is never sent. */
function sendDefault(param: Draft<Param>): void {
  if (param.default !== undefined && !param.local) param.fill ??= param.default;
}

function readConst(long: MapNode, param: Draft<Param>, what: string, scope: ServiceScope): void {
  const node = child(long, "const");
  if (node === undefined) return;
  param.const = { value: null };
  scope.later(() => {
    const role = { code: "invalid-const", what: `the constant ${what}` } as const;
    param.const = { value: readValue(node, param, role, scope.lookup, scope.reporter) };
  });
}

function readConvert(node: Node | undefined, scope: ServiceScope): Param["convert"] | undefined {
  const nameNode = node?.kind === "map" ? child(node, "name") : node;
  const name = converterName(nameNode, scope);
  const before = readVersion(child(node, "before"), scope.versions, scope.reporter);
  return name === undefined ? undefined : { name, ...(before === undefined ? {} : { before }) };
}

function converterName(node: Node | undefined, { reporter }: ServiceScope): string | undefined {
  const name = textOf(node);
  if (name === undefined || node === undefined || !namePatterns.converter.pattern.test(name)) return undefined;
  const meant = builtInConverters.has(name) ? undefined : suggest(name, builtInConverters);
  if (meant !== undefined) reporter.report("converter-typo", node.range, { name, meant });
  return name;
}

function readFormer(long: MapNode, param: Draft<Param>, what: string, scope: ServiceScope): FormerParam[] {
  const { reporter, versions } = scope;
  const former: FormerParam[] = [];
  let earlier: FormerParam | undefined;
  for (const item of itemsOf(child(long, "was"))) {
    if (item.kind !== "map") continue;
    const beforeNode = child(item, "before");
    const before = readVersion(beforeNode, versions, reporter);
    if (before === undefined || beforeNode === undefined) continue;
    if (!["name", "type", "schema", "convert", "fill"].some((key) => item.byKey.has(key))) {
      reporter.report("was-without-change", beforeNode.range, { keys: ["name", "type", "convert", "fill"] });
    }
    checkBefore(beforeNode, before, earlier, param.interval, scope);
    const draft: Draft<FormerParam> = { before, range: beforeNode.range };
    readFormerName(item, draft, scope);
    readFormerType(item, draft, param, long, scope);
    const fill = child(item, "fill");
    if (fill !== undefined) {
      draft.fill = { value: null };
      scope.later(() => {
        const role = { code: "invalid-fill", what: `the fill of ${what} before ${before}` } as const;
        const expected = draft.type === undefined ? param : { type: draft.type, constraints: {} };
        draft.fill = { value: readValue(fill, expected, role, scope.lookup, reporter) };
      });
    }
    former.push(draft);
    earlier = draft;
  }
  return former;
}

/** Reports a `before` that is not behind the one above it, or that ends before the thing begins. */
export function checkBefore(
  node: Node,
  before: string,
  earlier: { readonly before: string; readonly range: Param["range"] } | undefined,
  interval: Interval,
  { versions, reporter }: ServiceScope,
): void {
  const at = versions.indexOf(before);
  const last = earlier === undefined ? undefined : versions.indexOf(earlier.before);
  if (at === undefined) return;
  if (earlier !== undefined && last !== undefined && at <= last) {
    const related = [{ message: "the entry above it", range: earlier.range }];
    reporter.report("was-order", { range: node.range, related }, { before, earlier: earlier.before });
  } else if (at <= spanOf(interval, versions).from) {
    reporter.report("was-before-since", node.range, { before, since: interval.since });
  }
}

function readFormerName(item: MapNode, draft: Draft<FormerParam>, scope: ServiceScope): void {
  const node = child(item, "name");
  const name = textOf(node);
  if (name === undefined || node === undefined) return;
  if (!namePatterns.parameter.pattern.test(name)) {
    const { like } = namePatterns.parameter;
    scope.reporter.report("bad-name", node.range, { kind: "parameter", name, like, repaired: undefined });
    return;
  }
  checkPythonName(name, node.range, scope);
  draft.name = name;
}

function readFormerType(
  item: MapNode,
  draft: Draft<FormerParam>,
  param: Param,
  long: MapNode,
  scope: ServiceScope,
): void {
  const convert = converterName(child(item, "convert"), scope);
  if (convert !== undefined) draft.convert = convert;
  const always = long.byKey.get("convert");
  if (always !== undefined && item.byKey.has("convert") && child(always.value, "before") === undefined) {
    scope.reporter.report("converter-needs-before", always.keyNode.range, { name: param.name });
  }
  const typeEntry = item.byKey.get("type") ?? item.byKey.get("schema");
  if (typeEntry === undefined) return;
  const type = readTypeOf(item, scope);
  if (type === undefined) return;
  draft.type = type;
  const isAny = type.kind === "scalar" && type.scalar === "any";
  if (!item.byKey.has("convert") && !isAny && !sameType(type, param.type)) {
    const params = { name: param.name, former: typeText(type), today: typeText(param.type) };
    scope.reporter.report("was-needs-converter", typeEntry.keyNode.range, params);
  }
}

/** Reports two parameters that have one name on the wire at one version. */
function checkWireNames(params: readonly Param[], within: Interval, method: string, scope: ServiceScope): void {
  const { versions, reporter } = scope;
  if (!versions.complete || !params.some((param) => param.was.some((former) => former.name !== undefined))) return;
  const outer = spanOf(within, versions);
  const spans: NameSpan[] = [];
  for (const param of params) {
    if (param.local) continue;
    const whole = overlap(spanOf(param.interval, versions), outer);
    let from = whole.from;
    for (const former of param.was) {
      const to = Math.min(versions.indexOf(former.before) ?? whole.to, whole.to);
      spans.push({ name: former.name ?? param.name, owner: param.name, from, to, range: former.range });
      from = Math.max(from, to);
    }
    spans.push({ name: param.name, owner: param.name, from, to: whole.to, range: param.range });
  }
  for (const { first, second, at } of nameClashes(spans)) {
    const related = [{ message: `"${first.owner}" has it here`, range: first.range }];
    const version = versions.entries[at]?.version ?? "";
    reporter.report(
      "was-clash",
      { range: second.range, related },
      { name: second.name, version, a: first.owner, b: second.owner, of: method },
    );
  }
}

/** Follows `from:`, and takes the type from there where the parameter has none. */
function checkSource(entry: Entry, param: Draft<Param>, byName: ReadonlyMap<string, Param>, paths: PathScope): void {
  const node = child(entry.value, "from");
  if (node?.kind !== "scalar" || typeof node.value !== "string") return;
  const first = node.text.split(/[.|]/)[0]?.trim();
  const origin = byName.get(first ?? "");
  if (origin !== undefined && (origin === param || origin.from !== undefined || origin.const !== undefined)) {
    paths.reporter.report("from-itself", node.range, { name: param.name, origin: origin.name });
    return;
  }
  const type = followPath(node, 0, node.text.length, paths);
  param.optional ||= mayBeUnset(node.text, byName, paths.lookup);
  if (type === undefined) return;
  if (child(entry.value, "type") === undefined && child(entry.value, "schema") === undefined) {
    param.type = type;
    return;
  }
  const found = baseOf(type, paths.lookup);
  const wanted = baseOf(param.type, paths.lookup);
  const differ = found?.kind === "scalar" && wanted?.kind === "scalar" && found.scalar !== wanted.scalar;
  if (differ && found.scalar !== "any" && wanted.scalar !== "any" && param.convert === undefined) {
    paths.reporter.report("from-type", node.range, {
      path: node.text,
      found: typeText(type),
      wanted: typeText(param.type),
    });
  }
}
