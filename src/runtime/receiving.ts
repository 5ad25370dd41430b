import type { ValueCodec } from "./codec.js";
import type { Converters } from "./converters.js";
import type { Codec, Converter, Interval, MethodDescriptor, ParamDescriptor, ServiceDescriptor } from "./descriptor.js";
import { InvalidArgumentsError, type Violation } from "./errors.js";
import { majorOf, newestByMajor, type Ordinal, ordinalOf, servedVersion } from "./version.js";
import { isRecord } from "./wire/envelope.js";

/** A method as a request of one version names it. */
export interface ReceivedMethod {
  /** The newest name: the key of the descriptor and of the dispatcher's table. */
  readonly name: string;
  readonly descriptor: MethodDescriptor;
  /**
   * The arguments in the newest shape: old names mapped, former types converted, defaults filled, ended ones gone.
   *
   * @throws {InvalidArgumentsError} when the arguments are no object, or one of them is not of the method
   */
  readArgs(args: unknown): Record<string, unknown>;
}

/** Understands requests of every version that a definition lists. */
export class Receiving {
  readonly #service: ServiceDescriptor;
  readonly #codec: ValueCodec;
  readonly #converters: Converters;
  readonly #newest: ReadonlyMap<number, Ordinal>;
  /** By version, then by wire name. Bounded by the versions that are served. */
  readonly #methods = new Map<Ordinal, ReadonlyMap<string, ReceivedMethod>>();

  /** @throws {TypeError} when a converter of the definition is missing */
  constructor(service: ServiceDescriptor, codec: ValueCodec, converters: Converters) {
    this.#service = service;
    this.#codec = codec;
    this.#converters = converters;
    this.#newest = newestByMajor(service);
    // A missing converter is an error here, and not at the first request that needs it.
    for (const name of convertersIn(service)) converters.get(name);
  }

  /** The version in which a request speaks, or undefined when this service does not serve it. */
  served(namespace: string | undefined, version: string | null): Ordinal | undefined {
    return namespace === this.#service.namespace ? servedVersion(this.#newest, version) : undefined;
  }

  /** The method with a wire name at a version. */
  method(version: Ordinal, wireName: string): ReceivedMethod | undefined {
    let methods = this.#methods.get(version);
    if (methods === undefined) {
      methods = this.#methodsAt(version);
      this.#methods.set(version, methods);
    }
    return methods.get(wireName);
  }

  /**
   * A label says the lowest version that understands a request, and a peer may have put it too low. So what came later
   * in the same major is accepted as well; where both have a name, the label decides.
   */
  #methodsAt(version: Ordinal): ReadonlyMap<string, ReceivedMethod> {
    const newest = this.#newest.get(majorOf(version)) ?? version;
    const methods = new Map<string, ReceivedMethod>();
    for (const [name, descriptor] of Object.entries(this.#service.methods)) {
      if (!overlaps(descriptor, version, newest)) continue;
      const received: ReceivedMethod = { name, descriptor, ...this.#argsReader(name, descriptor, version, newest) };
      for (const shape of shapesOf(name, descriptor, descriptor.was ?? [])) {
        if (!overlaps(shape, version, newest)) continue;
        if (holds(shape, version) || !methods.has(shape.name)) methods.set(shape.name, received);
      }
    }
    return methods;
  }

  #argsReader(
    method: string,
    descriptor: MethodDescriptor,
    version: Ordinal,
    newest: Ordinal,
  ): Pick<ReceivedMethod, "readArgs"> {
    const codec = this.#codec;
    const details = { service: this.#service.name, method };
    const params: readonly ReceivedParam[] = Object.entries(descriptor.params ?? {}).flatMap(([name, param]) =>
      param.local === true ? [] : [this.#param(name, param, version, newest)],
    );
    const known = ownersOf(params);
    return {
      readArgs(args) {
        if (!isRecord(args)) throw new InvalidArgumentsError([{ path: "", message: "must be an object" }], details);
        for (const name of Object.keys(args)) {
          if (known.has(name)) continue;
          const unknown = Object.keys(args).filter((name) => !known.has(name));
          throw new InvalidArgumentsError(unknown.map(notAParameter), details);
        }
        const read: Record<string, unknown> = {};
        for (const param of params) {
          if (param.isGone) continue;
          const shape = shapeIn(args, param, known);
          const value =
            shape === undefined
              ? param.defaultValue()
              : shape.decode(codec.decode(args[shape.wireName], shape.codec), args);
          if (value !== undefined) read[param.name] = value;
        }
        return read;
      },
    };
  }

  #param(name: string, param: ParamDescriptor, version: Ordinal, newest: Ordinal): ReceivedParam {
    const shapes = shapesOf(name, param, param.was ?? [])
      .filter((shape) => overlaps(shape, version, newest))
      .map((shape) => this.#shape(shape, param, version));
    const fallback = param.default;
    const isData = typeof fallback === "object" && fallback !== null;
    return {
      name,
      // Where two shapes have been valid since the label, the label's own comes first.
      shapes: shapes.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent)),
      isGone: param.until !== undefined && Math.max(...this.#newest.values()) >= ordinalOf(param.until),
      // A manager may change its arguments, so each request has its own copy.
      defaultValue: isData ? () => structuredClone(fallback) : () => fallback,
    };
  }

  #shape(shape: Shape, param: ParamDescriptor, version: Ordinal): ReceivedShape {
    const { convert } = param;
    const isConverted = convert !== undefined && (convert.before === undefined || version < ordinalOf(convert.before));
    const decoders = [shape.former?.convert, isConverted ? convert.name : undefined]
      .filter((converter) => converter !== undefined)
      .map((converter): Converter<unknown> => this.#converters.get(converter));
    return {
      wireName: shape.name,
      isCurrent: holds(shape, version),
      codec:
        shape.former?.convert !== undefined
          ? shape.former.codec
          : isConverted && !this.#converters.isBuiltIn(convert.name)
            ? undefined
            : (shape.former?.codec ?? param.codec),
      decode: (value, args) =>
        decoders.length === 0
          ? value
          : decoders.reduce((result, { decode }) => (decode === undefined ? result : decode(result, args)), value),
    };
  }
}

/** The shape in which the arguments have the parameter. */
function shapeIn(
  args: Readonly<Record<string, unknown>>,
  param: ReceivedParam,
  owners: ReadonlyMap<string, ReceivedParam>,
): ReceivedShape | undefined {
  for (const shape of param.shapes) {
    if (owners.get(shape.wireName) === param && Object.hasOwn(args, shape.wireName)) return shape;
  }
  return undefined;
}

/** Whose each name on the wire is: the parameter's that has it at the label, before one that had or got it at another time. */
function ownersOf(params: readonly ReceivedParam[]): ReadonlyMap<string, ReceivedParam> {
  const owners = new Map<string, ReceivedParam>();
  for (const isCurrent of [true, false]) {
    for (const param of params) {
      for (const shape of param.shapes) {
        if (shape.isCurrent === isCurrent && !owners.has(shape.wireName)) owners.set(shape.wireName, param);
      }
    }
  }
  return owners;
}

interface ReceivedParam {
  readonly name: string;
  readonly shapes: readonly ReceivedShape[];
  /** Has ended at the newest version: accepted from older callers, and not handed on. */
  readonly isGone: boolean;
  defaultValue(): unknown;
}

interface ReceivedShape {
  readonly wireName: string;
  readonly isCurrent: boolean;
  readonly codec: Codec | undefined;
  decode(value: unknown, args: Readonly<Record<string, unknown>>): unknown;
}

/** How a method or parameter looks on the wire in one interval. */
interface Shape extends Interval {
  readonly name: string;
  readonly former?: { readonly convert?: string; readonly codec?: Codec };
}

interface Former {
  readonly before: string;
  readonly name?: string;
  readonly convert?: string;
  readonly codec?: Codec;
}

/** The shapes over time, oldest first: each former one until its `before`, then today's. */
function shapesOf(name: string, whole: Interval, was: readonly Former[]): readonly Shape[] {
  const starts = [whole.since, ...was.map(({ before }) => before)];
  const former = was.map((entry, index) => ({
    name: entry.name ?? name,
    ...interval(starts[index], entry.before),
    former: entry,
  }));
  return [...former, { name, ...interval(starts.at(-1), whole.until) }];
}

function interval(since: string | undefined, until: string | undefined): Interval {
  return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}

function holds({ since, until }: Interval, version: Ordinal): boolean {
  return (since === undefined || ordinalOf(since) <= version) && (until === undefined || version < ordinalOf(until));
}

function overlaps({ since, until }: Interval, from: Ordinal, to: Ordinal): boolean {
  return (since === undefined || ordinalOf(since) <= to) && (until === undefined || from < ordinalOf(until));
}

/** The converters that some version's requests need; what only routes is the client's. */
function convertersIn({ methods }: ServiceDescriptor): readonly string[] {
  const params = Object.values(methods).flatMap(({ params = {} }) => Object.values(params));
  return params.flatMap(({ convert, was = [] }) =>
    [convert?.name, ...was.map((former) => former.convert)].filter((name) => name !== undefined),
  );
}

function notAParameter(name: string): Violation {
  return { path: name, message: "is not a parameter of the method" };
}
