import { choice, group, indent, join, type Layout, line, print } from "./layout.js";

/** What one file takes from one module. */
export interface Import {
  readonly module: string;
  readonly names: readonly ImportedName[];
}

export interface ImportedName {
  readonly name: string;
  readonly isType: boolean;
}

/** Import statements as biome organizes them: modules by distance, names in natural order. Modules without names are left out. */
export function importLines(imports: readonly Import[]): readonly string[] {
  return imports
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => distance(a.module) - distance(b.module) || compareNames(a.module, b.module))
    .map((each) => print(importLayout(each)));
}

/** Natural order: letter by letter, A before a before B; runs of digits by their value. */
export function compareNames(a: string, b: string): number {
  // Names of one file often begin alike, and there are thousands: what is equal is left out, up to a number that goes on.
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  while (at > 0 && isDigit(a.charCodeAt(at - 1))) at -= 1;
  for (let left = at, right = at; ; ) {
    const [one, other] = [tokenAt(a, left), tokenAt(b, right)];
    if (one === "" || other === "") return one.length - other.length;
    const order = compareTokens(one, other);
    if (order !== 0) return order;
    left += one.length;
    right += other.length;
  }
}

/** A run of digits or any other letter; empty behind the last. */
function tokenAt(text: string, start: number): string {
  let end = start + 1;
  if (isDigit(text.charCodeAt(start))) while (isDigit(text.charCodeAt(end))) end += 1;
  return text.slice(start, end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function importLayout({ module, names }: Import): Layout {
  const onlyTypes = names.every(({ isType }) => isType);
  const parts = [...names]
    .sort((a, b) => compareNames(a.name, b.name))
    .map(({ name, isType }) => (isType && !onlyTypes ? `type ${name}` : name));
  const start = onlyTypes ? "import type {" : "import {";
  const end = `} from ${JSON.stringify(module)};`;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    return `${start} ${only} ${end}`;
  }
  return group([start, indent([line, join(parts, [",", line])]), choice(",", ""), line, end]);
}

/** Packages come before parent folders, and those before the file's own. */
function distance(module: string): number {
  if (module.startsWith("../")) {
    return 1;
  }
  return module.startsWith("./") ? 2 : 0;
}

function compareTokens(a: string, b: string): number {
  if (isDigit(a.charCodeAt(0)) && isDigit(b.charCodeAt(0))) {
    return Number(a) - Number(b) || a.length - b.length;
  }
  return compare(rank(a), rank(b)) || compare(a, b);
}

/** An underscore comes before digits, and those before letters. */
function rank(token: string): string {
  return token === "_" ? " " : token.toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
