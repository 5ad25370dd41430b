import { InvalidTargetError, RPCClient, type ServiceDescriptor, type Transport } from "@rpcgen/runtime";
import { RecordingTransport } from "@rpcgen/runtime/testing";
import { canonical } from "./canonical.js";
import type { SkewConverter } from "./param-values.js";
import type { Args } from "./scenarios.js";
import { serverName } from "./servers.js";

/** What a client made of a request. */
export type Sent =
  /** `text` is the same for the same requests. */
  | { readonly kind: "sent"; readonly text: string; readonly topic: string }
  /** `isRouting`: the arguments name no server or topic, whatever the versions are. */
  | { readonly kind: "refused"; readonly error: Error; readonly isRouting: boolean };

/** A client of each version cap. */
export class Clients {
  readonly #recording = new RecordingTransport();
  readonly #clients: ReadonlyMap<string, RPCClient>;
  /** Where requests go now. */
  #transport: Transport = this.#recording;

  constructor(
    descriptor: ServiceDescriptor,
    converters: Readonly<Record<string, SkewConverter>>,
    versions: readonly string[],
  ) {
    const transportFor = (): Transport => this.#transport;
    this.#clients = new Map(
      versions.map((versionCap) => [
        versionCap,
        new RPCClient(this.#recording, descriptor, { versionCap, converters, transportFor }),
      ]),
    );
  }

  /** Makes a request and looks at it, without a server. */
  async record(cap: string, method: string, args: Args): Promise<Sent> {
    this.#transport = this.#recording;
    this.#recording.clear();
    try {
      await this.#send(cap, method, args);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: "refused", error, isRouting: error instanceof InvalidTargetError };
    }
    const [request] = this.#recording.requests;
    if (request === undefined) throw new Error(`${method} was sent at ${cap}, and nothing came of it`);
    const { kind, target, namespace, version } = request;
    const text = canonical([kind, target.topic, target.exchange, namespace, request.method, version, request.args]);
    return { kind: "sent", text, topic: target.topic };
  }

  /** Sends a request to the server behind a transport. */
  async send(cap: string, method: string, args: Args, transport: Transport): Promise<unknown> {
    this.#transport = transport;
    return this.#send(cap, method, args);
  }

  close(): void {
    void this.#recording.close();
  }

  #send(cap: string, method: string, args: Args): Promise<unknown> {
    const client = this.#clients.get(cap);
    if (client === undefined) throw new TypeError(`there is no client with the version cap ${cap}`);
    return client.send(method, {}, args, { server: serverName });
  }
}
