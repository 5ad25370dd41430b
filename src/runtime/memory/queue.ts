import type { Headers, IncomingMessage, MessageListener } from "../transport.js";

/** A queue of the broker in the process: competing consumers, prefetch, acknowledgement and redelivery as in AMQP. */
export class MemoryQueue {
  readonly name: string;
  /** Messages in the queue, with those that a consumer has and has not acknowledged. */
  #size = 0;
  #bytes = 0;
  readonly #ready: Entry[] = [];
  #head = 0;
  /** Rejected with requeue or left by a consumer that went; oldest first. They go out before all others. */
  readonly #returned: Entry[] = [];
  readonly #consumers: MemoryConsumer[] = [];
  #next = 0;
  #sequence = 0;
  #scheduled = false;

  constructor(name: string) {
    this.name = name;
  }

  get idle(): boolean {
    return this.#consumers.length === 0;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether one message more is within the limits. An empty queue takes one however large it is. */
  hasRoom(size: number, limits: QueueLimits): boolean {
    this.#dropExpiredHead();
    if (this.#size === 0) return true;
    return this.#size < limits.maxBacklog && this.#bytes + size <= limits.maxBacklogBytes;
  }

  push({ body, headers = noHeaders }: PublishedMessage, expiration: number | undefined): void {
    this.#dropExpiredHead();
    this.#size++;
    this.#bytes += body.length;
    const deadline = expiration === undefined ? Number.POSITIVE_INFINITY : performance.now() + expiration;
    this.#ready.push({ sequence: this.#sequence++, body, headers, expiration, deadline, redelivered: false });
    this.#schedule();
  }

  consume(listener: MessageListener, prefetch: number, onFailure: ListenerFailure): MemoryConsumer {
    const consumer = new MemoryConsumer(this, listener, prefetch, onFailure);
    this.#consumers.push(consumer);
    this.#schedule();
    return consumer;
  }

  /** @internal for MemoryConsumer */
  removeConsumer(consumer: MemoryConsumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index >= 0) this.#consumers.splice(index, 1);
  }

  /** @internal for MemoryConsumer: a message is gone for good. */
  removed({ body }: Entry): void {
    this.#size--;
    this.#bytes -= body.length;
  }

  /** @internal for MemoryConsumer: takes a message back, to the place where it stood. */
  giveBack(entry: Entry): void {
    entry.redelivered = true;
    let at = this.#returned.length;
    while (at > 0 && (this.#returned[at - 1]?.sequence ?? -1) > entry.sequence) at--;
    this.#returned.splice(at, 0, entry);
    this.#schedule();
  }

  /** @internal for MemoryConsumer: a consumer may have room again. */
  roomMade(): void {
    if (this.#returned.length > 0 || this.#head < this.#ready.length) this.#schedule();
  }

  /** A broker never answers inside the publisher's call, and a listener that publishes must not starve timers and sockets. */
  #schedule(): void {
    if (this.#scheduled || this.#consumers.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    // Only what waits now: a listener that publishes to this queue is served in the next turn.
    for (let budget = this.#returned.length + this.#ready.length - this.#head; budget > 0; budget--) {
      const consumer = this.#nextConsumer();
      if (consumer === undefined) return;
      const entry = this.#take();
      if (entry === undefined) return;
      consumer.deliver(entry);
    }
    this.roomMade();
  }

  #nextConsumer(): MemoryConsumer | undefined {
    for (let tried = 0; tried < this.#consumers.length; tried++) {
      const consumer = this.#consumers[this.#next++ % this.#consumers.length];
      if (consumer?.hasRoom) return consumer;
    }
    return undefined;
  }

  #take(): Entry | undefined {
    for (;;) {
      const entry = this.#returned.shift() ?? this.#takeReady();
      if (entry === undefined || performance.now() <= entry.deadline) return entry;
      this.removed(entry);
    }
  }

  #takeReady(): Entry | undefined {
    const entry = this.#ready[this.#head];
    if (entry === undefined) return undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready.splice(0, this.#head);
      this.#head = 0;
    }
    return entry;
  }

  /** Keeps a queue without consumers from filling up with messages that nobody will get. */
  #dropExpiredHead(): void {
    const now = performance.now();
    for (let entry = this.#ready[this.#head]; entry !== undefined && entry.deadline < now; ) {
      this.#takeReady();
      this.removed(entry);
      entry = this.#ready[this.#head];
    }
  }
}

/** Hears of a listener that threw; a broken listener must not stop the queue. */
export type ListenerFailure = (queue: string, error: unknown) => void;

export class MemoryConsumer {
  /** Its connection has ended. */
  closed = false;
  readonly #queue: MemoryQueue;
  readonly #listener: MessageListener;
  readonly #prefetch: number;
  readonly #onFailure: ListenerFailure;
  readonly #unacknowledged = new Set<Entry>();

  constructor(queue: MemoryQueue, listener: MessageListener, prefetch: number, onFailure: ListenerFailure) {
    this.#queue = queue;
    this.#listener = listener;
    this.#prefetch = prefetch;
    this.#onFailure = onFailure;
  }

  get hasRoom(): boolean {
    return this.#prefetch === 0 || this.#unacknowledged.size < this.#prefetch;
  }

  deliver(entry: Entry): void {
    this.#unacknowledged.add(entry);
    const message = new MemoryMessage(this, entry, this.#queue.name);
    try {
      this.#listener(message);
    } catch (error) {
      this.#onFailure(this.#queue.name, error);
      message.reject();
    }
  }

  settle(entry: Entry, requeue: boolean): void {
    if (!this.#unacknowledged.delete(entry)) return;
    if (requeue) {
      this.#queue.giveBack(entry);
      return;
    }
    this.#queue.removed(entry);
    this.#queue.roomMade();
  }

  /** No more messages; those delivered may still be acknowledged. */
  cancel(): void {
    this.#queue.removeConsumer(this);
  }

  /** The connection ends: what was not acknowledged goes to the other consumers. */
  close(): void {
    this.closed = true;
    this.cancel();
    for (const entry of this.#unacknowledged) this.settle(entry, true);
  }
}

/** How much may wait in one queue. */
export interface QueueLimits {
  readonly maxBacklog: number;
  readonly maxBacklogBytes: number;
}

/** A message as the broker gets it. */
export interface PublishedMessage {
  readonly body: Buffer;
  readonly headers?: Headers | undefined;
}

interface Entry {
  readonly sequence: number;
  readonly body: Buffer;
  readonly headers: Headers;
  readonly expiration: number | undefined;
  readonly deadline: number;
  redelivered: boolean;
}

const noHeaders: Headers = Object.freeze({});

class MemoryMessage implements IncomingMessage {
  readonly body: Buffer;
  readonly queue: string;
  readonly contentType = "application/json";
  readonly headers: Headers;
  readonly expiration: number | undefined;
  readonly redelivered: boolean;
  readonly #consumer: MemoryConsumer;
  readonly #entry: Entry;

  constructor(consumer: MemoryConsumer, entry: Entry, queue: string) {
    this.body = entry.body;
    this.queue = queue;
    this.headers = entry.headers;
    this.expiration = entry.expiration;
    this.redelivered = entry.redelivered;
    this.#consumer = consumer;
    this.#entry = entry;
  }

  get isStale(): boolean {
    return this.#consumer.closed;
  }

  ack(): void {
    this.#consumer.settle(this.#entry, false);
  }

  reject(requeue = false): void {
    this.#consumer.settle(this.#entry, requeue);
  }
}
