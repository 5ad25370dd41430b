import { fileURLToPath } from "node:url";

/** The path of one of our test certificates or keys: `ca.pem`, `client.key`. */
export function tlsFile(name: string): string {
  return fileURLToPath(new URL(`./tls/${name}`, import.meta.url));
}

/** Lines of rabbitmq.conf: the broker takes TLS on this port, and wants a certificate of everybody. */
export function tlsConfig(port: number): readonly string[] {
  return [
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${tlsFile("ca.pem")}`,
    `ssl_options.certfile = ${tlsFile("server.pem")}`,
    `ssl_options.keyfile = ${tlsFile("server.key")}`,
    "ssl_options.verify = verify_peer",
    "ssl_options.fail_if_no_peer_cert = true",
  ];
}
