import type { ChannelModel } from "amqplib";
import { FrameReader } from "./frame-reader.js";
import { FrameWriter } from "./frame-writer.js";
import { internalsOf } from "./internals.js";

/**
 * One open connection. amqplib does what is rare: handshake, TLS, heartbeats, channels, topology, flow. The messages, their
 * acknowledgements and their confirmations go through a writer and a reader of our own on the same socket.
 */
export class Link {
  readonly model: ChannelModel;
  readonly writer: FrameWriter;
  readonly reader: FrameReader;
  #drained: () => void = () => {};

  /** @throws {Error} when amqplib is another than the one that this runtime was made for */
  constructor(model: ChannelModel) {
    this.model = model;
    const amqp = internalsOf(model);
    this.writer = new FrameWriter(amqp, () => this.#drained());
    this.reader = new FrameReader(amqp);
  }

  /** Calls the function whenever the socket takes more again. */
  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  /** Writes what is to be written and closes. */
  close(): Promise<void> {
    this.writer.flush();
    this.reader.leaveAll();
    return this.model.close();
  }

  /** The connection is gone. */
  lost(): void {
    this.writer.end();
    this.reader.leaveAll();
  }
}
