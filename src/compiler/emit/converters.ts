import { builtInConverters } from "../converters.js";
import type { Field, Method, NamedType, Param, Service, Type } from "../model.js";
import { typeText } from "./typescript.js";

/** A converter which the user passes, with the TypeScript of both its sides. */
export interface ConverterView {
  readonly name: string;
  readonly value: string;
  readonly wire: string;
  /** A client that sends the newest version needs it; otherwise only one with a version cap may. */
  readonly isCurrent: boolean;
}

/** The converters of the user which the service names, in order of first use. One that is used twice takes either value. */
export function convertersOf(service: Service): readonly ConverterView[] {
  const found = new Map<string, { readonly values: Set<string>; readonly wires: Set<string>; isCurrent: boolean }>();
  for (const { name, value, wire, isCurrent } of service.methods.flatMap((method) => usesOf(service, method))) {
    const uses = found.get(name) ?? { values: new Set(), wires: new Set(), isCurrent: false };
    uses.values.add(value === undefined ? "unknown" : typeText(value));
    uses.wires.add(wire === undefined ? "unknown" : typeText(wire));
    uses.isCurrent ||= isCurrent;
    found.set(name, uses);
  }
  return [...found].map(([name, { values, wires, isCurrent }]) => {
    return { name, value: union(values), wire: union(wires), isCurrent };
  });
}

interface Use {
  readonly name: string;
  /** Today's type; undefined where it is not known. */
  readonly value: Type | undefined;
  readonly wire?: Type | undefined;
  readonly isCurrent: boolean;
}

function usesOf(service: Service, method: Method): readonly Use[] {
  const params = method.params.flatMap((param): readonly Use[] => [
    ...(param.convert === undefined ? [] : [convertUse(service, method, param, param.convert.name)]),
    ...param.was.flatMap(({ convert, type }) =>
      convert === undefined ? [] : [{ name: convert, value: param.type, wire: type, isCurrent: false }],
    ),
    ...(param.from === undefined ? [] : pathUses(service, method, param.from)),
  ]);
  const routes = [
    ...method.server,
    ...method.topic.flatMap(({ value }) => [...value.matchAll(/\{([^}]*)\}/g)].map(([, path = ""]) => path)),
  ];
  const uses = [...params, ...routes.flatMap((path) => pathUses(service, method, path))];
  return uses.filter(({ name }) => !builtInConverters.has(name));
}

/** A parameter that is taken from elsewhere is converted from the type there to its own. */
function convertUse(service: Service, method: Method, { type, from, convert, interval }: Param, name: string): Use {
  const isCurrent =
    convert?.before === undefined && interval.until === undefined && method.interval.until === undefined;
  if (from === undefined) return { name, value: type, isCurrent };
  const [route = "", ...functions] = from.split("|").map((part) => part.trim());
  const source = functions.length > 0 ? undefined : typeAt(service, method.params, route.split("."));
  return { name, value: source, wire: type, isCurrent };
}

/** `volume.host | first | second`: the first function takes the path's value, each other one what the one before gave. */
function pathUses(service: Service, method: Method, path: string): readonly Use[] {
  const [route = "", ...functions] = path.split("|").map((part) => part.trim());
  const value = typeAt(service, method.params, route.split("."));
  return functions.map((name, index) => ({ name, value: index === 0 ? value : undefined, isCurrent: true }));
}

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
