let callbacks: (() => void)[] = [];
let isScheduled = false;

/**
 * Runs a function at the end of this turn of the event loop: after the microtasks, in which the handlers of all messages
 * that were read together run, and before anything else is read. The functions run in the order of their registration.
 */
export function atEndOfTurn(callback: () => void): void {
  callbacks.push(callback);
  if (isScheduled) return;
  isScheduled = true;
  // `setImmediate` would cost a call that is alone a round of the loop.
  queueMicrotask(afterMicrotasks);
}

function afterMicrotasks(): void {
  process.nextTick(endTurn);
}

function endTurn(): void {
  isScheduled = false;
  const ready = callbacks;
  callbacks = [];
  for (let index = 0; index < ready.length; index++) {
    try {
      ready[index]?.();
    } catch (error) {
      // The others still have their turn; the error goes where it would have gone from a callback of its own.
      for (const callback of ready.slice(index + 1)) atEndOfTurn(callback);
      throw error;
    }
  }
}
