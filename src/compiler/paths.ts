import { builtInConverters, pathFunctions } from "./converters.js";
import { rangeWithin, type ScalarNode } from "./document.js";
import type { Field, NamedType, Param, Type } from "./model.js";
import { namePatterns } from "./names.js";
import type { Reporter } from "./report.js";
import { keysOf } from "./routes.js";
import { topicForm } from "./shape-words.js";
import type { Range } from "./source.js";
import { suggest } from "./suggest.js";
import { baseOf, isNullable, type TypeLookup, typeText } from "./types.js";

/** What a path is followed through. */
export interface PathScope {
  readonly method: string;
  readonly byName: ReadonlyMap<string, Pick<Param, "name" | "type" | "optional" | "default">>;
  /** Names of parameters which are there but could not be read. */
  readonly unreadable: ReadonlySet<string>;
  readonly lookup: TypeLookup;
  readonly reporter: Reporter;
}

/** Follows `volume.host | extract_host` in `[start, end)` of a scalar's text. Undefined where it was reported, or where nothing can be known. */
export function followPath(node: ScalarNode, start: number, end: number, scope: PathScope): Type | undefined {
  const [route = "", ...functions] = node.text.slice(start, end).split("|");
  let at = start + route.length + 1;
  let known = true;
  for (const part of functions) {
    const name = part.trim();
    if (!pathFunctions.has(name)) {
      known = false;
      const from = at + part.indexOf(name);
      checkFunction(name, rangeWithin(node, from, Math.max(from + name.length, from + 1)), scope.reporter);
    }
    at += part.length + 1;
  }
  const type = followRoute(node, route, start, scope);
  if (functions.length === 0 || type === undefined) return type;
  if (!known) return undefined;
  const text: Type = { kind: "scalar", scalar: "string" };
  // Functions are not asked about null, and a host without a pool has null for it.
  const mayBeNull = isNullable(type, scope.lookup) || functions.some((part) => part.trim() === "extract_host(pool)");
  return mayBeNull ? { kind: "nullable", type: text } : text;
}

/** A name that the runtime does not have is a function of the user's, unless it was meant to be the runtime's. */
function checkFunction(name: string, range: Range, reporter: Reporter): void {
  const candidates = [...pathFunctions];
  const isName = namePatterns.converter.pattern.test(name) && !builtInConverters.has(name);
  if (!isName || suggest(name, candidates) !== undefined)
    reporter.report("unknown-function", range, { name, candidates });
}

/** Whether an argument or field on the way of a path may be absent, so that there may be nothing at its end. */
export function mayBeUnset(path: string, byName: PathScope["byName"], lookup: TypeLookup): boolean {
  const [first = "", ...keys] = keysOf(path);
  const param = byName.get(first);
  if (param === undefined) return false;
  if (param.optional && param.default === undefined) return true;
  let type: Type = param.type;
  for (const key of keys) {
    // Behind null there is nothing more.
    if (isNullable(type, lookup)) return true;
    const base = baseOf(type, lookup);
    const field = base === undefined ? undefined : fieldsOf(base, lookup)?.find(({ name }) => name === key);
    if (field?.optional === true) return true;
    const next = step(type, key, lookup);
    if (next.kind !== "found") return false;
    type = next.type;
  }
  return false;
}

/** Follows a path that must lead to a text: a server, or a part of a topic. */
export function checkTextPath(node: ScalarNode, start: number, end: number, scope: PathScope): void {
  const type = followPath(node, start, end, scope);
  const base = type === undefined ? undefined : baseOf(type, scope.lookup);
  if (type === undefined || base === undefined || isText(base, scope.lookup)) return;
  const fields = fieldsOf(base, scope.lookup);
  const [only] =
    fields?.filter((field) => leadsToText(field.type, scope.lookup) && /host|server/.test(field.name)) ?? [];
  const path = node.text.slice(start, end).trim();
  scope.reporter.report("path-not-text", rangeWithin(node, start, end), {
    path,
    type: typeText(type),
    field: only?.name,
  });
}

/** Checks a topic and each `{path}` in it. */
export function checkTemplate(node: ScalarNode, scope: PathScope): void {
  const { text } = node;
  const places = [...text.matchAll(/\{([^{}]*)\}/g)];
  const rest = text.replaceAll(/\{[^{}]*\}/g, "");
  if (/[{}]/.test(rest)) scope.reporter.report("bad-template", node.range, { text });
  // It looks like $server, and would be sent as it stands.
  else if (text.startsWith("$"))
    scope.reporter.report("wrong-form", node.range, { where: '"topic"', value: text, expected: topicForm });
  for (const place of places) {
    const start = place.index + 1;
    checkTextPath(node, start, start + (place[1] ?? "").length, scope);
  }
}

/** A longer path is no path. */
const longestRoute = 20;

function followRoute(node: ScalarNode, route: string, start: number, scope: PathScope): Type | undefined {
  const { reporter, lookup } = scope;
  const parts = route.split(".");
  if (parts.length > longestRoute || parts.some((part) => !/^[A-Za-z0-9_:$-]+$/.test(part.trim()))) {
    reporter.report("path-syntax", rangeWithin(node, start, start + Math.max(1, route.length)), { path: route.trim() });
    return undefined;
  }
  let at = start;
  let type: Type | undefined;
  for (const [index, part] of parts.entries()) {
    const name = part.trim();
    const from = at + part.indexOf(name);
    const range = rangeWithin(node, from, from + name.length);
    at += part.length + 1;
    if (index === 0) {
      const param = scope.byName.get(name);
      if (param === undefined) {
        if (scope.unreadable.has(name)) return undefined;
        const candidates = () => [...scope.byName.keys()];
        reporter.report("unknown-parameter", range, { name, method: scope.method, candidates });
        return undefined;
      }
      type = param.type;
      continue;
    }
    if (type === undefined) return undefined;
    const next = step(type, name, lookup);
    if (next.kind === "unknown") return undefined;
    if (next.kind === "missing") {
      const owner = parts.slice(0, index).join(".").trim();
      const params = { name, owner, type: typeText(type), candidates: next.candidates, shape: next.shape };
      reporter.report("unknown-path", range, params);
      return undefined;
    }
    type = next.type;
  }
  return type;
}

type Step =
  | { readonly kind: "found"; readonly type: Type }
  | { readonly kind: "unknown" }
  | { readonly kind: "missing"; readonly candidates: readonly string[]; readonly shape: "object" | "list" | "scalar" };

function step(type: Type, name: string, lookup: TypeLookup): Step {
  const base = baseOf(type, lookup);
  if (base === undefined) return { kind: "unknown" };
  switch (base.kind) {
    case "schema":
      return { kind: "unknown" };
    case "map":
      return { kind: "found", type: base.values };
    case "list":
      return /^\d+$/.test(name)
        ? { kind: "found", type: base.items }
        : { kind: "missing", candidates: [], shape: "list" };
    case "scalar":
      return base.scalar === "any" ? { kind: "unknown" } : { kind: "missing", candidates: [], shape: "scalar" };
    case "ref": {
      const fields = fieldsOf(base, lookup);
      if (fields === undefined) return { kind: "missing", candidates: [], shape: "scalar" };
      const field = fields.find((one) => one.name === name);
      if (field !== undefined) return { kind: "found", type: field.type };
      return { kind: "missing", candidates: fields.map((one) => one.name), shape: "object" };
    }
  }
}

/** Unions are asked for their fields at each path, and a union may have many variants. */
const sharedFields = new WeakMap<NamedType, readonly PathField[]>();

type PathField = Pick<Field, "name" | "type" | "optional">;

/** The fields of an object; those that all variants of a union have. */
function fieldsOf(type: Type, lookup: TypeLookup): readonly PathField[] | undefined {
  const named = type.kind === "ref" ? lookup(type.name) : undefined;
  if (named?.kind === "object") return named.fields;
  if (named?.kind !== "union") return undefined;
  const known = sharedFields.get(named);
  if (known !== undefined) return known;
  const variants = named.variants.map((variant) => {
    const object = lookup(variant.type);
    return object?.kind === "object" ? object.fields : [];
  });
  const names = variants.map((fields) => new Set(fields.map((field) => field.name)));
  const shared = (variants[0] ?? []).filter((field) => names.every((others) => others.has(field.name)));
  const fields = [{ name: named.tag, type: { kind: "scalar", scalar: "string" }, optional: false } as const, ...shared];
  sharedFields.set(named, fields);
  return fields;
}

function isText(base: Type, lookup: TypeLookup): boolean {
  if (base.kind === "scalar") return !["boolean", "number", "none"].includes(base.scalar);
  if (base.kind === "ref") return lookup(base.name)?.kind === "enum";
  return base.kind === "schema";
}

function leadsToText(type: Type, lookup: TypeLookup): boolean {
  const base = baseOf(type, lookup);
  return base !== undefined && isText(base, lookup);
}
