import { isRecord } from "./envelope.js";
import { readJSON, stringifyJSON } from "./json.js";

/** A failed method as it is on the wire. Source: oslo_messaging._drivers.common.serialize_remote_exception. */
export interface WireFailure {
  /** The class's name without its module. */
  readonly className: string;
  /** Empty when the peer named none. */
  readonly module: string;
  readonly message: string;
  /** Lines, each normally with its line break; empty when the server keeps its traces to itself. */
  readonly trace: readonly string[];
  /** What a Python client calls the class with. */
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** The suffix that Python adds to the class and module of an error which it rebuilt from the wire. */
const REMOTE = "_Remote";
/** Characters of a failure that cannot be read which the caller sees. */
const LONGEST_EXCERPT = 200;

/** A Python client needs all six keys, none of them null. */
export function encodeFailure(failure: WireFailure): string {
  return stringifyJSON({
    class: failure.className,
    module: failure.module,
    message: failure.message,
    tb: failure.trace,
    args: failure.args,
    kwargs: failure.kwargs,
  });
}

/** Reads a failure. One that cannot be read is a failure all the same: the method failed, and its caller waits. */
export function decodeFailure(wire: unknown): WireFailure {
  const failure = typeof wire === "string" ? parsed(wire) : wire;
  if (!isRecord(failure)) return unreadable(wire);
  const { class: className, module, message, tb, args, kwargs } = failure;
  const names = [className, module].map((name) => (typeof name === "string" ? name : ""));
  const isRemote = names.every((name) => name.endsWith(REMOTE));
  const [ownClass = "", ownModule = ""] = isRemote ? names.map((name) => name.slice(0, -REMOTE.length)) : names;
  return {
    className: ownClass,
    module: ownModule,
    message: typeof message === "string" ? message : "",
    trace: Array.isArray(tb) ? tb.filter((line) => typeof line === "string") : typeof tb === "string" ? [tb] : [],
    args: Array.isArray(args) ? args : [],
    kwargs: isRecord(kwargs) ? kwargs : {},
  };
}

function parsed(text: string): unknown {
  try {
    const { value, isTooDeep } = readJSON(text);
    return isTooDeep ? undefined : value;
  } catch {
    // Unreadable, as what is no object.
    return undefined;
  }
}

function unreadable(wire: unknown): WireFailure {
  const excerpt = typeof wire === "string" ? `: ${JSON.stringify(wire.slice(0, LONGEST_EXCERPT))}` : "";
  const message = `the server's failure cannot be read${excerpt}`;
  return { className: "UnreadableFailure", module: "rpcgen", message, trace: [], args: [], kwargs: {} };
}
