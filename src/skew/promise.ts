import type { Method, Param } from "../compiler/model.js";
import { builtInFunction, functionsOf, keysOf } from "../compiler/routes.js";
import { compareVersions, inInterval } from "../compiler/versions.js";
import { canonical } from "./canonical.js";
import type { ParamValues } from "./param-values.js";
import type { Args } from "./scenarios.js";
import { madeUp, nameIn, shapeAt } from "./shapes.js";

/** A refusal by the client which the definition asks for. */
export interface SaidRefusal {
  /** Absent where the method is refused, whatever its arguments are. */
  readonly param?: Param;
  /** The class of the error. */
  readonly error: string;
}

/** What the definition says that a client at a cap refuses: made from the Model alone, without the runtime. */
export function refusalsAt(method: Method, cap: string, args: Args): readonly SaidRefusal[] {
  const whole = inInterval(method.interval, cap) ? [] : [{ error: method.tooOld?.error ?? "VersionCapError" }];
  const params = method.params.filter((param) => {
    if (param.local || compareVersions(cap, param.interval.since) >= 0 || param.whenOlder === "drop") return false;
    const given = givenValue(param, args, method);
    if (given === undefined || given === null) return false;
    return param.default === undefined || canonical(given) !== canonical(param.default.value);
  });
  const refused = params.map((param) => ({
    param,
    error: typeof param.whenOlder === "object" ? param.whenOlder.error : "VersionCapError",
  }));
  return [...whole, ...refused];
}

/** What a manager must see of one argument. */
export interface Seen {
  readonly param: Param;
  /** The argument's name at the server's version. */
  readonly name: string;
  /** One of these texts; no text for an argument that is not there. Undefined where a converter makes the value. */
  readonly texts: readonly (string | undefined)[] | undefined;
}

/** What the manager of a server must see when a client at a cap has sent these arguments: again from the Model alone. */
export function seenAt(
  method: Method,
  cap: string,
  server: string,
  args: Args,
  valuesOf: (param: Param) => ParamValues,
): readonly Seen[] {
  return method.params
    .filter(({ local, interval }) => !local && inInterval(interval, server))
    .map((param) => {
      const shape = shapeAt(param.was, server);
      const given = givenValue(param, args, method);
      return { param, name: nameIn(param, shape), texts: textsOf(param, shape, cap, server, given, valuesOf(param)) };
    });
}

function textsOf(
  param: Param,
  shape: number,
  cap: string,
  server: string,
  given: unknown,
  values: ParamValues,
): Seen["texts"] {
  const { interval, convert, default: fallback } = param;
  const absent = fallback === undefined ? undefined : canonical(values.in(shape, fallback.value));
  const isLeftOut = compareVersions(cap, interval.since) < 0 && compareVersions(cap, server) <= 0;
  if (isLeftOut) {
    // Null is left out where an argument with a value would be refused; then nothing else may come of it.
    if (given !== null || param.whenOlder === "drop") return [absent];
    return fallback === undefined ? [undefined, "null"] : ["null"];
  }
  const isConverted = convert !== undefined && isBefore(server, convert.before);
  if (isConverted && convert.name === "utcnow") return undefined;
  const value = given ?? (given === null ? null : fillOf(param, cap, values));
  if (value === undefined) return [absent];
  const seen = values.in(shape, values.knownAt(cap, value));
  if (seen === madeUp) return undefined;
  return [canonical((isConverted ? builtInFunction(convert.name)?.(seen) : undefined) ?? seen)];
}

/** What the client sends for nothing, as a value of today. */
function fillOf(param: Param, cap: string, values: ParamValues): unknown {
  const shape = shapeAt(param.was, cap);
  const former = param.was[shape]?.fill;
  if (former !== undefined) return values.todayOf(shape, former.value);
  return param.fill !== undefined && inInterval(param.interval, cap) ? param.fill.value : undefined;
}

/** What the caller's arguments say for a parameter: itself, a constant, or something from another argument. */
export function givenValue(param: Param, args: Args, method: Method): unknown {
  if (param.const !== undefined) return param.const.value;
  return param.from === undefined ? ownValue(args, param.name) : valueAt(param.from, args, method);
}

function ownValue(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** An argument that is left out counts with its default there. */
function valueAt(path: string, args: Args, { params }: Method): unknown {
  const [first = "", ...keys] = keysOf(path);
  let value = ownValue(args, first);
  if (value === undefined) value = params.find(({ name }) => name === first)?.default?.value;
  for (const key of keys) value = ownValue(value, key);
  // A function of the user's is one that changes nothing here.
  return functionsOf(path).reduce((result, name) => {
    const make = builtInFunction(name);
    return make === undefined ? result : make(result);
  }, value);
}

function isBefore(version: string, before: string | undefined): boolean {
  return before === undefined || compareVersions(version, before) < 0;
}
