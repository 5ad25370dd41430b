import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** An AMQP method, or the end of a message's content, as a client sent it. */
export interface Received {
  /** `basic.publish`; `content` when the body of a published message is complete. */
  readonly name: string;
  readonly channel: number;
  readonly payload: Buffer;
}

/**
 * What a broker does beside the usual. Returns whether it has answered; otherwise the fake answers as RabbitMQ would.
 * `count` tells how often this name has come before, over all connections.
 */
export type Script = (received: Received, peer: FakePeer, count: number) => boolean | undefined;

/** One connection of a client, as the broker sees it. */
export interface FakePeer {
  readonly socket: Socket;
  send(channel: number, method: keyof typeof methods, ...args: readonly Buffer[]): void;
  /** Returns the message that was published last. */
  returnLast(channel: number): void;
  /** The number of the message that was published last on the channel. */
  tag(channel: number): number;
}

/** A broker without queues that answers every method, and can be told to answer wrongly. */
export interface FakeBroker {
  readonly url: string;
  /** Replaces what it does beside the usual. */
  script: Script;
  /** Bodies that were published. */
  readonly published: readonly Buffer[];
  /** Connections that were taken. */
  readonly connections: number;
  close(): Promise<void>;
}

const methods = {
  "connection.start": [10, 10],
  "connection.tune": [10, 30],
  "connection.open-ok": [10, 41],
  "connection.close": [10, 50],
  "connection.close-ok": [10, 51],
  "connection.blocked": [10, 60],
  "connection.unblocked": [10, 61],
  "channel.open-ok": [20, 11],
  "channel.close": [20, 40],
  "channel.close-ok": [20, 41],
  "exchange.declare-ok": [40, 11],
  "queue.declare-ok": [50, 11],
  "queue.bind-ok": [50, 21],
  "queue.delete-ok": [50, 41],
  "basic.qos-ok": [60, 11],
  "basic.consume-ok": [60, 21],
  "basic.cancel": [60, 30],
  "basic.cancel-ok": [60, 31],
  "basic.return": [60, 50],
  "basic.deliver": [60, 60],
  "basic.ack": [60, 80],
  "basic.nack": [60, 120],
  "confirm.select-ok": [85, 11],
} as const;

const names: ReadonlyMap<string, string> = new Map([
  ["10.11", "connection.start-ok"],
  ["10.31", "connection.tune-ok"],
  ["10.40", "connection.open"],
  ["10.50", "connection.close"],
  ["10.51", "connection.close-ok"],
  ["20.10", "channel.open"],
  ["20.40", "channel.close"],
  ["20.41", "channel.close-ok"],
  ["40.10", "exchange.declare"],
  ["50.10", "queue.declare"],
  ["50.20", "queue.bind"],
  ["50.40", "queue.delete"],
  ["60.10", "basic.qos"],
  ["60.20", "basic.consume"],
  ["60.30", "basic.cancel"],
  ["60.40", "basic.publish"],
  ["60.80", "basic.ack"],
  ["85.10", "confirm.select"],
]);

export async function startFakeBroker(): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  const published: Buffer[] = [];
  const counts = new Map<string, number>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const peer = new Peer(socket, published, (received) => {
      const count = counts.get(received.name) ?? 0;
      counts.set(received.name, count + 1);
      return broker.script(received, peer, count) === true;
    });
    peer.begin();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const broker = {
    url: `rabbit://guest:guest@127.0.0.1:${port}/`,
    script: (): undefined => undefined,
    published,
    get connections() {
      return connections;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  } as FakeBroker;
  return broker;
}

export const octet = (value: number): Buffer => Buffer.from([value]);
export const short = (value: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
};
export const long = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
};
export const longlong = (value: number): Buffer => Buffer.concat([long(0), long(value)]);
export const shortstr = (text: string): Buffer => Buffer.concat([octet(Buffer.byteLength(text)), Buffer.from(text)]);
export const longstr = (text: string): Buffer => Buffer.concat([long(Buffer.byteLength(text)), Buffer.from(text)]);
/** The arguments of connection.close and channel.close. */
export const reason = (code: number, text: string): Buffer =>
  Buffer.concat([short(code), shortstr(text), short(0), short(0)]);

export function frame(type: number, channel: number, payload: Buffer): Buffer {
  return Buffer.concat([octet(type), short(channel), long(payload.length), payload, octet(0xce)]);
}

class Peer implements FakePeer {
  readonly socket: Socket;
  readonly #published: Buffer[];
  readonly #script: (received: Received) => boolean;
  readonly #tags = new Map<number, number>();
  readonly #contents = new Map<number, { size: number; header: Buffer; bodies: Buffer[] }>();
  #address: Buffer = Buffer.alloc(0);
  #rest: Buffer = Buffer.alloc(0);
  #greeted = false;

  constructor(socket: Socket, published: Buffer[], script: (received: Received) => boolean) {
    this.socket = socket;
    this.#published = published;
    this.#script = script;
    socket.on("data", (data) => {
      this.#rest = Buffer.concat([this.#rest, data]);
      this.#read();
    });
  }

  /** A connection was made. */
  begin(): void {
    this.#script({ name: "connect", channel: 0, payload: Buffer.alloc(0) });
  }

  send(channel: number, method: keyof typeof methods, ...args: readonly Buffer[]): void {
    const [classId, methodId] = methods[method];
    this.socket.write(frame(1, channel, Buffer.concat([short(classId), short(methodId), ...args])));
  }

  tag(channel: number): number {
    return this.#tags.get(channel) ?? 0;
  }

  returnLast(channel: number): void {
    const content = this.#contents.get(channel);
    if (content === undefined) return;
    this.send(channel, "basic.return", short(312), shortstr("NO_ROUTE"), this.#address);
    this.socket.write(frame(2, channel, content.header));
    for (const body of content.bodies) this.socket.write(frame(3, channel, body));
  }

  #read(): void {
    if (!this.#greeted) {
      if (this.#rest.length < 8) return;
      this.#rest = this.#rest.subarray(8);
      this.#greeted = true;
      if (this.#script({ name: "header", channel: 0, payload: Buffer.alloc(0) })) return;
      this.send(0, "connection.start", octet(0), octet(9), long(0), longstr("PLAIN AMQPLAIN"), longstr("en_US"));
    }
    while (this.#rest.length >= 8) {
      const size = this.#rest.readUInt32BE(3);
      if (this.#rest.length < size + 8) return;
      const [type, channel] = [this.#rest.readUInt8(0), this.#rest.readUInt16BE(1)];
      const payload = this.#rest.subarray(7, 7 + size);
      this.#rest = this.#rest.subarray(size + 8);
      this.#frame(type, channel, payload);
    }
  }

  #frame(type: number, channel: number, payload: Buffer): void {
    if (type === 1) {
      const id = `${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`;
      this.#method({ name: names.get(id) ?? id, channel, payload });
    } else if (type === 2) {
      const size = Number(payload.readBigUInt64BE(4));
      this.#contents.set(channel, { size, header: Buffer.from(payload), bodies: [] });
      if (size === 0) this.#content(channel);
    } else if (type === 3) {
      const content = this.#contents.get(channel);
      if (content === undefined) return;
      content.bodies.push(Buffer.from(payload));
      content.size -= payload.length;
      if (content.size <= 0) this.#content(channel);
    }
  }

  #content(channel: number): void {
    const body = Buffer.concat(this.#contents.get(channel)?.bodies ?? []);
    this.#published.push(body);
    this.#tags.set(channel, this.tag(channel) + 1);
    if (this.#script({ name: "content", channel, payload: body })) return;
    this.send(channel, "basic.ack", longlong(this.tag(channel)), octet(0));
  }

  #method(received: Received): void {
    const { name, channel, payload } = received;
    // Exchange and routing key, after a reserved field; what follows are bits.
    if (name === "basic.publish") this.#address = Buffer.from(payload.subarray(6, payload.length - 1));
    if (name === "channel.open") this.#tags.set(channel, 0);
    if (this.#script(received)) return;
    const answer = answers[name];
    if (answer !== undefined) answer(this, channel, payload);
  }
}

const answers: Readonly<Record<string, (peer: FakePeer, channel: number, payload: Buffer) => void>> = {
  "connection.start-ok": (peer) => peer.send(0, "connection.tune", short(2047), long(131_072), short(60)),
  "connection.open": (peer) => peer.send(0, "connection.open-ok", shortstr("")),
  "connection.close": (peer) => peer.send(0, "connection.close-ok"),
  "channel.open": (peer, channel) => peer.send(channel, "channel.open-ok", long(0)),
  "channel.close": (peer, channel) => peer.send(channel, "channel.close-ok"),
  "confirm.select": (peer, channel) => peer.send(channel, "confirm.select-ok"),
  "exchange.declare": (peer, channel) => peer.send(channel, "exchange.declare-ok"),
  "queue.declare": (peer, channel, payload) =>
    peer.send(channel, "queue.declare-ok", payload.subarray(6, 7 + payload.readUInt8(6)), long(0), long(0)),
  "queue.bind": (peer, channel) => peer.send(channel, "queue.bind-ok"),
  "queue.delete": (peer, channel) => peer.send(channel, "queue.delete-ok", long(0)),
  "basic.qos": (peer, channel) => peer.send(channel, "basic.qos-ok"),
  "basic.consume": (peer, channel, payload) => {
    const tag = 7 + payload.readUInt8(6);
    peer.send(channel, "basic.consume-ok", payload.subarray(tag, tag + 1 + payload.readUInt8(tag)));
  },
  "basic.cancel": (peer, channel, payload) =>
    peer.send(channel, "basic.cancel-ok", payload.subarray(4, 5 + payload.readUInt8(4))),
};
