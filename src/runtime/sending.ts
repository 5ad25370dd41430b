import { isDeepStrictEqual } from "node:util";
import type { ValueCodec } from "./codec.js";
import type { Converters } from "./converters.js";
import type {
  ChosenKind,
  DeclaredRefusal,
  MethodDescriptor,
  MethodKind,
  ServiceDescriptor,
  Version,
} from "./descriptor.js";
import type { MethodEncoders } from "./encoding.js";
import { EncodingError, type ErrorDetails, VersionCapError } from "./errors.js";
import { envelopesOf } from "./paths.js";
import { Routing } from "./routing.js";
import { argumentReader, newer, printValue, type SentParam, sentParam } from "./sent-param.js";
import { latest, majorOf, type Ordinal, oldestByMajor, ordinalOf, valueAt, versionOf } from "./version.js";
import { type RequestFrame, requestFrame } from "./wire/request.js";

/** What the caller says of where a request goes, before the definition's own rules. */
interface Destined {
  readonly server?: string | undefined;
  readonly topic?: string | undefined;
}

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
  readonly #routing: Routing;
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
    this.#routing = new Routing(service, name, method, cap, converters);
    const envelopes = envelopesOf(service);
    const encoderOf = (param: string) => (Object.hasOwn(encoders, param) ? encoders[param] : undefined);
    this.#params = Object.entries(method.params ?? {}).flatMap(([param, descriptor]) => {
      const chooses = typeof this.#kind === "object" && this.#kind.by === param;
      return descriptor.local === true || chooses
        ? []
        : [sentParam(param, descriptor, { cap, codec, converters, envelopes, encoder: encoderOf(param) })];
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
  prepare(args: Args, { server, topic }: Destined): PreparedRequest {
    if (this.#refused !== undefined) throw this.#tooOld(this.#refused.since, args);
    const kind = this.#chosenKind(args);
    const routed = this.#routing.withDefaults(args);
    let text = "";
    let failure: unknown;
    let label = this.#label;
    let newest: SentParam | undefined;
    for (const param of this.#params) {
      if (param.state === "gone") continue;
      const value = param.read(args, routed);
      if (param.state === "new") {
        if (this.#refuses(param, value)) newest = newer(param, newest);
        continue;
      }
      if (value === undefined && param.fill === undefined && !param.makesItsValue) continue;
      const printed = printValue(param, value);
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
      topic: topic ?? this.#routing.topic(routed),
      server: kind === "fanout" ? undefined : (server ?? this.#routing.server(routed)),
    };
    if (failure !== undefined) throw this.#notEncodable(failure, prepared);
    return prepared;
  }

  /** Whether the cap allows the method, and these arguments where some are given. */
  allows(args: object = {}): boolean {
    if (this.#refused !== undefined) return false;
    const given: Args = { ...args };
    const routed = this.#routing.withDefaults(given);
    return this.#params.every((param) => param.state !== "new" || !this.#refuses(param, param.read(given, routed)));
  }

  /** The method's kind for these arguments: the caller's choice where the definition gives it. */
  #chosenKind(args: Args): MethodKind {
    if (typeof this.#kind === "string") return this.#kind;
    const { by } = this.#kind;
    const choice = argumentReader(by)(args) ?? this.#kind.default ?? this.#method.params?.[by]?.default;
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
    const routed = this.#routing.withDefaults(args);
    const newest = this.#params
      .filter((param) => param.state === "new" && param.since > since && this.#refuses(param, param.read(args, routed)))
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
