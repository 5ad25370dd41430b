import { decodeEnvelope, encodeEnvelope, type WireMessage } from "./envelope.js";
import { anyText, stringText } from "./escaped.js";

/** One request as it is on the wire. Source: oslo_messaging.rpc.client and its rabbit driver. */
export interface WireRequest {
  readonly method: string;
  /** An object; what else a peer sends is for the server to refuse with a reply. */
  readonly args: unknown;
  /** None when absent; "" is another one. */
  readonly namespace?: string | undefined;
  /** A server takes a request without one for 1.0; null is sent by nobody and matches nothing. */
  readonly version?: string | null | undefined;
  /** Present on a call: where the reply goes. */
  readonly reply?: ReplyAddress | undefined;
  /** For the suppression of duplicates. */
  readonly uniqueId?: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface ReplyAddress {
  /** Correlates request and reply: 32 hexadecimal digits. */
  readonly messageId: string;
  /** An opaque name; absent when a peer left it out, and then nothing can be answered. */
  readonly queue: string | undefined;
  /** Call monitor: the caller's longest silence in seconds, null when it does not monitor. */
  readonly heartbeat: number | null;
}

const CONTEXT_PREFIX = "_context_";
/** Stands for a namespace that is no text: no definition can have it, so the request is refused as one of another namespace. */
const NO_NAMESPACE = "\0";

/** What is the same in all requests of one method at one version, printed. */
export interface RequestFrame {
  /** Up to the arguments. */
  readonly head: string;
  /** What follows them: namespace and version. */
  readonly tail: string;
}

/** Prints what all requests of a method at a version have in common. */
export function requestFrame({ method, namespace, version }: Omit<WireRequest, "args" | "context">): RequestFrame {
  const named = namespace === undefined ? "" : `,\\"namespace\\":${stringText(namespace)}`;
  return {
    head: `{\\"method\\":${stringText(method)},\\"args\\":`,
    tail: version === undefined ? named : `${named},\\"version\\":${anyText(version)}`,
  };
}

/**
 * Prints a request, in one pass.
 *
 * @throws {TypeError} when an argument or a context value has no JSON form
 */
export function encodeRequest(request: WireRequest): Buffer {
  return encodeFramed(requestFrame(request), anyText(request.args), request);
}

/**
 * The same, where somebody has printed the frame and the arguments already.
 *
 * @throws {TypeError} when a context value has no JSON form
 */
export function encodeFramed(
  { head, tail }: RequestFrame,
  args: string,
  { reply, uniqueId, context }: Pick<WireRequest, "reply" | "uniqueId" | "context">,
): Buffer {
  let text = head + args + tail;
  if (reply !== undefined) {
    const { messageId, queue, heartbeat } = reply;
    text += `,\\"_msg_id\\":${stringText(messageId)}`;
    if (queue !== undefined) text += `,\\"_reply_q\\":${stringText(queue)}`;
    text += `,\\"_timeout\\":${heartbeat}`;
  }
  if (uniqueId !== undefined) text += `,\\"_unique_id\\":${stringText(uniqueId)}`;
  for (const key of Object.keys(context)) {
    const value = context[key];
    // As JSON.stringify does with what has no JSON form.
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    text += printedKeys.of(key) + anyText(value);
  }
  return encodeEnvelope(`${text}}`);
}

/**
 * Reads a request as it is. What is wrong inside it (no method, arguments that are no object) is left for the server to
 * refuse, so that the caller gets a reply.
 *
 * @throws {MalformedMessageError} when the body is not a payload in an envelope
 * @throws {TooDeepError} when the payload is nested too deep; `replyAddressOf` says who waits
 */
export function decodeRequest(message: WireMessage): WireRequest {
  const payload = decodeEnvelope(message);
  const { method, args = {}, namespace, version, _unique_id: uniqueId } = payload;
  return {
    method: typeof method === "string" ? method : "",
    args,
    namespace: namespaceOf(namespace),
    version: version === undefined ? undefined : typeof version === "string" ? version : null,
    reply: replyAddressOf(payload),
    uniqueId: typeof uniqueId === "string" ? uniqueId : undefined,
    context: contextOf(payload),
  };
}

function namespaceOf(namespace: unknown): string | undefined {
  if (namespace === undefined || namespace === null) return undefined;
  return typeof namespace === "string" ? namespace : NO_NAMESPACE;
}

/** Where the reply to a payload goes; undefined for a cast. */
export function replyAddressOf(payload: Readonly<Record<string, unknown>>): ReplyAddress | undefined {
  const { _msg_id: messageId, _reply_q: queue, _timeout: heartbeat } = payload;
  if (typeof messageId !== "string") return undefined;
  // Python takes int(_timeout), so "4" is 4 there too.
  const seconds =
    typeof heartbeat === "string" || typeof heartbeat === "number" ? Math.trunc(Number(heartbeat)) : Number.NaN;
  return {
    messageId,
    queue: typeof queue === "string" ? queue : undefined,
    heartbeat: Number.isFinite(seconds) ? seconds : null,
  };
}

function contextOf(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const key of Object.keys(payload)) {
    const name = contextNames.of(key);
    if (name !== null) setOwn(context, name, payload[key]);
  }
  return context;
}

/** A key named __proto__ stays a key. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    object[key] = value;
  }
}

/**
 * What is made of keys, each once: all requests of a program have the same few. A peer may still send others, so only so
 * many are kept.
 */
class Keys<Made extends string | null> {
  readonly #make: (key: string) => Made;
  readonly #made = new Map<string, Made>();

  constructor(make: (key: string) => Made) {
    this.#make = make;
  }

  of(key: string): Made {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(key);
    if (key.length > LONGEST_KEY) return made;
    if (this.#made.size >= MOST_KEYS) this.#made.clear();
    this.#made.set(key, made);
    return made;
  }
}

/** Keys that are kept, and characters of one, at most. */
const MOST_KEYS = 500;
const LONGEST_KEY = 100;

/** A context's key as it is printed, with its comma and its colon. */
const printedKeys = new Keys((key) => `,${stringText(CONTEXT_PREFIX + key)}:`);
/** The name in the context of a payload's key; null where the key is another. */
const contextNames = new Keys((key) => (key.startsWith(CONTEXT_PREFIX) ? key.slice(CONTEXT_PREFIX.length) : null));
