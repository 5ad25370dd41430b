import { isDeepStrictEqual } from "node:util";
import type { ValueCodec } from "./codec.js";
import type { Converters } from "./converters.js";
import type {
  ChosenKind,
  MethodDescriptor,
  MethodKind,
  ParamDescriptor,
  ServiceDescriptor,
  Version,
} from "./descriptor.js";
import { type ErrorDetails, InvalidTargetError, VersionCapError } from "./errors.js";
import { compilePath, compileTemplate, isSet, type PathReader } from "./paths.js";
import { majorOf, type Ordinal, oldestByMajor, ordinalOf, valueAt, versionOf } from "./version.js";

/** What a call of a method becomes at the client's version cap. */
export interface PreparedRequest {
  readonly kind: MethodKind;
  /** The method's name on the wire. */
  readonly method: string;
  /** The label: the lowest version, in the cap's major, that has the method and every argument that is sent. */
  readonly version: Version;
  readonly args: Readonly<Record<string, unknown>>;
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
  readonly #codec: ValueCodec;
  readonly #wireName: string;
  readonly #label: Ordinal;
  readonly #fixedLabel: Version | undefined;
  readonly #kind: MethodKind | ChosenKind;
  readonly #topic: (args: Args) => string | undefined;
  readonly #servers: readonly PathReader[];
  readonly #params: readonly SentParam[];
  /** Why the cap refuses the method, whatever its arguments. */
  readonly #refused: { readonly since: Ordinal } | undefined;
  /** Labels as text, by ordinal: a request makes no string. */
  readonly #labels = new Map<Ordinal, Version>();

  constructor(service: ServiceDescriptor, name: string, cap: Ordinal, codec: ValueCodec, converters: Converters) {
    const method = service.methods[name];
    if (method === undefined) throw new TypeError(`${service.name} has no method ${name}`);
    this.#service = service;
    this.#name = name;
    this.#method = method;
    this.#cap = cap;
    this.#codec = codec;
    const renamed = method.was?.find((former) => cap < ordinalOf(former.before));
    this.#wireName = renamed?.name ?? name;
    const since = latest(
      method.since,
      ...(method.was ?? []).map(({ before }) => before).filter((before) => ordinalOf(before) <= cap),
    );
    this.#label = Math.max(since, oldestByMajor(service).get(majorOf(cap)) ?? 0);
    this.#fixedLabel = valueAt(method.label, cap);
    this.#kind = valueAt(method.kind, cap) ?? "call";
    this.#topic = compileTemplate(valueAt(method.topic, cap) ?? service.topic, converters);
    this.#servers = (method.server ?? []).map((path) => compilePath(path, converters));
    this.#params = Object.entries(method.params ?? {}).flatMap(([param, descriptor]) => {
      const chooses = typeof this.#kind === "object" && this.#kind.by === param;
      return descriptor.local === true || chooses ? [] : [sentParam(param, descriptor, cap, converters)];
    });
    const from = ordinalOf(method.since ?? "0.0");
    const isGone = method.until !== undefined && cap >= ordinalOf(method.until);
    this.#refused = cap < from || isGone ? { since: from } : undefined;
  }

  /**
   * Makes the request of one call.
   *
   * @throws {VersionCapError} or the declared error, when the cap does not allow the method or an argument
   * @throws {InvalidTargetError} when no path names a server
   */
  prepare(args: Args, server: string | undefined): PreparedRequest {
    if (this.#refused !== undefined) throw this.#tooOld(this.#refused.since);
    const kind = this.#chosenKind(args);
    const sent: Record<string, unknown> = {};
    let label = this.#label;
    for (const param of this.#params) {
      const value = param.read(args);
      if (param.state === "gone") continue;
      if (param.state === "new") {
        this.#leaveOut(param, value);
        continue;
      }
      const given = value === undefined ? param.fill : value;
      if (given === undefined && !param.makesItsValue) continue;
      sent[param.wireName] = this.#codec.encode(param.encode(given), param.descriptor.codec);
      if (param.since > label) label = param.since;
    }
    return {
      kind,
      method: this.#wireName,
      version: this.#fixedLabel ?? this.#labelText(label),
      args: sent,
      topic: this.#topicOf(args),
      server: kind === "fanout" ? undefined : (server ?? this.#serverOf(args)),
    };
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

  /** Leaves out an argument which servers at the cap do not know yet, or refuses to. */
  #leaveOut(param: SentParam, value: unknown): void {
    if (!this.#refuses(param, value)) return;
    const { name, descriptor, since } = param;
    const cause = this.#capError(`the argument ${name} needs version ${versionOf(since)}`, since);
    throw typeof descriptor.whenOlder === "object" ? this.#declared(descriptor.whenOlder, cause) : cause;
  }

  /** Without the argument the older server would do something else than the caller asked for. */
  #refuses({ descriptor }: SentParam, value: unknown): boolean {
    if (descriptor.whenOlder === "drop" || value === undefined || value === null) return false;
    return !("default" in descriptor && isDeepStrictEqual(value, descriptor.default));
  }

  #tooOld(since: Ordinal): Error {
    const { tooOld, until } = this.#method;
    const cause =
      this.#cap < since
        ? this.#capError(`the method needs version ${versionOf(since)}`, since)
        : this.#capError(`the method was removed in version ${until}`, since);
    return tooOld === undefined ? cause : this.#declared(tooOld, cause);
  }

  #capError(message: string, version: Ordinal): VersionCapError {
    const cap = versionOf(this.#cap);
    const text = `${message}, and the version cap is ${cap}`;
    return new VersionCapError(text, { ...this.#details(), version: versionOf(version), cap });
  }

  #declared(rule: { readonly error: string; readonly fields?: Args }, cause: Error): Error {
    const DeclaredError = this.#service.errors?.[rule.error];
    // The descriptor says which fields the class has, and the compiler has checked them.
    return DeclaredError === undefined
      ? cause
      : new DeclaredError((rule.fields ?? {}) as never, { ...this.#details(), cause });
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

  #labelText(label: Ordinal): Version {
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    const text = versionOf(label);
    this.#labels.set(label, text);
    return text;
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
  readonly fill: unknown;
  /** A converter such as utcnow makes a value where the caller gave none. */
  readonly makesItsValue: boolean;
  read(args: Args): unknown;
  encode(value: unknown): unknown;
}

function sentParam(name: string, descriptor: ParamDescriptor, cap: Ordinal, converters: Converters): SentParam {
  const since = ordinalOf(descriptor.since ?? "0.0");
  const isGone = descriptor.until !== undefined && cap >= ordinalOf(descriptor.until);
  const former = descriptor.was?.find(({ before }) => cap < ordinalOf(before));
  const changes = [...(descriptor.was ?? []).map(({ before }) => before), descriptor.convert?.before ?? "0.0"];
  const past = changes.filter((before) => ordinalOf(before) <= cap);
  const convert = descriptor.convert;
  const isConverted = convert !== undefined && (convert.before === undefined || cap < ordinalOf(convert.before));
  const encoders = [isConverted ? convert.name : undefined, former?.convert]
    .filter((converter) => converter !== undefined)
    .map((converter) => converters.get(converter));
  const path = descriptor.from === undefined ? undefined : compilePath(descriptor.from, converters);
  const constant = descriptor.const;
  return {
    name,
    wireName: former?.name ?? name,
    descriptor:
      former === undefined ? descriptor : { ...descriptor, ...withCodec(former.codec, former.convert, descriptor) },
    state: isGone ? "gone" : cap < since ? "new" : "sent",
    since: latest(descriptor.since, ...past),
    fill: former?.fill ?? descriptor.fill,
    makesItsValue: isConverted && convert.name === "utcnow",
    read: "const" in descriptor ? () => constant : (path ?? ((args) => args[name])),
    encode: (value) => encoders.reduce((result, converter) => converter.encode(result as never), value),
  };
}

/** A former shape with a converter has its own codec, or none; a mere rename keeps today's. */
function withCodec(codec: ParamDescriptor["codec"], convert: string | undefined, today: ParamDescriptor): object {
  return { codec: convert === undefined ? (codec ?? today.codec) : codec };
}

function latest(...versions: readonly (Version | undefined)[]): Ordinal {
  return Math.max(0, ...versions.map((version) => (version === undefined ? 0 : ordinalOf(version))));
}
