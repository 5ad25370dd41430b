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
  const left = a.match(/\d+|\D/g) ?? [];
  const right = b.match(/\d+|\D/g) ?? [];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareTokens(left[index] ?? "", right[index] ?? "");
    if (order !== 0) {
      return order;
    }
  }
  return left.length - right.length;
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
  if (/\d/.test(a) && /\d/.test(b)) {
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
