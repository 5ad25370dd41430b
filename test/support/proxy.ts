import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that can misbehave as networks do. */
export interface TCPProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Breaks every connection (RST), and refuses new ones until `restore`. */
  cut(): void;
  /** Breaks every connection (RST); new ones pass. */
  cutOnce(): void;
  /** Keeps connections open and passes nothing in either direction until `restore`: a black hole. */
  freeze(): void;
  /** Ends every connection at the broker's side and tells the client nothing: half-open. New ones pass. */
  abandon(): void;
  /** Passes every byte so many milliseconds late, in each direction; 0 ends it. Order is kept. */
  delay(milliseconds: number): void;
  restore(): void;
  /** Everything that clients have sent, one entry for each connection; empty unless it is recorded. */
  readonly sent: readonly Buffer[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Keeps what clients send, for `sent`. @default true */
  readonly record?: boolean;
}

export async function startProxy(targetPort: number, { record = true }: ProxyOptions = {}): Promise<TCPProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const abandoned = new Set<Socket>();
  const sent: Buffer[][] = [];
  let mode: "open" | "cut" | "frozen" = "open";
  let latency = 0;

  /** Hands data on, after the latency, in order: what is late keeps what follows waiting. */
  function pass(from: Socket, to: Socket): void {
    const late: Buffer[] = [];
    from.on("data", (data) => {
      if (latency === 0 && late.length === 0) {
        to.write(data);
        return;
      }
      late.push(data);
      setTimeout(() => {
        const next = late.shift();
        if (next !== undefined && to.writable) to.write(next);
      }, latency);
    });
  }

  const server = createServer({ pauseOnConnect: true }, (client) => {
    if (mode === "cut") {
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection({ port: targetPort, host: "127.0.0.1" });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    if (record) {
      const chunks: Buffer[] = [];
      sent.push(chunks);
      client.on("data", (data) => chunks.push(data));
    }
    pass(client, upstream);
    pass(upstream, client);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("error", () => ended(to));
      from.on("close", () => {
        pairs.delete(pair);
        abandoned.delete(from);
        ended(to);
      });
    }
    if (mode === "open") client.resume();
    else upstream.pause();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  function ended(other: Socket): void {
    if (!abandoned.has(other)) other.destroy();
  }
  function cutAll(): void {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    for (const client of abandoned) client.resetAndDestroy();
    pairs.clear();
    abandoned.clear();
  }
  return {
    // A server that listens on a port has an address of this kind.
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    get sent() {
      return sent.map((chunks) => Buffer.concat(chunks));
    },
    cut() {
      mode = "cut";
      cutAll();
    },
    cutOnce: cutAll,
    freeze() {
      mode = "frozen";
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    abandon() {
      for (const [client, upstream] of pairs) {
        abandoned.add(client);
        upstream.destroy();
      }
      pairs.clear();
    },
    delay(milliseconds) {
      latency = milliseconds;
    },
    restore() {
      mode = "open";
      latency = 0;
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
