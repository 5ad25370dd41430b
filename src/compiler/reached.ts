import type { ErrorType, Method, NamedType, Type } from "./model.js";

/** The types that methods and errors use, directly or through others, in the order in which `all` has them. */
export function reachedTypes(
  all: readonly NamedType[],
  methods: readonly Method[],
  errors: readonly ErrorType[],
): readonly NamedType[] {
  const byName = new Map(all.map((named) => [named.name, named]));
  const reached = new Set<NamedType>();
  const open: Type[] = [];
  for (const method of methods) {
    open.push(method.returns.type);
    for (const param of method.params) {
      open.push(param.type);
      for (const { type } of param.was) if (type !== undefined) open.push(type);
    }
  }
  for (const error of errors) open.push(...error.fields.map((field) => field.type));
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    if (type.kind === "list") open.push(type.items);
    else if (type.kind === "map") open.push(type.values);
    else if (type.kind === "nullable") open.push(type.type);
    else if (type.kind === "ref") {
      const named = byName.get(type.name);
      if (named === undefined || reached.has(named)) continue;
      reached.add(named);
      open.push(...typesIn(named));
    }
  }
  return all.filter((named) => reached.has(named));
}

/** The types that a named type is made of. */
export function typesIn(named: NamedType): readonly Type[] {
  switch (named.kind) {
    case "object":
      return named.fields.map((field) => field.type);
    case "union":
      return named.variants.map((variant) => ({ kind: "ref", name: variant.type }));
    case "alias":
      return [named.type];
    case "enum":
      return [];
  }
}
