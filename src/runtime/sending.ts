import { isDeepStrictEqual } from "node:util";
import type { ValueCodec } from "./codec.js";
import type { Converters } from "./converters.js";
import type {
  ChosenKind,
  DeclaredRefusal,
  MethodDescriptor,
  MethodKind,
  ParamDescriptor,
  ServiceDescriptor,
  Version,
} from "./descriptor.js";
import type { Encoder, MethodEncoders } from "./encoding.js";
import { EncodingError, type ErrorDetails, InvalidTargetError, VersionCapError } from "./errors.js";
import { compilePath, compileTemplate, envelopesOf, isSet, type PathReader } from "./paths.js";
import { majorOf, type Ordinal, oldestByMajor, ordinalOf, valueAt, versionOf } from "./version.js";
import { anyText, stringText } from "./wire/escaped.js";
import { type RequestFrame, requestFrame } from "./wire/request.js";

/** What a call of a method becomes at the client's version cap. */
export interface PreparedRequest {
  readonly kind: MethodKind;
  /** The method's name on the wire. */
  readonly method: string;
  /** The label: the lowest version, in the cap's major, that has the method and every argument that is sent. */
  readonly version: Version;
  /** Method, namespace and version as they go into the envelope. */
  readonly frame: RequestFrame;
  /** The arguments as they go into the envelope: printed, and escaped for a JSON string. */
  readonly args: string;
  readonly topic: string;
  /** Undefined where the topic's queue takes the request. */
  readonly server: string | undefined;
}

type Args = Readonly<Record<string, unknown>>;

/**
 * Makes requests of one method at one version cap. All that depends on the cap alone is decided here, once; a request
 * then costs one walk over the parameters.
 *
 * The shape that is sent is the shape at the cap. The label says from which version on a server understands it.
 */
export class Sending {
  readonly #service: ServiceDescriptor;
  readonly #name: string;
  readonly #method: MethodDescriptor;
  readonly #cap: Ordinal;
  readonly #wireName: string;
  readonly #label: Ordinal;
  readonly #fixedLabel: Version | undefined;
  readonly #kind: MethodKind | ChosenKind;
  readonly #topic: (args: Args) => string | undefined;
  readonly #servers: readonly PathReader[];
  readonly #params: readonly SentParam[];
  /** Why the cap refuses the method, whatever its arguments. */
  readonly #refused: { readonly since: Ordinal } | undefined;
  /** What all requests with one label have in common, by the label. */
  readonly #labelled = new Map<Ordinal, Pick<PreparedRequest, "version" | "frame">>();

  /** @param encoders of the parameters, for what goes out in today's shape */
  constructor(
    service: ServiceDescriptor,
    name: string,
    cap: Ordinal,
    codec: ValueCodec,
    converters: Converters,
    encoders: MethodEncoders["params"] = {},
  ) {
    const method = service.methods[name];
    if (method === undefined) throw new TypeError(`${service.name} has no method ${name}`);
    this.#service = service;
    this.#name = name;
    this.#method = method;
    this.#cap = cap;
    const renamed = method.was?.find((former) => cap < ordinalOf(former.before));
    this.#wireName = renamed?.name ?? name;
    const since = latest(
      method.since,
      ...(method.was ?? []).map(({ before }) => before).filter((before) => ordinalOf(before) <= cap),
    );
    this.#label = labelWithoutEnded(method, Math.max(since, oldestByMajor(service).get(majorOf(cap)) ?? 0), cap);
    this.#fixedLabel = valueAt(method.label, cap);
    this.#kind = valueAt(method.kind, cap) ?? "call";
    const envelopes = envelopesOf(service);
    this.#topic = compileTemplate(valueAt(method.topic, cap) ?? service.topic, converters, envelopes);
    this.#servers = (method.server ?? []).map((path) => compilePath(path, converters, envelopes));
    this.#params = Object.entries(method.params ?? {}).flatMap(([param, descriptor]) => {
      const chooses = typeof this.#kind === "object" && this.#kind.by === param;
      return descriptor.local === true || chooses
        ? []
        : [sentParam(param, descriptor, { cap, codec, converters, envelopes, encoder: encoders[param] })];
    });
    const from = ordinalOf(method.since ?? service.versions[0] ?? "0.0");
    const isGone = method.until !== undefined && cap >= ordinalOf(method.until);
    this.#refused = cap < from || isGone ? { since: from } : undefined;
  }

  /**
   * Makes the request of one call.
   *
   * @throws {VersionCapError} or the declared error, when the cap does not allow the method or an argument
   * @throws {InvalidTargetError} when no path names a server
   * @throws {EncodingError} when an argument has no JSON form
   */
  prepare(args: Args, server: string | undefined): PreparedRequest {
    if (this.#refused !== undefined) throw this.#tooOld(this.#refused.since, args);
    const kind = this.#chosenKind(args);
    let text = "";
    let failure: unknown;
    let label = this.#label;
    let newest: SentParam | undefined;
    for (const param of this.#params) {
      if (param.state === "gone") continue;
      const value = param.read(args);
      if (param.state === "new") {
        if (this.#refuses(param, value)) newest = newer(param, newest);
        continue;
      }
      if (value === undefined && param.fill === undefined && !param.makesItsValue) continue;
      const printed = print(param, value);
      if (printed === undefined) continue;
      if (typeof printed === "string") text += text === "" ? param.key + printed : `,${param.key}${printed}`;
      else failure ??= printed.error;
      if (param.since > label) label = param.since;
    }
    if (newest !== undefined) throw this.#notAllowed(newest);
    const { version, frame } = this.#labelledAs(label);
    const prepared = {
      kind,
      method: this.#wireName,
      version,
      frame,
      args: `{${text}}`,
      topic: this.#topicOf(args),
      server: kind === "fanout" ? undefined : (server ?? this.#serverOf(args)),
    };
    if (failure !== undefined) throw this.#notEncodable(failure, prepared);
    return prepared;
  }

  /** Whether the cap allows the method, and these arguments where some are given. */
  allows(args: object = {}): boolean {
    if (this.#refused !== undefined) return false;
    const given: Args = { ...args };
    return this.#params.every((param) => param.state !== "new" || !this.#refuses(param, param.read(given)));
  }

  /** The method's kind for these arguments: the caller's choice where the definition gives it. */
  #chosenKind(args: Args): MethodKind {
    if (typeof this.#kind === "string") return this.#kind;
    const { by } = this.#kind;
    const choice = args[by] ?? this.#kind.default ?? this.#method.params?.[by]?.default;
    return this.#kind[choice === true ? "true" : "false"];
  }

  /** The refusal of an argument which servers at the cap do not know yet. */
  #notAllowed({ name, descriptor, since }: SentParam): Error {
    const rule = typeof descriptor.whenOlder === "object" ? descriptor.whenOlder : undefined;
    return this.#refusal(rule, `the argument ${name} needs version ${versionOf(since)}`, since);
  }

  /** Without the argument the older server would do something else than the caller asked for. */
  #refuses({ descriptor }: SentParam, value: unknown): boolean {
    if (descriptor.whenOlder === "drop" || value === undefined || value === null) return false;
    return !("default" in descriptor && isDeepStrictEqual(value, descriptor.default));
  }

  /**
   * The refusal of the method. Where an argument needs a newer version than the method itself, that one is named: a
   * caller who raises the cap to what the error says is not refused again.
   */
  #tooOld(since: Ordinal, args: Args): Error {
    const { tooOld, until } = this.#method;
    if (this.#cap >= since) return this.#refusal(tooOld, `the method was removed in version ${until}`, since);
    const newest = this.#params
      .filter((param) => param.state === "new" && param.since > since && this.#refuses(param, param.read(args)))
      .reduce<SentParam | undefined>((found, param) => newer(param, found), undefined);
    if (newest !== undefined) return this.#notAllowed(newest);
    return this.#refusal(tooOld, `the method needs version ${versionOf(since)}`, since);
  }

  #refusal(rule: DeclaredRefusal | undefined, message: string, since: Ordinal): Error {
    const cause = this.#capError(message, since);
    return rule === undefined ? cause : this.#declared(rule, cause);
  }

  #capError(message: string, version: Ordinal): VersionCapError {
    const cap = versionOf(this.#cap);
    const text = `${message}, and the version cap is ${cap}`;
    return new VersionCapError(text, { ...this.#details(), version: versionOf(version), cap });
  }

  #declared(rule: DeclaredRefusal, cause: VersionCapError): Error {
    const DeclaredError = this.#service.errors?.[rule.error];
    if (DeclaredError === undefined) return cause;
    const words = new Map<unknown, string>([
      ["$cap", cause.cap],
      ["$needed", cause.version],
    ]);
    const fields = Object.entries(rule.fields ?? {}).map(([name, value]) => [name, words.get(value) ?? value]);
    // The descriptor says which fields the class has, and the compiler has checked them.
    return new DeclaredError(Object.fromEntries(fields) as never, { ...this.#details(), cause });
  }

  #topicOf(args: Args): string {
    const topic = this.#topic(args);
    if (topic !== undefined) return topic;
    throw new InvalidTargetError("an argument in the topic's template is not set", this.#details());
  }

  #serverOf(args: Args): string | undefined {
    if (this.#servers.length === 0) return undefined;
    for (const read of this.#servers) {
      const server = read(args);
      if (isSet(server)) return String(server);
    }
    const paths = this.#method.server?.join(", ");
    throw new InvalidTargetError(
      `no server: none of ${paths} is set; set one, or pass the option "server"`,
      this.#details(),
    );
  }

  #notEncodable(cause: unknown, { topic, server }: PreparedRequest): EncodingError {
    const target = server === undefined ? { topic } : { topic, server };
    const text = cause instanceof Error ? cause.message : String(cause);
    return new EncodingError(`the arguments cannot be encoded: ${text}`, { ...this.#details(), target, cause });
  }

  #labelledAs(label: Ordinal): Pick<PreparedRequest, "version" | "frame"> {
    let known = this.#labelled.get(label);
    if (known === undefined) {
      const version = this.#fixedLabel ?? versionOf(label);
      const { namespace } = this.#service;
      known = { version, frame: requestFrame({ method: this.#wireName, namespace, version }) };
      this.#labelled.set(label, known);
    }
    return known;
  }

  #details(): ErrorDetails {
    return { service: this.#service.name, method: this.#name };
  }
}

/** What the cap makes of one parameter. */
interface SentParam {
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
  read(args: Args): unknown;
  /** The value as it is on the wire, for the general way of printing. */
  encode(value: unknown): unknown;
}

/** Undefined for what has no place in JSON, as in an object that `JSON.stringify` prints. */
function print(param: SentParam, value: unknown): string | { readonly error: unknown } | undefined {
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

function sentParam(
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
  const fill = former?.fill ?? ownFill;
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
    since: latest(descriptor.since, ...past),
    fill,
    encoder: isConverted || former?.convert !== undefined || former?.codec !== undefined ? undefined : encoder,
    makesItsValue: isConverted && convert.name === "utcnow",
    read: "const" in descriptor ? () => constant : (path ?? ((args) => args[name])),
    encode: (value) => codec.encode(value === undefined && fill !== undefined ? fill : convertAll(value), form),
  };
}

/** The one of two refused parameters that needs the newer version. */
function newer(param: SentParam, other: SentParam | undefined): SentParam {
  return other === undefined || param.since > other.since ? param : other;
}

/**
 * The label of a request at a cap at which arguments have ended. A server from before their end still wants those which
 * every request of the method had, so the request is not for it.
 */
function labelWithoutEnded({ params }: MethodDescriptor, label: Ordinal, cap: Ordinal): Ordinal {
  const ends = Object.values(params ?? {})
    .filter(({ local, optional, since }) => local !== true && optional !== true && ordinalOf(since ?? "0.0") <= label)
    .map(({ until }) => (until === undefined ? 0 : ordinalOf(until)))
    .filter((until) => until <= cap);
  return Math.max(label, ...ends);
}

function latest(...versions: readonly (Version | undefined)[]): Ordinal {
  return Math.max(0, ...versions.map((version) => (version === undefined ? 0 : ordinalOf(version))));
}
