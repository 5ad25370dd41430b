import type { Converters } from "./converters.js";
import type { MethodDescriptor, ServiceDescriptor } from "./descriptor.js";
import { type ErrorDetails, InvalidTargetError } from "./errors.js";
import { compilePath, compileTemplate, envelopesOf, isSet, type PathReader, rootOf, rootsIn } from "./paths.js";
import { type Ordinal, valueAt, valuesAt } from "./version.js";

type Args = Readonly<Record<string, unknown>>;

/** Behind the paths to a server: none of them has to be set. */
const CALLERS_SERVER = "$server";

/** Where the requests of one method go at one version cap, by their arguments. */
export class Routing {
  readonly #details: ErrorDetails;
  /** As the definition has them, for the errors. */
  readonly #topicRules: readonly string[];
  readonly #serverPaths: readonly string[];
  readonly #topics: readonly ((args: Args) => string | undefined)[];
  readonly #servers: readonly PathReader[];
  /** The defaults of arguments into which paths lead: one that is left out routes as the manager will see it. */
  readonly #defaults: readonly (readonly [name: string, value: unknown])[];

  constructor(
    service: ServiceDescriptor,
    name: string,
    method: MethodDescriptor,
    cap: Ordinal,
    converters: Converters,
  ) {
    const envelopes = envelopesOf(service);
    this.#details = { service: service.name, method: name };
    const topics = valuesAt(method.topic, cap);
    this.#topicRules = topics.length === 0 ? [service.topic] : topics;
    this.#topics = this.#topicRules.map((rule) => compileTemplate(rule, converters, envelopes));
    this.#serverPaths = valueAt(method.server, cap) ?? [];
    const paths = this.#serverPaths.filter((path) => path !== CALLERS_SERVER);
    this.#servers = paths.map((path) => compilePath(path, converters, envelopes));
    this.#defaults = defaultsOf(method, new Set([...paths.map(rootOf), ...this.#topicRules.flatMap(rootsIn)]));
  }

  /** The arguments as paths see them: with the defaults of those which the caller left out. */
  withDefaults(args: Args): Args {
    let filled = args;
    for (const [name, value] of this.#defaults) {
      if (!Object.hasOwn(filled, name) || filled[name] === undefined) filled = { ...filled, [name]: value };
    }
    return filled;
  }

  /**
   * The first topic all of whose places are set.
   *
   * @throws {InvalidTargetError} when there is none
   */
  topic(args: Args): string {
    for (const read of this.#topics) {
      const topic = read(args);
      if (topic !== undefined) return topic;
    }
    const places = this.#topicRules.join(" or ");
    throw new InvalidTargetError(`no topic: what ${places} needs of the arguments is not set`, this.#details);
  }

  /**
   * The server that the first path which is set names; undefined where the topic's queue takes the request.
   *
   * @throws {InvalidTargetError} when none is set and one has to be
   */
  server(args: Args): string | undefined {
    for (const read of this.#servers) {
      const server = read(args);
      if (isSet(server)) return String(server);
    }
    if (this.#serverPaths.length === 0 || this.#servers.length < this.#serverPaths.length) return undefined;
    const text = `no server: none of ${this.#serverPaths.join(", ")} is set; set one, or pass the option "server"`;
    throw new InvalidTargetError(text, this.#details);
  }
}

function defaultsOf({ params = {} }: MethodDescriptor, roots: Set<string>): readonly (readonly [string, unknown])[] {
  for (const { from } of Object.values(params)) if (from !== undefined) roots.add(rootOf(from));
  return Object.entries(params).flatMap(([name, param]) =>
    roots.has(name) && "default" in param ? [[name, param.default] as const] : [],
  );
}
