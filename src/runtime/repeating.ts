import { MessageUndeliverableError, TransportError } from "./errors.js";
import { type Operation, publish } from "./publishing.js";
import type { Transport } from "./transport.js";
import { defaultLimits } from "./transport-options.js";

/** The wait before a request is sent again doubles from the one to the other, in milliseconds. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 1_000;
/** Time after a reconnection in which servers may not be back yet: twice the longest wait between their attempts. */
const RECOVERY = 60_000;

/**
 * Goes on after a try to publish that failed, again and again until the broker has taken the request or its time is over.
 * It is the same message each time, with the same `_unique_id`, so a server that has got it before does not run it again.
 * Separate from the first try, which nearly always is the only one, so that this one costs nothing beside the publish.
 *
 * A message that came back was taken by nobody, so it may be sent again whatever its method does. After the loss of a
 * connection its servers may be reconnecting too; in other times a topic that nobody serves is an error at once. What
 * may have been taken is sent again where the method is idempotent, and nowhere else. The rest would fail again: a broker
 * that refuses the login or a topology, say.
 */
export async function publishAgain(
  operation: Operation,
  body: Buffer,
  expiration: number,
  failure: unknown,
): Promise<void> {
  const { deadline, transport } = operation;
  const room = Room.of(transport);
  let error = failure;
  /** Of a try that may have been taken: the failure of another does not say that nothing ran. */
  let unknown: unknown;
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, 2 * wait)) {
    if (isUnknown(error)) unknown = error;
    if (deadline.isOver || !mayHelp(error, operation) || !room.enter(body.length)) throw unknown ?? error;
    await deadline.pause(wait);
    room.leave(body.length);
    if (deadline.isOver) throw unknown ?? error;
    countRepeat(operation);
    try {
      return await publish(operation, body, expiration === Number.POSITIVE_INFINITY ? expiration : deadline.left);
    } catch (thrown) {
      error = thrown;
    }
  }
}

/** Counts a request that is sent again. */
export function countRepeat({ metrics, request }: Operation): void {
  metrics?.count("rpcgen.client.repeats", { service: request.service.name, method: request.name });
}

function mayHelp(error: unknown, { transport, request }: Operation): boolean {
  if (error instanceof MessageUndeliverableError) return isRecovering(transport);
  if (request.method.idempotent !== true || !(error instanceof TransportError)) return false;
  return isUnknown(error) || isRecovering(transport);
}

function isUnknown(error: unknown): boolean {
  return error instanceof TransportError && error.delivery === "unknown";
}

function isRecovering(transport: Transport): boolean {
  const publish = transport.stats?.().connections.publish;
  if (publish === undefined || publish.lost === 0 || publish.state === "closed") return false;
  const isOpen = publish.state === "open" || publish.state === "blocked";
  return !isOpen || Date.now() - (publish.openedAt ?? 0) < RECOVERY;
}

/**
 * How many requests of a transport may wait for their next try, which its backlog does not count: as many as may wait
 * for a broker. Otherwise a program that casts to a topic without servers would grow for a minute.
 */
class Room {
  static readonly #all = new WeakMap<Transport, Room>();

  static of(transport: Transport): Room {
    let room = Room.#all.get(transport);
    if (room === undefined) {
      room = new Room(transport);
      Room.#all.set(transport, room);
    }
    return room;
  }

  readonly #most: number;
  readonly #mostBytes: number;
  #messages = 0;
  #bytes = 0;

  private constructor({ maxBacklog, maxBacklogBytes }: Transport) {
    this.#most = maxBacklog ?? defaultLimits.maxBacklog;
    this.#mostBytes = maxBacklogBytes ?? defaultLimits.maxBacklogBytes;
  }

  /** Whether there is room for one more; one that is alone may be of any size. */
  enter(size: number): boolean {
    if (this.#messages >= this.#most || (this.#messages > 0 && this.#bytes + size > this.#mostBytes)) return false;
    this.#messages++;
    this.#bytes += size;
    return true;
  }

  leave(size: number): void {
    this.#messages--;
    this.#bytes -= size;
  }
}
