import { MessageUndeliverableError, TransportError } from "./errors.js";
import { type Operation, publish } from "./publishing.js";
import type { Transport } from "./transport.js";

/** The wait before a request is sent again doubles from the one to the other, in milliseconds. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 1_000;
/** Time after a reconnection in which servers may not be back yet: twice the longest wait between their attempts. */
const RECOVERY = 60_000;

/**
 * Publishes a request that may run more than once, again and again until the broker has taken it or its time is over.
 * It is the same message each time, with the same `_unique_id`, so a server that has got it before does not run it again.
 *
 * Not everything is worth a second try: a broker that refuses the login or a topology will do so again, and a topic that
 * nobody serves is an error at once, unless the connection was lost lately and its servers may be reconnecting too.
 */
export async function publishRepeatedly(operation: Operation, body: Buffer, expiration: number): Promise<void> {
  const { deadline, transport } = operation;
  let wait = FIRST_WAIT;
  let expires = expiration;
  for (;;) {
    try {
      return await publish(operation, body, expires);
    } catch (error) {
      if (deadline.aborted || !mayHelp(error, transport)) throw error;
      await deadline.pause(wait);
      if (deadline.aborted) throw error;
      countRepeat(operation);
      wait = Math.min(LONGEST_WAIT, 2 * wait);
      if (expiration !== Number.POSITIVE_INFINITY) expires = deadline.left;
    }
  }
}

/** Counts a request that is sent again. */
export function countRepeat({ metrics, request }: Operation): void {
  metrics?.count("rpcgen.client.repeats", { service: request.service.name, method: request.name });
}

function mayHelp(error: unknown, transport: Transport): boolean {
  if (error instanceof TransportError && error.delivery === "unknown") return true;
  const isLost = error instanceof TransportError || error instanceof MessageUndeliverableError;
  return isLost && isRecovering(transport);
}

function isRecovering(transport: Transport): boolean {
  const publish = transport.stats?.().connections.publish;
  if (publish === undefined || publish.lost === 0 || publish.state === "closed") return false;
  const isOpen = publish.state === "open" || publish.state === "blocked";
  return !isOpen || Date.now() - (publish.openedAt ?? 0) < RECOVERY;
}
