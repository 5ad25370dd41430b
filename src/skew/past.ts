import type { FormerParam, Method, NamedType, Param, Service } from "../compiler/model.js";
import { typeText } from "../compiler/types.js";
import { compareVersions } from "../compiler/versions.js";
import { isUsers, nameIn, shapeAt, typeIn } from "./shapes.js";

/** A service as it was when one of its versions was its newest: what a server that has not been upgraded runs. */
export interface PastService {
  readonly service: Service;
  readonly methods: readonly PastMethod[];
}

/** A method of the past, beside what has become of it. */
export interface PastMethod {
  readonly today: Method;
  readonly method: Method;
}

/** What a run decides for the user: converters, and the former values of defaults. */
export interface Former {
  /** Asks for a converter between two shapes of a parameter, and gives the name under which the runtime finds it. */
  between(method: Method, param: Param, from: number, to: number): string;
  /** Asks for a converter that puts what it is given into a box. */
  box(converter: string): string;
  /** One of today's values in a shape of the past. */
  valueIn(method: Method, param: Param, shape: number, value: unknown): unknown;
}

/** What the definition was at a version; at the newest one this is the definition itself, with converters of our own. */
export function serviceAt(service: Service, version: string, former: Former): PastService {
  const methods = service.methods
    .filter(({ interval }) => existed(interval, version))
    .map((today) => ({ today, method: methodAt(today, version, former) }));
  return {
    service: {
      ...service,
      versions: service.versions.filter((entry) => compareVersions(entry.version, version) <= 0),
      releases: [],
      periodic: [],
      methods: methods.map(({ method }) => method),
      types: service.types.map((type) => typeAt(type, version)),
    },
    methods,
  };
}

/** An object without the fields that it did not have yet. */
function typeAt(today: NamedType, version: string): NamedType {
  if (today.kind !== "object") return today;
  const { object, fields } = today;
  const former = today.was[shapeAt(today.was, version)];
  const was = today.was.filter(({ before }) => compareVersions(before, version) <= 0);
  return {
    ...today,
    fields: fields.filter(({ name }) => former?.without.includes(name) !== true),
    ...(object === undefined ? {} : { object: { ...object, version: former?.version ?? object.version } }),
    was,
  };
}

function methodAt(today: Method, version: string, former: Former): Method {
  const params = today.params
    .filter(({ interval }) => existed(interval, version))
    .map((param) => paramAt(today, param, version, former));
  return {
    ...today,
    name: nameIn(today, shapeAt(today.was, version)),
    interval: intervalAt(today.interval, version),
    was: today.was.filter(({ before }) => compareVersions(before, version) <= 0),
    params,
  };
}

function paramAt(method: Method, today: Param, version: string, former: Former): Param {
  const shape = shapeAt(today.was, version);
  const { constraints, default: fallback, convert, ...rest } = today;
  const isConverted = today.was[shape]?.convert !== undefined;
  return {
    ...rest,
    name: nameIn(today, shape),
    type: typeIn(today, shape),
    constraints: isConverted ? {} : constraints,
    interval: intervalAt(today.interval, version),
    ...(fallback === undefined ? {} : { default: { value: former.valueIn(method, today, shape, fallback.value) } }),
    ...(convert === undefined ? {} : { convert: convertAt(convert, version, former) }),
    was: today.was.slice(0, shape).map((entry, index) => formerAt(method, today, entry, index, shape, former)),
  };
}

/** A converter that ended later had no end yet. */
function convertAt(
  { name, before }: NonNullable<Param["convert"]>,
  version: string,
  former: Former,
): NonNullable<Param["convert"]> {
  const own = isUsers(name) ? former.box(name) : name;
  return before === undefined || compareVersions(version, before) < 0 ? { name: own } : { name: own, before };
}

/** A shape that was a former one already. */
function formerAt(
  method: Method,
  param: Param,
  entry: FormerParam,
  index: number,
  shape: number,
  former: Former,
): FormerParam {
  const { convert, type, ...rest } = entry;
  const present = param.was[shape];
  // Without a name it had the one of today, which need not be that of the shape at the version.
  const renamed = { ...rest, name: nameIn(param, index) };
  const isOther =
    convert !== present?.convert ||
    (convert !== undefined && typeText(typeIn(param, index)) !== typeText(typeIn(param, shape)));
  if (!isOther) return type === undefined ? renamed : { ...renamed, type };
  const isBuiltIn = present === undefined && convert !== undefined && !isUsers(convert);
  const name = isBuiltIn ? convert : former.between(method, param, shape, index);
  return { ...renamed, type: typeIn(param, index), convert: name };
}

function existed({ since }: Method["interval"], version: string): boolean {
  return compareVersions(since, version) <= 0;
}

function intervalAt({ since, until }: Method["interval"], version: string): Method["interval"] {
  return until === undefined || compareVersions(version, until) < 0 ? { since } : { since, until };
}
