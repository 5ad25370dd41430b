import type { NamedType, Type } from "./model.js";
import type { Reporter } from "./report.js";
import type { TypeLookup } from "./types.js";

/** Reports aliases that lead to themselves, and objects of which no value can be written down. */
export function checkRecursion(types: readonly NamedType[], lookup: TypeLookup, reporter: Reporter): void {
  const looping = new Set<string>();
  for (const chain of aliasLoops(types, lookup)) {
    for (const { name } of chain) looping.add(name);
    const [first] = chain;
    const names = chain.map(({ name }) => name);
    if (first !== undefined) reporter.report("endless-alias", first.range, { chain: [...names, first.name] });
  }
  const endless = endlessTypes(types);
  for (const named of types) {
    if (named.kind === "object" && endless.has(named.name) && !looping.has(named.name)) {
      reporter.report("endless-object", named.range, { name: named.name });
    }
  }
}

/** Each circle of aliases that has no list, map or object in it, from its first alias in the file. */
function aliasLoops(types: readonly NamedType[], lookup: TypeLookup): NamedType[][] {
  const loops: NamedType[][] = [];
  const seen = new Set<NamedType>();
  for (const start of types) {
    // Each alias leads to one type at most, so that one walk passes each alias once.
    const walk = new Map<NamedType, number>();
    let at: NamedType | undefined = start;
    while (at?.kind === "alias" && !seen.has(at)) {
      seen.add(at);
      walk.set(at, walk.size);
      at = aliased(at.type, lookup);
    }
    const from = at === undefined ? undefined : walk.get(at);
    if (from !== undefined) loops.push([...walk.keys()].slice(from));
  }
  return loops;
}

function aliased(type: Type, lookup: TypeLookup): NamedType | undefined {
  let inner = type;
  while (inner.kind === "nullable") inner = inner.type;
  return inner.kind === "ref" ? lookup(inner.name) : undefined;
}

/** Types of which every value needs another inside: what is left when all that can end is taken away. */
function endlessTypes(types: readonly NamedType[]): Set<string> {
  const left = new Map(types.map((named) => [named.name, named]));
  const users = new Map<string, NamedType[]>();
  const waitsFor = new Map<NamedType, number>();
  const finite: NamedType[] = [];
  for (const named of types) {
    const needed = neededBy(named).filter((name) => left.has(name));
    // A union ends with its first finite variant, everything else when all that it needs does.
    const isFree =
      named.kind === "union" ? needed.length < named.variants.length || needed.length === 0 : needed.length === 0;
    if (isFree) finite.push(named);
    waitsFor.set(named, named.kind === "union" ? 1 : needed.length);
    for (const name of needed) {
      const others = users.get(name);
      if (others === undefined) users.set(name, [named]);
      else others.push(named);
    }
  }
  for (let named = finite.pop(); named !== undefined; named = finite.pop()) {
    if (!left.delete(named.name)) continue;
    for (const user of users.get(named.name) ?? []) {
      const count = (waitsFor.get(user) ?? 0) - 1;
      waitsFor.set(user, count);
      if (count <= 0) finite.push(user);
    }
  }
  return new Set(left.keys());
}

/** The named types of which each value has one inside. */
function neededBy(named: NamedType): string[] {
  switch (named.kind) {
    case "object":
      return named.fields.flatMap((field) => (field.type.kind === "ref" && !field.optional ? [field.type.name] : []));
    case "union":
      return named.variants.map((variant) => variant.type);
    case "alias":
      return named.type.kind === "ref" ? [named.type.name] : [];
    case "enum":
      return [];
  }
}
