import { isRuntimes } from "../converters.js";
import type { Field, Method, NamedType, Param, Service, Type } from "../model.js";
import { functionsOf, keysOf, serverPaths, topicPaths } from "../routes.js";
import { typeText } from "./typescript.js";

/** A converter which the user passes, with the TypeScript of both its sides. */
export interface ConverterView {
  readonly name: string;
  readonly value: string;
  readonly wire: string;
  /** A client that sends the newest version needs it; otherwise only one with a version cap may. */
  readonly isCurrent: boolean;
  /** Used by paths alone: a server has no use for it. */
  readonly onlyRoutes: boolean;
}

/** The converters of the user which the service names, in order of first use. One that is used twice takes either value. */
export function convertersOf(service: Service): readonly ConverterView[] {
  const found = new Map<
    string,
    { readonly values: Set<string>; readonly wires: Set<string>; isCurrent: boolean; onlyRoutes: boolean }
  >();
  for (const { name, value, wire, isCurrent, onlyRoutes = false } of service.methods.flatMap((method) =>
    usesOf(service, method),
  )) {
    const uses = found.get(name) ?? { values: new Set(), wires: new Set(), isCurrent: false, onlyRoutes: true };
    uses.values.add(value === undefined ? "unknown" : typeText(value));
    uses.wires.add(wire === undefined ? "unknown" : typeText(wire));
    uses.isCurrent ||= isCurrent;
    uses.onlyRoutes &&= onlyRoutes;
    found.set(name, uses);
  }
  return [...found].map(([name, { values, wires, isCurrent, onlyRoutes }]) => {
    return { name, value: union(values), wire: union(wires), isCurrent, onlyRoutes };
  });
}

interface Use {
  readonly name: string;
  /** Today's type; undefined where it is not known. */
  readonly value: Type | undefined;
  readonly wire?: Type | undefined;
  readonly isCurrent: boolean;
  readonly onlyRoutes?: boolean;
}

function usesOf(service: Service, method: Method): readonly Use[] {
  const params = method.params.flatMap((param): readonly Use[] => [
    ...(param.convert === undefined ? [] : [convertUse(service, method, param, param.convert.name)]),
    ...param.was.flatMap(({ convert, type }) =>
      convert === undefined ? [] : [{ name: convert, value: param.type, wire: type, isCurrent: false }],
    ),
    ...(param.from === undefined ? [] : pathUses(service, method, param.from, param.type)),
  ]);
  const routes = [...serverPaths(method), ...topicPaths(method)];
  const uses = [...params, ...routes.flatMap((path) => pathUses(service, method, path, maybeText))];
  return uses.filter(({ name }) => !isRuntimes(name));
}

/** A parameter that is taken from elsewhere is converted from the type there to its own. */
function convertUse(service: Service, method: Method, { type, from, convert, interval }: Param, name: string): Use {
  const isCurrent =
    convert?.before === undefined && interval.until === undefined && method.interval.until === undefined;
  if (from === undefined) return { name, value: type, isCurrent };
  const source = functionsOf(from).length > 0 ? undefined : typeAt(service, method.params, keysOf(from));
  return { name, value: source, wire: type, isCurrent };
}

/**
 * `volume.host | first | second`: the first function takes the path's value, each other one what the one before gave.
 *
 * @param result what the last one makes
 */
function pathUses(service: Service, method: Method, path: string, result: Type): readonly Use[] {
  const value = typeAt(service, method.params, keysOf(path));
  const functions = functionsOf(path);
  return functions.map((name, index) => ({
    name,
    value: index === 0 ? value : text,
    wire: index === functions.length - 1 ? result : text,
    isCurrent: true,
    onlyRoutes: true,
  }));
}

const text: Type = { kind: "scalar", scalar: "string" };

/** A function that finds no server, or no part of a topic, gives null. */
const maybeText: Type = { kind: "nullable", type: text };

/** The type at a path; undefined where the path goes into what the definition does not describe. */
function typeAt(service: Service, params: readonly Field[], path: readonly string[]): Type | undefined {
  const types = new Map(service.types.map((type) => [type.name, type]));
  const [start, ...rest] = path;
  let type = params.find(({ name }) => name === start)?.type;
  for (const key of rest) {
    type = stepInto(type, key, types);
  }
  // A path whose value is null counts as not set, and its function is not called.
  return type?.kind === "nullable" ? type.type : type;
}

function stepInto(type: Type | undefined, key: string, types: ReadonlyMap<string, NamedType>): Type | undefined {
  switch (type?.kind) {
    case "nullable":
      return stepInto(type.type, key, types);
    case "list":
      return type.items;
    case "map":
      return type.values;
    case "ref": {
      const named = types.get(type.name);
      if (named?.kind === "alias") {
        return stepInto(named.type, key, types);
      }
      return named?.kind === "object" ? named.fields.find(({ name }) => name === key)?.type : undefined;
    }
    default:
      return undefined;
  }
}

function union(texts: ReadonlySet<string>): string {
  return texts.has("unknown") ? "unknown" : [...texts].join(" | ");
}
