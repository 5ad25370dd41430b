// AMQP frames for the least that oslo's wire can cost: heads as bytes, one write a turn, deliveries where they lie.
// Good for this comparison alone: whatever else a broker may send is dropped, and nothing is checked.

const [METHOD, HEADER, BODY, END] = [1, 2, 3, 0xce];
const PUBLISH = (60 << 16) | 40;
const DELIVER = (60 << 16) | 60;
const ACK = (60 << 16) | 80;
const BLOCK = 1 << 20;

/** Method and header of a message as bytes, and where its size goes. */
export function headOf({ channel, exchange, key, mandatory, expiration }) {
  const method = Buffer.concat([uint32(PUBLISH), Buffer.alloc(2), short(exchange), short(key), Buffer.of(mandatory)]);
  const flags = expiration === undefined ? 0xf800 : 0xf900;
  const properties = Buffer.concat([
    Buffer.of(flags >> 8, flags & 0xff),
    short("application/json"),
    short("utf-8"),
    Buffer.from([0, 0, 0, 0, 2, 0]),
    ...(expiration === undefined ? [] : [short(expiration)]),
  ]);
  const header = Buffer.concat([uint32(60 << 16), Buffer.alloc(8), properties]);
  const first = Buffer.concat([frame(METHOD, channel, method), frame(HEADER, channel, header)]);
  const bytes = Buffer.concat([first, Buffer.of(BODY, channel >> 8, channel & 0xff), Buffer.alloc(4)]);
  return { bytes, headerSizeAt: method.length + 8 + 7 + 8, bodySizeAt: bytes.length - 4 };
}

/** Writes what comes in one turn of the event loop at once. */
export class Writer {
  #socket;
  #block = Buffer.allocUnsafeSlow(BLOCK);
  #at = 0;
  #scheduled = false;
  #acknowledged;
  #channel;

  constructor(socket, channel) {
    this.#socket = socket;
    this.#channel = channel;
  }

  /** ASCII, and less than a frame. */
  publish({ bytes, headerSizeAt, bodySizeAt }, text) {
    if (this.#at + bytes.length + text.length + 64 > BLOCK) this.#flush();
    const [block, start] = [this.#block, this.#at];
    block.set(bytes, start);
    const body = start + bytes.length;
    const size = block.latin1Write(text, body);
    block.writeUInt32BE(size, start + headerSizeAt);
    block.writeUInt32BE(size, start + bodySizeAt);
    block[body + size] = END;
    this.#at = body + size + 1;
    this.#schedule();
  }

  /** This message and all before it. */
  acknowledge(tag) {
    this.#acknowledged = tag;
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => process.nextTick(() => this.#flush()));
  }

  #flush() {
    this.#scheduled = false;
    if (this.#acknowledged !== undefined) {
      const ack = frame(
        METHOD,
        this.#channel,
        Buffer.concat([uint32(ACK), uint32(0), uint32(this.#acknowledged), Buffer.of(1)]),
      );
      this.#block.set(ack, this.#at);
      this.#at += ack.length;
      this.#acknowledged = undefined;
    }
    if (this.#at === 0) return;
    this.#socket.write(this.#block.subarray(0, this.#at));
    // What the socket has taken at once can be written over.
    if (this.#socket.writableLength > 0) this.#block = Buffer.allocUnsafeSlow(BLOCK);
    this.#at = 0;
  }
}

/** Reads a socket in amqplib's place: `delivered` gets each body with its tag, `confirmed` each confirmation. */
export function read(socket, { delivered = () => {}, confirmed = () => {} }) {
  let rest = Buffer.alloc(0);
  let tag = 0;
  socket.removeAllListeners("readable");
  socket.on("data", (bytes) => {
    const buffer = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    while (buffer.length - at >= 8) {
      const size = buffer.readUInt32BE(at + 3);
      if (buffer.length - at < size + 8) break;
      const payload = at + 7;
      if (buffer[at] === BODY) delivered(buffer.latin1Slice(payload, payload + size), tag);
      else if (buffer[at] === METHOD) {
        const method = buffer.readUInt32BE(payload);
        if (method === DELIVER) tag = buffer.readUInt32BE(payload + 5 + buffer[payload + 4] + 4);
        else if (method === ACK) confirmed(buffer.readUInt32BE(payload + 8), buffer[payload + 12] === 1);
      }
      at += size + 8;
    }
    rest = buffer.subarray(at);
  });
}

function frame(type, channel, payload) {
  return Buffer.concat([
    Buffer.of(type, channel >> 8, channel & 0xff),
    uint32(payload.length),
    payload,
    Buffer.of(END),
  ]);
}

function short(text) {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
