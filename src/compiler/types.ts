import { type Node, rangeWithin, type ScalarNode } from "./document.js";
import type { NamedType, Scalar, Type } from "./model.js";
import type { Reporter } from "./report.js";

/** Finds a named type; undefined where there is none, or where it was reported. */
export type TypeLookup = (name: string) => NamedType | undefined;

/** What type expressions may name. */
export interface TypeNames {
  readonly has: (name: string) => boolean;
  /** For "did you mean". */
  readonly all: () => Iterable<string>;
  /** A file that could not be read may have had the name, so that nothing is said of unknown ones. */
  readonly incomplete: boolean;
}

/** The scalars, in the order in which messages list them. */
export const scalars: readonly Scalar[] = [
  "string",
  "boolean",
  "integer",
  "number",
  "bigint",
  "datetime",
  "date",
  "uuid",
  "bytes",
  "any",
  "none",
];

/** Reads a type expression such as `map<list<Instance?>>`. Undefined where it was reported, or is no text. */
export function readType(node: Node | undefined, names: TypeNames, reporter: Reporter): Type | undefined {
  if (node?.kind !== "scalar" || typeof node.value !== "string") return undefined;
  const parsed = parse(node.text);
  if ("problem" in parsed) {
    const range = rangeWithin(node, parsed.start, parsed.end);
    reporter.report("type-syntax", range, { text: node.text, problem: parsed.problem, help: parsed.help });
    return undefined;
  }
  return bind(parsed, node, names, reporter);
}

/** The type as a definition writes it: `list<uuid>?`. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "list":
      return `list<${typeText(type.items)}>`;
    case "map":
      return `map<${typeText(type.values)}>`;
    case "nullable":
      return `${typeText(type.type)}?`;
    case "ref":
      return type.name;
    case "schema":
      return "a JSON Schema";
  }
}

/** The type behind aliases and `?`; undefined where a name leads nowhere, or to itself. */
export function baseOf(type: Type, lookup: TypeLookup): Exclude<Type, { kind: "nullable" }> | undefined {
  let at = type;
  for (let steps = 0; steps < 100; steps += 1) {
    if (at.kind === "nullable") at = at.type;
    else if (at.kind === "ref") {
      const named = lookup(at.name);
      if (named === undefined) return undefined;
      if (named.kind !== "alias") return at;
      at = named.type;
    } else return at;
  }
  return undefined;
}

/** Whether null is a value of the type. */
export function isNullable(type: Type, lookup: TypeLookup): boolean {
  let at = type;
  for (let steps = 0; steps < 100 && at.kind === "ref"; steps += 1) {
    const named = lookup(at.name);
    if (named?.kind !== "alias") return false;
    at = named.type;
  }
  return at.kind === "nullable" || (at.kind === "scalar" && (at.scalar === "any" || at.scalar === "none"));
}

/** Whether two types are written the same. */
export function sameType(a: Type, b: Type): boolean {
  return typeText(a) === typeText(b) && (a.kind !== "schema" || JSON.stringify(a) === JSON.stringify(b));
}

// ---------------------------------------------------------------------------------------------------- binding names

function bind(tree: Tree, node: ScalarNode, names: TypeNames, reporter: Reporter): Type | undefined {
  switch (tree.kind) {
    case "name": {
      const scalar = scalars.find((name) => name === tree.name);
      if (scalar !== undefined) return { kind: "scalar", scalar };
      if (names.has(tree.name)) return { kind: "ref", name: tree.name };
      if (!names.incomplete) {
        const range = rangeWithin(node, tree.start, tree.end);
        const meant = synonyms.get(tree.name.toLowerCase());
        reporter.report("unknown-type", range, {
          name: tree.name,
          meant,
          candidates: () => [...names.all(), ...scalars],
        });
      }
      return undefined;
    }
    case "list":
    case "map": {
      const inner = bind(tree.of, node, names, reporter);
      if (inner === undefined || refuseNone(inner, tree.of, node, reporter)) return undefined;
      return tree.kind === "list" ? { kind: "list", items: inner } : { kind: "map", values: inner };
    }
    case "nullable": {
      const inner = bind(tree.of, node, names, reporter);
      if (inner === undefined || refuseNone(inner, tree.of, node, reporter)) return undefined;
      return { kind: "nullable", type: inner };
    }
  }
}

function refuseNone(type: Type, tree: Tree, node: ScalarNode, reporter: Reporter): boolean {
  if (type.kind !== "scalar" || type.scalar !== "none") return false;
  reporter.report("none-misplaced", rangeWithin(node, tree.start, tree.end));
  return true;
}

/** What other languages call our types. */
const synonyms = new Map([
  ["int", "integer"],
  ["int32", "integer"],
  ["int64", "bigint"],
  ["long", "bigint"],
  ["float", "number"],
  ["double", "number"],
  ["decimal", "number"],
  ["str", "string"],
  ["text", "string"],
  ["bool", "boolean"],
  ["dict", "map<any>"],
  ["object", "map<any>"],
  ["json", "any"],
  ["unknown", "any"],
  ["array", "list<any>"],
  ["list", "list<any>"],
  ["map", "map<any>"],
  ["set", "list<any>"],
  ["timestamp", "datetime"],
  ["date-time", "datetime"],
  ["time", "datetime"],
  ["void", "none"],
  ["null", "none"],
  ["undefined", "none"],
  ["binary", "bytes"],
  ["buffer", "bytes"],
]);

// ------------------------------------------------------------------------------------------------------- the grammar

type Tree = { readonly start: number; readonly end: number } & (
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list" | "map" | "nullable"; readonly of: Tree }
);

interface Problem {
  readonly problem: string;
  readonly help: string;
  readonly start: number;
  readonly end: number;
}

/** Deeper expressions would be unreadable; the bound keeps the recursion small for hostile input. */
const deepestExpression = 16;

function parse(text: string): Tree | Problem {
  let at = 0;
  const problem = (message: string, help: string, start = at, end = Math.min(at + 1, text.length)): Problem => ({
    problem: message,
    help,
    start: Math.min(start, Math.max(0, text.length - 1)),
    end: Math.max(end, Math.min(start + 1, text.length)),
  });
  const skipSpace = (): void => {
    while (text[at] === " ") at += 1;
  };
  const expression = (depth: number): Tree | Problem => {
    skipSpace();
    const start = at;
    const name = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(text.slice(at, at + 200))?.[0];
    if (depth > deepestExpression) return problem("it is nested too deep", "give the inner part a name under types");
    if (name === undefined) {
      return at >= text.length
        ? problem("a type's name is missing", "write a type such as string or list<uuid>", text.length - 1)
        : problem(`"${text[at]}" cannot start a type`, "write a type such as string, list<uuid> or Instance?");
    }
    at += name.length;
    let tree: Tree = { kind: "name", name, start, end: at };
    skipSpace();
    if (text[at] === "<") {
      const constructed = argument(name, start, depth);
      if ("problem" in constructed) return constructed;
      tree = constructed;
    } else if (name === "list" || name === "map") {
      return problem(
        `"${name}" needs the type of its ${name === "list" ? "items" : "values"}`,
        `write ${name}<string>`,
        start,
        at,
      );
    }
    skipSpace();
    if (text[at] === "?") {
      at += 1;
      tree = { kind: "nullable", of: tree, start, end: at };
      if (text[at] === "?") return problem("a type is nullable or not", "remove one ?");
    }
    return tree;
  };
  const argument = (name: string, start: number, depth: number): Tree | Problem => {
    if (name !== "list" && name !== "map") {
      const meant = /^(array|set|sequence)$/i.test(name) || /^list$/i.test(name) ? "list" : "map";
      return problem(`"${name}" takes no type`, `only list<…> and map<…> do; did you mean ${meant}<…>?`, start, at);
    }
    at += 1;
    const of = expression(depth + 1);
    if ("problem" in of) return of;
    skipSpace();
    if (text[at] === ",")
      return problem(
        `"${name}" takes one type`,
        name === "map" ? "the keys are always strings: write map<T>" : "write list<T>",
      );
    if (text[at] !== ">")
      return problem('a ">" is missing', `write ${name}<…>`, at >= text.length ? text.length - 1 : at);
    at += 1;
    return { kind: name, of, start, end: at };
  };
  const tree = expression(0);
  if ("problem" in tree) return tree;
  skipSpace();
  if (at < text.length) {
    const written = text.slice(tree.start, tree.end);
    const rest = text.slice(at);
    const help = rest.startsWith("[]")
      ? `write list<${written}>`
      : rest.startsWith("|")
        ? 'write "?" behind a type that may be null; a union of types has a name of its own, with one_of'
        : "a type is a name, list<T>, map<T>, or one of these with a ? behind it";
    return problem(`"${rest.slice(0, 20)}" is too much`, help, at, text.length);
  }
  return tree;
}
