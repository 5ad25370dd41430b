import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that can misbehave as networks do. */
export interface TCPProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Breaks every connection (RST), and refuses new ones until `restore`. */
  cut(): void;
  /** Keeps connections open and passes nothing in either direction until `restore`: a black hole. */
  freeze(): void;
  restore(): void;
  /** Everything that clients have sent, one entry for each connection. */
  readonly sent: readonly Buffer[];
  close(): Promise<void>;
}

export async function startProxy(targetPort: number): Promise<TCPProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const sent: Buffer[] = [];
  let mode: "open" | "cut" | "frozen" = "open";

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (mode === "cut") {
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection({ port: targetPort, host: "127.0.0.1" });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const index = sent.push(Buffer.alloc(0)) - 1;
    client.on("data", (data) => {
      sent[index] = Buffer.concat([sent[index] ?? Buffer.alloc(0), data]);
      upstream.write(data);
    });
    upstream.on("data", (data) => client.write(data));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("error", () => to.destroy());
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
    if (mode === "open") client.resume();
    else upstream.pause();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const cutAll = (): void => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    pairs.clear();
  };
  return {
    // A server that listens on a port has an address of this kind.
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    sent,
    cut() {
      mode = "cut";
      cutAll();
    },
    freeze() {
      mode = "frozen";
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    restore() {
      mode = "open";
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      cutAll();
      await closed;
    },
  };
}
