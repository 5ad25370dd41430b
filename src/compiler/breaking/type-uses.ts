import type { Service, Type } from "../model.js";
import { typesIn } from "../reached.js";
import type { Side } from "./type-changes.js";

/** Which methods use a named type, directly or through others. Made for findings, so only when there are some. */
export class TypeUses {
  /** For each type, the types that have it inside. */
  readonly #owners = new Map<string, string[]>();
  /** For each type, the methods that mention it. */
  readonly #users: Readonly<Record<Side, Map<string, string[]>>> = { argument: new Map(), result: new Map() };

  constructor({ types, methods }: Service) {
    for (const named of types) {
      for (const name of typesIn(named).flatMap(namesIn)) push(this.#owners, name, named.name);
    }
    for (const { name, params, returns } of methods) {
      for (const type of params.flatMap((param) => namesIn(param.type))) push(this.#users.argument, type, name);
      for (const type of namesIn(returns.type)) push(this.#users.result, type, name);
    }
  }

  /** In the order of the definition. */
  methodsWith(type: string, side: Side): readonly string[] {
    const seen = new Set([type]);
    const open = [type];
    const found = new Set<string>();
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const method of this.#users[side].get(at) ?? []) found.add(method);
      for (const owner of this.#owners.get(at) ?? []) {
        if (seen.has(owner)) continue;
        seen.add(owner);
        open.push(owner);
      }
    }
    return [...found];
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (known.at(-1) !== value) known.push(value);
}

function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "list":
      return namesIn(type.items);
    case "map":
      return namesIn(type.values);
    case "nullable":
      return namesIn(type.type);
    default:
      return [];
  }
}
