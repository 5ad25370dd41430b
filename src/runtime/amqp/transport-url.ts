import { TransportError } from "../errors.js";

/** oslo.messaging's `transport_url`, taken apart and not yet interpreted. */
export interface TransportURL {
  readonly scheme: Scheme;
  readonly hosts: readonly Host[];
  /** The broker's own default, `/`, when the URL names none. */
  readonly virtualHost: string;
  readonly query: ReadonlyMap<string, string>;
}

export type Scheme = "rabbit" | "kombu" | "amqp" | "amqps";

/** One broker node, with the credentials for it: oslo gives every host its own. */
export interface Host {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/**
 * Reads `rabbit://[user[:pass]@]host[:port]/[vhost][?option=value&...]`; several hosts stand with commas between them.
 *
 * @throws {TransportError} which says what is wrong and never repeats a password
 */
export function parseTransportURL(url: string): TransportURL {
  const match = /^([^:/?#]*):\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/.exec(url);
  const scheme = match?.[1]?.toLowerCase();
  if (match === null || !isScheme(scheme)) throw urlError(`it must begin with memory://, ${schemes.join("://, ")}://`);
  const [, , authority = "", path = "/", query = ""] = match;
  const defaultPort = scheme === "amqps" ? 5671 : 5672;
  const parts = authority.split(",").filter((part) => part !== "");
  return {
    scheme,
    hosts: (parts.length === 0 ? ["localhost"] : parts).map((part) => parseHost(part, defaultPort)),
    // "/" and nothing at all both mean the default; "//" is the way to write "/" itself, which is the same.
    virtualHost: decode(path.slice(1), "virtual host") || "/",
    query: parseQuery(query),
  };
}

/** The URL for logs and messages: without user names, passwords and options. Never fails. */
export function maskUrl(url: string): string {
  if (/^memory:\/\/[^@]*$/i.test(url)) return url;
  try {
    return describeURL(parseTransportURL(url));
  } catch {
    return `${/^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? ""}***`;
  }
}

/** As {@link maskUrl}, of a URL that has been read. */
export function describeURL({ scheme, hosts, virtualHost }: TransportURL): string {
  const path = virtualHost === "/" ? "" : encodeURIComponent(virtualHost);
  return `${scheme}://${hosts.map(describeHost).join(",")}/${path}`;
}

/** `host:5672`. */
export function describeHost({ hostname, port }: Host): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

const schemes = ["rabbit", "kombu", "amqp", "amqps"] as const;

function isScheme(scheme: string | undefined): scheme is Scheme {
  return schemes.some((known) => known === scheme);
}

function parseHost(part: string, defaultPort: number): Host {
  // The last "@" ends the credentials, so a user name may contain one, as some SASL mechanisms want it.
  const at = part.lastIndexOf("@");
  const credentials = at < 0 ? "" : part.slice(0, at);
  const colon = credentials.indexOf(":");
  const username = decode(colon < 0 ? credentials : credentials.slice(0, colon), "user name");
  const password = colon < 0 ? "" : decode(credentials.slice(colon + 1), "password");
  const { hostname, port } = parseAddress(part.slice(at + 1), defaultPort);
  // oslo leaves both empty here and kombu then fills in guest for each that is empty.
  return { hostname, port, username: username || "guest", password: password || "guest" };
}

function parseAddress(address: string, defaultPort: number): { hostname: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(address);
  if (match === null) {
    throw urlError(
      'a host is written NAME, NAME:PORT or [IPv6]:PORT; "@", ":", "/", "?" and "#" in a user name or password must be percent-encoded',
    );
  }
  const port = match[3] === undefined || match[3] === "" ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65_535) throw urlError(`port ${port} is not between 1 and 65535`);
  return { hostname: match[1] ?? (match[2] || "localhost"), port };
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    // Python's parse_qs drops empty values, and oslo joins repeated ones.
    if (value === "") continue;
    const before = options.get(key);
    options.set(key, before === undefined ? value : `${before},${value}`);
  }
  return options;
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw urlError(`the ${what} has a "%" that is not part of a percent-encoding; write it as %25`);
  }
}

function urlError(message: string): TransportError {
  return new TransportError(`invalid transport URL: ${message}`);
}
