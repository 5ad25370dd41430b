import { MemoryQueue, type PublishedMessage, type QueueLimits } from "./queue.js";

/**
 * A message broker in the process, with as much of AMQP as RPC can see. Exchanges are implied by their bindings, and a
 * message that no binding takes is dropped.
 */
export class MemoryBroker {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #bindings = new Map<string, Set<MemoryQueue>>();
  readonly #expiries = new Map<string, NodeJS.Timeout>();

  /** Makes the queue unless it exists. */
  declareQueue(name: string): MemoryQueue {
    this.#keep(name);
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new MemoryQueue(name);
      this.#queues.set(name, queue);
    }
    return queue;
  }

  bind(queue: MemoryQueue, exchange: string, routingKey: string): void {
    const key = bindingKey(exchange, routingKey);
    const bound = this.#bindings.get(key);
    if (bound === undefined) this.#bindings.set(key, new Set([queue]));
    else bound.add(queue);
  }

  deleteQueue(queue: MemoryQueue): void {
    this.#keep(queue.name);
    this.#queues.delete(queue.name);
    for (const [key, bound] of this.#bindings) {
      if (bound.delete(queue) && bound.size === 0) this.#bindings.delete(key);
    }
  }

  /** Deletes the queue after a time without consumers: AMQP's `x-expires`. */
  expireQueue(queue: MemoryQueue, milliseconds: number): void {
    this.#keep(queue.name);
    const timer = setTimeout(() => this.deleteQueue(queue), milliseconds).unref();
    this.#expiries.set(queue.name, timer);
  }

  /** Whether a queue took the message, or which one is full: then none has taken it. */
  publish(
    route: Route,
    message: PublishedMessage,
    expiration: number | undefined,
    limits: QueueLimits,
  ): boolean | MemoryQueue {
    if ("queue" in route) {
      const queue = this.#queues.get(route.queue);
      if (queue === undefined) return false;
      if (!queue.hasRoom(message.body.length, limits)) return queue;
      queue.push(message, expiration);
      return true;
    }
    const bound = this.#bindings.get(bindingKey(route.exchange, route.routingKey));
    if (bound === undefined) return false;
    for (const queue of bound) if (!queue.hasRoom(message.body.length, limits)) return queue;
    for (const queue of bound) queue.push(message, expiration);
    return true;
  }

  /** Forgets everything. */
  clear(): void {
    for (const name of [...this.#expiries.keys()]) this.#keep(name);
    this.#queues.clear();
    this.#bindings.clear();
  }

  #keep(name: string): void {
    clearTimeout(this.#expiries.get(name));
    this.#expiries.delete(name);
  }
}

/** An exchange and a key, or one queue directly (AMQP's default exchange). */
export type Route = { readonly exchange: string; readonly routingKey: string } | { readonly queue: string };

function bindingKey(exchange: string, routingKey: string): string {
  return `${exchange}\n${routingKey}`;
}
