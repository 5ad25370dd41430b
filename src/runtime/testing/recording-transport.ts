import type { MethodKind } from "../descriptor.js";
import { TransportError } from "../errors.js";
import { failureOf } from "../failures.js";
import { newId } from "../id.js";
import type { Target } from "../target.js";
import type { Destination, MessageListener, OutgoingMessage, Source, Subscription, Transport } from "../transport.js";
import { CONTENT_TYPE, isRecord } from "../wire/envelope.js";
import { encodeReply } from "../wire/reply.js";
import { decodeRequest, type ReplyAddress } from "../wire/request.js";

/** A request as it was published, read back from its bytes. */
export interface RecordedRequest {
  readonly kind: MethodKind;
  readonly target: Target;
  /** The method's name on the wire. */
  readonly method: string;
  readonly namespace: string | undefined;
  readonly version: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** The broker may drop the message unseen after this many milliseconds. */
  readonly expiration: number | undefined;
  /** Call monitor in milliseconds; undefined where the caller does not monitor, and for what is no call. */
  readonly heartbeat: number | undefined;
  readonly mandatory: boolean;
  readonly priority: number | undefined;
}

/** Makes the result of a call. What it throws is the call's failure, as if a server had thrown it. */
export type Answer = (request: RecordedRequest) => unknown;

/**
 * Records the requests of clients in place of sending them, for tests of what a program sends:
 *
 * ```ts
 * const transport = new RecordingTransport(({ method }) => (method === "get_console_output" ? "login:" : null));
 * const api = new ComputeAPI(transport, { versionCap: "zed" });
 * await api.startInstance(context, { instance });
 * assert.equal(transport.requests[0]?.target.server, instance.host);
 * ```
 *
 * It needs no broker and no server. A server can subscribe to it, and will get nothing.
 */
export class RecordingTransport implements Transport {
  readonly url = "recording://";
  /** All requests since the start or the last `clear`, oldest first. */
  readonly requests: RecordedRequest[] = [];
  readonly #answer: Answer;
  readonly #listeners = new Map<string, MessageListener>();
  #closed = false;

  /** @param answer gives the results of calls; null for every call when absent */
  constructor(answer: Answer = () => null) {
    this.#answer = answer;
  }

  /** Forgets the requests. */
  clear(): void {
    this.requests.length = 0;
  }

  async publish(destination: Destination, message: OutgoingMessage): Promise<void> {
    if (this.#closed)
      throw new TransportError(`not sent: the transport ${this.url} is closed`, { delivery: "not-sent" });
    // Servers reply on their transport too; nobody here could have asked them.
    if (!("target" in destination)) return;
    const { request, reply } = read(destination.target, message);
    this.requests.push(request);
    if (reply !== undefined) void this.#reply(request, reply);
  }

  async subscribe(source: Source, listener: MessageListener): Promise<Subscription> {
    if (!("replyQueue" in source)) return { cancel: async () => {} };
    const { replyQueue } = source;
    this.#listeners.set(replyQueue, listener);
    return {
      cancel: async () => {
        this.#listeners.delete(replyQueue);
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
  }

  async #reply(request: RecordedRequest, { messageId, queue }: ReplyAddress): Promise<void> {
    const body = await this.#replyBody(request, messageId);
    if (queue === undefined) return;
    const message = {
      body,
      queue,
      contentType: CONTENT_TYPE,
      headers: {},
      expiration: undefined,
      redelivered: false,
      ack: () => {},
      reject: () => {},
    };
    this.#listeners.get(queue)?.(message);
  }

  async #replyBody(request: RecordedRequest, messageId: string): Promise<Buffer> {
    try {
      return encodeReply({ messageId, kind: "result", result: await this.#answer(request) }, newId());
    } catch (error) {
      return encodeReply({ messageId, kind: "failure", failure: failureOf(error, { traces: false }) }, newId());
    }
  }
}

function read(
  target: Target,
  { body, expiration, mandatory = false, priority }: OutgoingMessage,
): { readonly request: RecordedRequest; readonly reply: ReplyAddress | undefined } {
  const wire = decodeRequest({ body, contentType: CONTENT_TYPE, headers: {} });
  const { method, args, namespace, version, context, reply } = wire;
  const heartbeat = reply?.heartbeat ?? undefined;
  const request: RecordedRequest = {
    kind: target.fanout === true ? "fanout" : reply === undefined ? "cast" : "call",
    target,
    method,
    namespace,
    version: version ?? undefined,
    // Our client sends nothing else.
    args: isRecord(args) ? args : {},
    context,
    expiration,
    heartbeat: heartbeat === undefined ? undefined : heartbeat * 1000,
    mandatory,
    priority,
  };
  return { request, reply };
}
