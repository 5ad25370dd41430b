import type { ValueCodec } from "./codec.js";
import type { Converters } from "./converters.js";
import type { ParamDescriptor } from "./descriptor.js";
import type { Encoder } from "./encoding.js";
import { compilePath } from "./paths.js";
import { latest, type Ordinal, ordinalOf } from "./version.js";
import { anyText, stringText } from "./wire/escaped.js";

type Args = Readonly<Record<string, unknown>>;

/** What the cap makes of one parameter. */
export interface SentParam {
  readonly name: string;
  readonly wireName: string;
  readonly descriptor: ParamDescriptor;
  /** `new`: above the cap; `gone`: its `until` is at or below the cap. */
  readonly state: "sent" | "new" | "gone";
  /** The first version that knows the parameter in the shape that is sent. */
  readonly since: Ordinal;
  /** What is sent where the caller gave none; converted already. */
  readonly fill: unknown;
  /** The name and its colon, printed. */
  readonly key: string;
  /** Prints values of today's type; none where the cap's shape is another. */
  readonly encoder: Encoder | undefined;
  /** A converter such as utcnow makes a value where the caller gave none. */
  readonly makesItsValue: boolean;
  /** @param routed the arguments with the defaults of those which paths read */
  read(args: Args, routed: Args): unknown;
  /** The value as it is on the wire, for the general way of printing. */
  encode(value: unknown): unknown;
}

/** Undefined for what has no place in JSON, as in an object that `JSON.stringify` prints. */
export function printValue(param: SentParam, value: unknown): string | { readonly error: unknown } | undefined {
  if (param.encoder !== undefined && value !== undefined) {
    try {
      // An encoder takes anything, and prints what is not of its type the general way.
      return param.encoder(value as never);
    } catch (error) {
      return { error };
    }
  }
  const wire = param.encode(value);
  if (wire === undefined || typeof wire === "function" || typeof wire === "symbol") return undefined;
  try {
    return anyText(wire);
  } catch (error) {
    return { error };
  }
}

interface SendingParts {
  readonly cap: Ordinal;
  readonly codec: ValueCodec;
  readonly converters: Converters;
  readonly envelopes: readonly string[];
  readonly encoder: Encoder | undefined;
}

export function sentParam(
  name: string,
  descriptor: ParamDescriptor,
  { cap, codec, converters, envelopes, encoder }: SendingParts,
): SentParam {
  const since = ordinalOf(descriptor.since ?? "0.0");
  const isGone = descriptor.until !== undefined && cap >= ordinalOf(descriptor.until);
  const former = descriptor.was?.find(({ before }) => cap < ordinalOf(before));
  const changes = [...(descriptor.was ?? []).map(({ before }) => before), descriptor.convert?.before ?? "0.0"];
  const past = changes.filter((before) => ordinalOf(before) <= cap);
  const convert = descriptor.convert;
  const isConverted = convert !== undefined && (convert.before === undefined || cap < ordinalOf(convert.before));
  // What is not sent needs no converter, so that a client needs only those of the versions that it speaks.
  const isSent = !isGone && cap >= since;
  const encoders = (isSent ? [isConverted ? convert.name : undefined, former?.convert] : [])
    .filter((converter) => converter !== undefined)
    .map((converter) => converters.get(converter));
  const path = descriptor.from === undefined ? undefined : compilePath(descriptor.from, converters, envelopes);
  const constant = descriptor.const;
  const convertAll = (value: unknown): unknown =>
    encoders.reduce((result, converter) => converter.encode(result as never), value);
  const ownFill = descriptor.fill === undefined ? undefined : convertAll(descriptor.fill);
  // A former shape's fill is written in its own type, which is the wire's.
  const fill = former?.fill === undefined ? ownFill : former.fill;
  // How the value differs on the wire; none for what a converter has made, which is the wire's value already.
  const form =
    former?.convert !== undefined ? former.codec : isConverted ? undefined : (former?.codec ?? descriptor.codec);
  const wireName = former?.name ?? name;
  return {
    name,
    wireName,
    key: `${stringText(wireName)}:`,
    descriptor,
    state: isGone ? "gone" : cap < since ? "new" : "sent",
    since: Math.max(latest(descriptor.since, ...past), codec.since(form)),
    fill,
    encoder:
      isConverted || former?.convert !== undefined || former?.codec !== undefined || codec.hasFormer(form)
        ? undefined
        : encoder,
    makesItsValue: isConverted && convert.name === "utcnow",
    read:
      "const" in descriptor ? () => constant : path === undefined ? argumentReader(name) : (_, routed) => path(routed),
    encode: (value) => codec.encode(value === undefined && fill !== undefined ? fill : convertAll(value), form),
  };
}

/** Reads one argument. What every object has under its name, such as `toString`, is none. */
export function argumentReader(name: string): (args: Args) => unknown {
  // Few names are such, and the others are read for each request.
  if (!(name in Object.prototype)) return (args) => args[name];
  return (args) => (Object.hasOwn(args, name) ? args[name] : undefined);
}

/** The one of two refused parameters that needs the newer version. */
export function newer(param: SentParam, other: SentParam | undefined): SentParam {
  return other === undefined || param.since > other.since ? param : other;
}
