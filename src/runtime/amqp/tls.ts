import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import type { TLSOptions } from "../transport-options.js";

/**
 * Node's TLS options. The broker's certificate is verified unless `verify` is false: oslo verifies only when a CA file
 * is set, which leaves `ssl=true` alone open to anyone on the path.
 */
export async function tlsConnectionOptions(options: TLSOptions): Promise<Omit<ConnectionOptions, "timeout">> {
  const [ca, cert, key] = await Promise.all([
    options.ca ?? readPEM(options.caFile),
    options.cert ?? readPEM(options.certFile),
    options.key ?? readPEM(options.keyFile),
  ]);
  return {
    rejectUnauthorized: options.verify !== false,
    ...(options.verifyHostname === false ? { checkServerIdentity: acceptAnyName } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.servername === undefined ? {} : { servername: options.servername }),
    ...(options.minVersion === undefined ? {} : { minVersion: options.minVersion }),
  };
}

/** The files are read at each connection, so that a renewed certificate is used without a restart. */
function readPEM(file: string | undefined): Promise<Buffer> | undefined {
  return file === undefined ? undefined : readFile(file);
}

/** The certificate must still come from an authority that we trust; its name is not compared. */
function acceptAnyName(): undefined {
  return undefined;
}
