import { isRecord, MalformedMessageError } from "./envelope.js";
import { parseJSON, stringifyJSON } from "./json.js";

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

/** @throws {MalformedMessageError} when the text is not a failure */
export function decodeFailure(text: string): WireFailure {
  let failure: unknown;
  try {
    failure = parseJSON(text);
  } catch (error) {
    throw new MalformedMessageError("the failure is not JSON", { cause: error });
  }
  if (!isRecord(failure)) throw new MalformedMessageError("the failure is not an object");
  const { class: className, module, message, tb, args, kwargs } = failure;
  const isRemote = String(className).endsWith(REMOTE) && String(module).endsWith(REMOTE);
  const clean = (name: unknown): string => {
    const text = typeof name === "string" ? name : "";
    return isRemote ? text.slice(0, -REMOTE.length) : text;
  };
  return {
    className: clean(className),
    module: clean(module),
    message: typeof message === "string" ? message : "",
    trace: Array.isArray(tb) ? tb.map(String) : typeof tb === "string" ? [tb] : [],
    args: Array.isArray(args) ? args : [],
    kwargs: isRecord(kwargs) ? kwargs : {},
  };
}
