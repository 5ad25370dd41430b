import { randomUUID } from "node:crypto";
import {
  createDispatcher,
  createTransport,
  type Logger,
  RPCServer,
  type Transport,
  type Validators,
} from "@rpcgen/runtime";
import { canonical } from "./canonical.js";
import { descriptorFor } from "./descriptors.js";
import type { SkewConverter } from "./param-values.js";
import type { PastService } from "./past.js";

/** What became of a request at a server. */
export type Answer =
  /** The arguments by their names at the server's version, as texts. */
  | { readonly kind: "ran"; readonly method: string; readonly args: ReadonlyMap<string, string> }
  | { readonly kind: "refused"; readonly error: Error };

/** The name under which each server listens; a request's own server stands for any. */
export const serverName = "skew";

/** A server of one version, on a broker of its own. It tells of one request at a time. */
export class PastServer {
  readonly transport: Transport = createTransport(`memory://skew-${randomUUID()}`);
  readonly #servers: readonly RPCServer[];
  #answer: (answer: Answer) => void = () => {};

  constructor(
    past: PastService,
    topics: readonly string[],
    validators: Validators,
    converters: Readonly<Record<string, SkewConverter>>,
  ) {
    const descriptor = descriptorFor(past.service);
    const methods = past.methods.map(({ method: { name } }) => [
      name,
      async (_: unknown, args: object) => {
        const texts = Object.entries(args).map(([key, value]) => [key, canonical(value)] as const);
        this.#answer({ kind: "ran", method: name, args: new Map(texts) });
        return null;
      },
    ]);
    const table = { manager: {}, methods: Object.fromEntries(methods) };
    const dispatcher = createDispatcher(descriptor, validators, table, { converters });
    const { exchange } = descriptor;
    this.#servers = topics.map((topic) => {
      const target = { topic, server: serverName, ...(exchange === undefined ? {} : { exchange }) };
      return new RPCServer(this.transport, target, [dispatcher], { logger: this.#logger });
    });
  }

  async start(): Promise<void> {
    for (const server of this.#servers) await server.start();
  }

  /** Sends one request and waits until the server has run or refused it; of a cast the caller itself hears nothing. */
  async answerTo(send: () => Promise<unknown>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      this.#answer = (answer) => {
        isAnswered = true;
        resolve(answer);
      };
      // What the server refuses is in its log before the caller hears of it.
      send().catch((error: unknown) => (isAnswered ? undefined : reject(error)));
    });
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.stop(1_000);
    await this.transport.close();
  }

  /** The one place where the failures of calls and of casts both are. */
  readonly #logger: Logger = {
    debug: () => {},
    info: (fields) => this.#refused(fields),
    warn: (fields) => this.#refused(fields),
    error: (fields) => this.#refused(fields),
  };

  #refused(fields: object): void {
    if ("error" in fields && fields.error instanceof Error) this.#answer({ kind: "refused", error: fields.error });
  }
}
