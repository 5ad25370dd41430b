import { DESCRIBE, servedVersions } from "./describe.js";
import type { ServiceDescriptor, Version } from "./descriptor.js";
import { newId } from "./id.js";
import type { Logger } from "./logger.js";
import type { Replies } from "./replies.js";
import type { Target } from "./target.js";
import type { Transport } from "./transport.js";
import { newestByMajor, type Ordinal, resolveCap } from "./version.js";
import { encodeRequest } from "./wire/request.js";

/** How `versionCap: "auto"` finds its version. */
export interface AutoCapOptions {
  /** Time in which the servers of the topic answer, in milliseconds. @default 1_000 */
  readonly window?: number;
  /**
   * Tells the version where a server cannot tell it, such as a Python one: a version, a release name, or undefined where
   * it does not know either. Nova reads it from its services table.
   */
  readonly provider?: () => Promise<Version | undefined>;
}

const DEFAULT_WINDOW = 1_000;

/**
 * Finds the newest version that every live server of a topic serves: asks all of them by one fanout, to which each
 * replies. Found once, then kept until `reset`; what nobody answered is not kept.
 */
export class AutoCap {
  readonly #service: ServiceDescriptor;
  readonly #options: AutoCapOptions;
  readonly #logger: Logger;
  readonly #newest: Ordinal;
  #cap: Promise<Ordinal> | undefined;
  #known: Ordinal | undefined;

  constructor(service: ServiceDescriptor, options: AutoCapOptions, logger: Logger) {
    this.#service = service;
    this.#options = options;
    this.#logger = logger;
    this.#newest = resolveCap(service, undefined);
  }

  /** The version that was found, or the definition's newest while none is. */
  get present(): Ordinal {
    return this.#known ?? this.#newest;
  }

  /** The version that every live server serves. */
  find(transport: Transport, replies: Replies, target: Target): Promise<Ordinal> {
    this.#cap ??= this.#find(transport, replies, target).then(
      (found) => {
        if (found === undefined) this.#cap = undefined;
        else this.#known = found;
        return found ?? this.#newest;
      },
      (error: unknown) => {
        this.#cap = undefined;
        throw error;
      },
    );
    return this.#cap;
  }

  /** Forgets the version: the next request asks again. */
  reset(): void {
    this.#cap = undefined;
    this.#known = undefined;
  }

  /** Undefined where nobody listens. */
  async #find(transport: Transport, replies: Replies, target: Target): Promise<Ordinal | undefined> {
    const answers = await this.#ask(transport, replies, target);
    if (answers.some((answer) => answer === undefined)) return this.#fallback();
    const served = answers.filter((answer) => answer !== undefined);
    if (served.length === 0) return undefined;
    const common = commonVersion(newestByMajor(this.#service), served);
    if (common !== undefined) return common;
    this.#logger.warn(
      { service: this.#service.name },
      "the live servers have no major version in common with this client",
    );
    return this.#newest;
  }

  /** One entry for each server that answers in time; undefined for one that cannot say. */
  async #ask(
    transport: Transport,
    replies: Replies,
    { topic, exchange }: Target,
  ): Promise<readonly (ReadonlyMap<number, Ordinal> | undefined)[]> {
    const answers: (ReadonlyMap<number, Ordinal> | undefined)[] = [];
    const messageId = newId();
    const { name, namespace } = this.#service;
    const reply = { messageId, queue: replies.queue, heartbeat: null };
    const body = encodeRequest({ method: DESCRIBE, args: {}, version: "1.0", reply, uniqueId: newId(), context: {} });
    await replies.ready();
    replies.expect(messageId, {
      isMany: true,
      heartbeat: () => {},
      settle: (answer) =>
        answers.push(answer.kind === "result" ? servedVersions(answer.result, name, namespace) : undefined),
    });
    try {
      const destination = { target: { topic, fanout: true, ...(exchange === undefined ? {} : { exchange }) } };
      await transport.publish(destination, { body });
      await new Promise((resolve) => setTimeout(resolve, this.#options.window ?? DEFAULT_WINDOW));
    } finally {
      replies.forget(messageId);
    }
    return answers;
  }

  async #fallback(): Promise<Ordinal> {
    const version = await this.#options.provider?.();
    if (version !== undefined) return resolveCap(this.#service, version);
    this.#logger.warn(
      { service: this.#service.name },
      "a live server does not tell its version, and there is no provider that does: the newest version is sent",
    );
    return this.#newest;
  }
}

/** In the newest major that all serve, the newest version that all have. */
function commonVersion(
  own: ReadonlyMap<number, Ordinal>,
  served: readonly ReadonlyMap<number, Ordinal>[],
): Ordinal | undefined {
  const majors = [...own.keys()].sort((a, b) => b - a);
  const common = majors.find((major) => served.every((versions) => versions.has(major)));
  if (common === undefined) return undefined;
  return Math.min(...[own, ...served].map((versions) => versions.get(common) ?? Number.POSITIVE_INFINITY));
}
