import { AMQPTransport } from "./amqp/transport.js";
import { TransportError } from "./errors.js";
import { MemoryTransport } from "./memory/transport.js";
import type { BrokerTransport } from "./transport.js";
import type { TransportOptions } from "./transport-options.js";

/**
 * Makes a transport from its address. Nothing is connected before the first message is sent or awaited.
 *
 * @throws {TransportError} when the address cannot be understood
 */
export function createTransport(url: string, options: TransportOptions = {}): BrokerTransport {
  return /^memory:\/\//i.test(url) ? new MemoryTransport(memoryName(url), options) : new AMQPTransport(url, options);
}

/** `memory://NAME`; the name may be empty, and has no more structure than that. */
function memoryName(url: string): string {
  const name = url.slice("memory://".length).replace(/\/$/, "");
  if (!/[/?#@]/.test(name)) return name;
  throw new TransportError(
    "a memory:// URL is memory:// and a name, without credentials, path or options: memory://compute",
  );
}
