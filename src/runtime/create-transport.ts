import { TransportError } from "./errors.js";
import { MemoryTransport } from "./memory/transport.js";
import type { Transport } from "./transport.js";
import type { TransportOptions } from "./transport-options.js";

/**
 * Makes a transport from its address. Nothing is connected before the first message is sent or awaited.
 *
 * @throws {TransportError} when the address cannot be understood
 */
export function createTransport(url: string, options: TransportOptions = {}): Transport {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case "memory":
      return new MemoryTransport(memoryName(url), options);
    default:
      throw new TransportError(
        `the transport URL must begin with rabbit://, amqp://, amqps:// or memory://; it has ${scheme === undefined ? "no scheme" : `${scheme}://`}`,
      );
  }
}

/** `memory://NAME`; the name may be empty, and has no more structure than that. */
function memoryName(url: string): string {
  const name = url.slice("memory://".length).replace(/\/$/, "");
  if (!/[/?#@]/.test(name)) return name;
  throw new TransportError(
    "a memory:// URL is memory:// and a name, without credentials, path or options: memory://compute",
  );
}
