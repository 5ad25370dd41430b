import type { Method, NamedType, Service, Type } from "../model.js";
import { keysOf } from "../routes.js";
import { namesIn } from "./typescript.js";

/**
 * Paths into a method's arguments whose values must not be shown: `password`, `instance.admin_pass`, `users.*.token`,
 * where `*` is every item of a list and every value of a map. Where a type contains itself the path of the inner one is
 * sensitive as a whole, as there is no end to the paths inside.
 */
export function sensitivePaths(service: Service, method: Method): readonly string[] {
  const types = new Map(service.types.map((type) => [type.name, type]));
  const hasSensitive = new Set(service.types.filter((type) => reaches(type, types)).map(({ name }) => name));
  const paths = method.params.flatMap((param) =>
    param.sensitive ? [param.name] : pathsIn(param.type, param.name, types, hasSensitive, []),
  );
  const taken = method.params.filter(({ from }) => from !== undefined && isWithin(keysOf(from), paths));
  return [...new Set([...paths, ...taken.map(({ name }) => name)])];
}

/** Whether a route leads to what one of the paths has, or into it: what is taken from there is as sensitive. */
function isWithin(route: readonly string[], paths: readonly string[]): boolean {
  return paths.some((path) => {
    const keys = path.split(".");
    return keys.length <= route.length && keys.every((key, at) => key === "*" || key === route[at]);
  });
}

function pathsIn(
  type: Type,
  path: string,
  types: ReadonlyMap<string, NamedType>,
  hasSensitive: ReadonlySet<string>,
  above: readonly string[],
): readonly string[] {
  switch (type.kind) {
    case "nullable":
      return pathsIn(type.type, path, types, hasSensitive, above);
    case "list":
      return pathsIn(type.items, `${path}.*`, types, hasSensitive, above);
    case "map":
      return pathsIn(type.values, `${path}.*`, types, hasSensitive, above);
    case "ref": {
      const named = types.get(type.name);
      if (named === undefined || !hasSensitive.has(type.name)) {
        return [];
      }
      if (above.includes(type.name)) {
        return [path];
      }
      const inner = [...above, type.name];
      if (named.kind === "object") {
        return named.fields.flatMap((field) =>
          field.sensitive
            ? [`${path}.${field.name}`]
            : pathsIn(field.type, `${path}.${field.name}`, types, hasSensitive, inner),
        );
      }
      return innerTypes(named).flatMap((each) => pathsIn(each, path, types, hasSensitive, inner));
    }
    default:
      return [];
  }
}

/** Whether the type has a sensitive field, or contains a type that has one. */
function reaches(start: NamedType, types: ReadonlyMap<string, NamedType>): boolean {
  const seen = new Set<string>();
  const todo = [start];
  for (let type = todo.pop(); type !== undefined; type = todo.pop()) {
    if (type.kind === "object" && type.fields.some((field) => field.sensitive)) {
      return true;
    }
    for (const name of innerTypes(type).flatMap(namesIn)) {
      const inner = types.get(name);
      if (inner !== undefined && !seen.has(name)) {
        seen.add(name);
        todo.push(inner);
      }
    }
  }
  return false;
}

function innerTypes(type: NamedType): readonly Type[] {
  switch (type.kind) {
    case "object":
      return type.fields.map((field) => field.type);
    case "union":
      return type.variants.map(({ type: name }) => ({ kind: "ref", name }));
    case "alias":
      return [type.type];
    case "enum":
      return [];
  }
}
