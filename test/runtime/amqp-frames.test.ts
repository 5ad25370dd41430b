import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Acknowledgements } from "../../src/runtime/amqp/acknowledgements.js";
import { type Delivery, FrameReader } from "../../src/runtime/amqp/frame-reader.js";
import { FrameWriter } from "../../src/runtime/amqp/frame-writer.js";
import type { AMQPInternals, Frame } from "../../src/runtime/amqp/internals.js";
import { PublishFrames } from "../../src/runtime/amqp/publish-frames.js";
import type { OutgoingMessage } from "../../src/runtime/transport.js";

/** amqplib's own codec, which it does not export: what we write it must read, and the reverse. */
const require = createRequire(import.meta.url);
const library = dirname(require.resolve("amqplib"));
const frames = require(join(library, "lib/frame.js")) as FrameCodec;
const defs = require(join(library, "lib/defs.js")) as Definitions;

interface RawFrame {
  readonly rest: Buffer;
}
interface Decoded extends Frame {
  readonly id?: number;
  readonly size?: number;
  readonly content?: Buffer;
  readonly fields?: Frame["fields"] & Readonly<Record<string, unknown>>;
}
interface FrameCodec {
  parseFrame(bytes: Buffer, max: number): RawFrame | false;
  decodeFrame(frame: RawFrame): Decoded;
  makeBodyFrame(channel: number, payload: Buffer): Buffer;
}
interface Definitions {
  readonly BasicPublish: number;
  readonly BasicDeliver: number;
  readonly BasicAck: number;
  readonly BasicNack: number;
  readonly BasicReject: number;
  readonly BasicReturn: number;
  readonly BasicProperties: number;
  readonly BasicCancelOk: number;
  encodeMethod(id: number, channel: number, fields: object): Buffer;
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
}

/** A connection of amqplib as the writer and the reader see it, with the bytes that were written. */
class Wire implements AMQPInternals {
  readonly stream = new PassThrough({ highWaterMark: 1 << 30 });
  readonly maxFrameSize = 1 << 20;
  readonly frameMax: number;
  rest = Buffer.alloc(0);
  sentSinceLastCheck = false;
  recvSinceLastCheck = false;
  readonly accepted: Decoded[] = [];
  readonly errors: unknown[] = [];

  constructor(frameMax = 131_072) {
    this.frameMax = frameMax;
  }

  recvFrame(): Decoded | false {
    const frame = frames.parseFrame(this.rest, this.maxFrameSize);
    if (frame === false) return false;
    this.rest = Buffer.from(frame.rest);
    return frames.decodeFrame(frame);
  }

  accept(frame: Frame): void {
    this.accepted.push(frame);
  }

  emit(_event: "frameError", error: unknown): boolean {
    this.errors.push(error);
    return true;
  }

  /** What was written until now. */
  written(): Decoded[] {
    const decoded: Decoded[] = [];
    for (let rest = (this.stream.read() as Buffer | null) ?? Buffer.alloc(0); rest.length > 0; ) {
      const frame = frames.parseFrame(rest, 0);
      if (frame === false) throw new Error("half of a frame was written");
      decoded.push(frames.decodeFrame(frame));
      rest = frame.rest;
    }
    return decoded;
  }
}

const key = fc.string({ maxLength: 60 });
const outgoing: fc.Arbitrary<OutgoingMessage & { readonly key: string }> = fc.record(
  {
    key,
    body: fc.oneof(
      fc.uint8Array({ maxLength: 9_000 }).map((bytes) => Buffer.from(bytes)),
      // Beyond what is copied, and beyond a frame.
      fc.integer({ min: 32_000, max: 300_000 }).map((size) => Buffer.alloc(size, "0123456789")),
    ),
    mandatory: fc.boolean(),
    expiration: fc.double({ min: 0, max: 1e9, noNaN: true }),
    priority: fc.integer({ min: 0, max: 9 }),
    headers: fc.dictionary(
      // amqplib reads this name as JavaScript does.
      fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== "__proto__"),
      fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
    ),
  },
  { requiredKeys: ["key", "body"] },
);

describe("a message that is published", () => {
  test("is what amqplib reads from its frames, whatever its size and the frames'", () => {
    fc.assert(
      fc.property(fc.array(outgoing, { maxLength: 12 }), fc.constantFrom(4_096, 5_000, 131_072, 0), (messages, max) => {
        const wire = new Wire(max);
        const writer = new FrameWriter(wire, () => {});
        const publish = new PublishFrames(7, "nova");
        for (const message of messages) publish.write(writer, message.key, message, message.body);
        writer.flush();
        const read = wire.written();
        for (const { key, body, mandatory, expiration, priority, headers } of messages) {
          const [method, header] = [read.shift(), read.shift()];
          expect(method).toMatchObject({ id: defs.BasicPublish, channel: 7 });
          expect(method?.fields).toMatchObject({ exchange: "nova", routingKey: key, mandatory: mandatory ?? false });
          expect(header).toMatchObject({ channel: 7, size: body.length });
          expect(header?.fields).toMatchObject({
            contentType: "application/json",
            contentEncoding: "utf-8",
            deliveryMode: 2,
            priority: priority ?? 0,
          });
          expect(header?.fields?.["expiration"]).toBe(
            expiration === undefined ? undefined : `${Math.trunc(expiration)}`,
          );
          // -0 is an integer, and there is one 0 among those.
          const sent = Object.entries(headers ?? {}).map(([name, value]) => [name, Object.is(value, -0) ? 0 : value]);
          expect(Object.entries(header?.fields?.headers ?? {})).toEqual(sent);
          const parts: Buffer[] = [];
          for (let left = body.length; left > 0; ) {
            const part = read.shift()?.content ?? Buffer.alloc(0);
            expect(part.length).toBeGreaterThan(0);
            if (max > 0) expect(part.length).toBeLessThanOrEqual(max - 8);
            parts.push(part);
            left -= part.length;
          }
          expect(Buffer.concat(parts).equals(body)).toBe(true);
        }
        expect(read).toEqual([]);
      }),
    );
  });

  test("is refused before a byte is written when its key is longer than AMQP allows", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire, () => {});
    const publish = new PublishFrames(1, "");
    expect(() => publish.write(writer, "k".repeat(256), {}, Buffer.from("x"))).toThrow("255");
    writer.flush();
    expect(wire.written()).toEqual([]);
  });

  test("goes with all others of its turn in one write, at the turn's end", async () => {
    const wire = new Wire();
    let writes = 0;
    const write = wire.stream.write.bind(wire.stream);
    // Counts, and passes on.
    wire.stream.write = ((chunk: Buffer) => {
      writes++;
      return write(chunk);
    }) as typeof wire.stream.write;
    const writer = new FrameWriter(wire, () => {});
    const publish = new PublishFrames(1, "");
    for (let i = 0; i < 50; i++) publish.write(writer, "key", {}, Buffer.from("body"));
    expect(writes).toBe(0);
    // A handler that waits for something which is there already still belongs to the turn.
    await Promise.resolve();
    publish.write(writer, "key", {}, Buffer.from("body"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes).toBe(1);
    expect(wire.written()).toHaveLength(51 * 3);
  });
});

describe("what a channel acknowledges", () => {
  type Step = { readonly how: "ack" | "reject" | "requeue"; readonly pick: number } | "turn";
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ how: fc.constantFrom("ack", "ack", "ack", "reject", "requeue"), pick: fc.nat() }),
      },
      { weight: 1, arbitrary: fc.constant("turn" as const) },
    ) as fc.Arbitrary<Step>,
    { maxLength: 120 },
  );

  test("settles each message once and as it was asked to, in whatever order", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const wire = new Wire();
        const writer = new FrameWriter(wire, () => {});
        const acknowledgements = new Acknowledgements(3, writer);
        const delivered = Array.from({ length: all.length }, (_, index) => index + 1);
        const open = [...delivered];
        const asked = new Map<number, string>();
        for (const step of all) {
          if (step === "turn") {
            writer.flush();
            continue;
          }
          const [tag = 0] = open.splice(step.pick % Math.min(open.length, 5), 1);
          asked.set(tag, step.how);
          if (step.how === "ack") acknowledgements.ack(tag);
          else acknowledgements.reject(tag, step.how === "requeue");
        }
        writer.flush();
        // The broker's side: it closes the channel for a tag that it does not know.
        const unsettled = new Set(delivered);
        const settled = new Map<number, string>();
        for (const { id, fields } of wire.written()) {
          const { deliveryTag, multiple, requeue } = fields as {
            deliveryTag: number;
            multiple: boolean;
            requeue: boolean;
          };
          const tags = multiple ? [...unsettled].filter((tag) => tag <= deliveryTag) : [deliveryTag];
          expect(tags.length).toBeGreaterThan(0);
          for (const tag of tags) {
            expect(unsettled.delete(tag)).toBe(true);
            settled.set(tag, id === defs.BasicAck ? "ack" : requeue ? "requeue" : "reject");
          }
        }
        const byTag = (map: Map<number, string>) => [...map].sort(([a], [b]) => a - b);
        expect(byTag(settled)).toEqual(byTag(asked));
      }),
      { numRuns: 500 },
    );
  });

  test("is not written any more when the channel is gone", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire, () => {});
    const acknowledgements = new Acknowledgements(3, writer, { most: 2, delay: 10 });
    acknowledgements.ack(1);
    acknowledgements.ack(2);
    acknowledgements.end();
    writer.flush();
    expect(wire.written()).toEqual([]);
  });

  test("waits for others where that does no harm, and not for longer than it may", async () => {
    const wire = new Wire();
    const acknowledgements = new Acknowledgements(3, new FrameWriter(wire, () => {}), { most: 3, delay: 1 });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    for (const tag of [1, 2, 3]) acknowledgements.ack(tag);
    await turn();
    acknowledgements.ack(4);
    expect(wire.written().map(({ fields }) => fields)).toEqual([{ deliveryTag: 3, multiple: true }]);
    await expect.poll(() => wire.written().map(({ fields }) => fields)).toEqual([{ deliveryTag: 4, multiple: false }]);
  });

  test("is one frame for a turn in which nothing was left out", () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire, () => {});
    const acknowledgements = new Acknowledgements(3, writer);
    for (let tag = 1; tag <= 40; tag++) acknowledgements.ack(tag);
    writer.flush();
    expect(wire.written().map(({ fields }) => fields)).toEqual([{ deliveryTag: 40, multiple: true }]);
  });
});

describe("what is read", () => {
  const properties = fc.record(
    {
      contentType: fc.constantFrom("application/json", "application/jsom", "text/plain", ""),
      contentEncoding: fc.constant("utf-8"),
      headers: fc.oneof(fc.constant({}), fc.constant({ compression: "application/x-gzip" })),
      deliveryMode: fc.constant(2),
      priority: fc.integer({ min: 0, max: 9 }),
      expiration: fc.oneof(fc.nat().map(String), fc.constantFrom("1.5", "-1", "1e3", "0x1", "soon")),
      correlationId: fc.string({ maxLength: 10 }),
      messageId: fc.string({ maxLength: 10 }),
    },
    { requiredKeys: [] },
  );
  const delivery = fc.record({
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    parts: fc.integer({ min: 1, max: 3 }),
    consumerTag: fc.constantFrom("1", "2", "12", "ctag"),
    redelivered: fc.boolean(),
    properties,
  });

  function framesOf(
    channel: number,
    tag: number,
    { body, parts, consumerTag, redelivered, properties }: Given,
  ): Buffer {
    const fields = { consumerTag, deliveryTag: tag, redelivered, exchange: "nova", routingKey: "compute" };
    const size = Math.max(1, Math.ceil(body.length / parts));
    const bodies: Buffer[] = [];
    for (let at = 0; at < body.length; at += size)
      bodies.push(frames.makeBodyFrame(channel, body.subarray(at, at + size)));
    return Buffer.concat([
      defs.encodeMethod(defs.BasicDeliver, channel, fields),
      defs.encodeProperties(defs.BasicProperties, channel, body.length, properties),
      ...bodies,
    ]);
  }
  type Given = typeof delivery extends fc.Arbitrary<infer Value> ? Value : never;

  test("is every delivery and every confirmation, however the bytes are cut, and the rest is amqplib's", () => {
    fc.assert(
      fc.property(fc.array(delivery, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 200 })), (given, cuts) => {
        const wire = new Wire();
        const reader = new FrameReader(wire);
        const delivered: Delivery[] = [];
        const confirmed: unknown[] = [];
        reader.listen(1, { delivered: (each) => delivered.push(each) });
        reader.listen(2, { confirmed: (...each) => confirmed.push(each) });
        const bytes = Buffer.concat(
          given.flatMap((each, index) => [
            framesOf(1, index + 1, each),
            defs.encodeMethod(defs.BasicAck, 2, { deliveryTag: index + 1, multiple: index % 2 === 0 }),
            defs.encodeMethod(defs.BasicNack, 2, { deliveryTag: index + 1, multiple: false, requeue: false }),
            // Of a channel that is not listened to, and of one that is: neither is ours.
            framesOf(5, index + 1, each),
            defs.encodeMethod(defs.BasicCancelOk, 1, { consumerTag: `t${index}` }),
          ]),
        );
        let at = 0;
        for (const cut of cuts) {
          wire.stream.emit("data", bytes.subarray(at, at + cut));
          at += cut;
        }
        wire.stream.emit("data", bytes.subarray(at));
        expect(wire.errors).toEqual([]);
        expect(
          delivered.map(({ body, headers, ...each }) => ({
            ...each,
            body: body.toString("hex"),
            headers: { ...headers },
          })),
        ).toEqual(
          given.map(({ body, consumerTag, redelivered, properties: { contentType, expiration, headers } }, index) => ({
            consumerTag,
            deliveryTag: index + 1,
            redelivered,
            contentType,
            expiration: expiration !== undefined && /^\d+$/.test(expiration) ? Number(expiration) : undefined,
            headers: { ...headers },
            body: body.toString("hex"),
          })),
        );
        expect(confirmed).toEqual(
          given.flatMap((_, index) => [
            [index + 1, index % 2 === 0, true],
            [index + 1, false, false],
          ]),
        );
        expect(wire.accepted.filter(({ channel }) => channel === 1)).toHaveLength(given.length);
        expect(wire.accepted.filter(({ id }) => id === defs.BasicDeliver)).toHaveLength(given.length);
        expect(new Set(wire.accepted.map(({ channel }) => channel)).size).toBe(given.length === 0 ? 0 : 2);
      }),
    );
  });

  const broken: readonly [string, Buffer, string][] = [
    ["a frame that does not end where it says", Buffer.from([3, 0, 1, 0, 0, 0, 1, 65, 0]), "Invalid frame"],
    ["a frame of 2 GiB", Buffer.from([3, 0, 1, 0x80, 0, 0, 0, 65]), "exceeds maxFrameSize"],
  ];
  test.each(broken)("ends the connection at %s", (_what, bytes, message) => {
    const wire = new Wire();
    new FrameReader(wire).listen(1, { delivered: () => {} });
    wire.stream.emit("data", bytes);
    expect(String(wire.errors[0])).toContain(message);
  });

  test("ends the connection when a message has more content than it said", () => {
    const wire = new Wire();
    new FrameReader(wire).listen(1, { delivered: () => {} });
    const given: Given = { body: Buffer.from("abc"), parts: 1, consumerTag: "1", redelivered: false, properties: {} };
    const bytes = framesOf(1, 1, given);
    const method = bytes.subarray(0, bytes.indexOf(0xce) + 1);
    const header = defs.encodeProperties(defs.BasicProperties, 1, 2, {});
    wire.stream.emit("data", Buffer.concat([method, header, frames.makeBodyFrame(1, given.body)]));
    expect(String(wire.errors[0])).toContain("more content");
  });
});
