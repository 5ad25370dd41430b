import { createHook } from "node:async_hooks";
import { expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { brokerURL, uniqueName } from "../support/broker.js";
import { Inbox, replyQueueName, text } from "../support/inbox.js";

test("a closed transport leaves no socket and no timer", async () => {
  const url = await brokerURL();
  const handles = new Handles();
  const t = createTransport(url);
  const replyQueue = replyQueueName();
  const inbox = new Inbox();
  await t.subscribe({ replyQueue }, inbox.listener);
  await t.subscribe({ target: { topic: uniqueName("topic"), server: "s1" } }, inbox.listener);
  const { signal } = new AbortController();
  const published = Array.from({ length: 500 }, (_, i) => t.publish({ replyQueue }, { ...text(`${i}`), signal }));
  expect(handles.open).toContain("TCPWRAP");
  expect(handles.open).toContain("Timeout");
  await t.close();
  await Promise.all(published);
  // Node reports what is destroyed at the end of the turn after.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(handles.stop()).toEqual([]);
});

/** The sockets and timers that the runtime or amqplib opens from now on; the test runner has timers of its own. */
class Handles {
  readonly #open = new Map<number, string>();
  readonly #hook = createHook({
    init: (id, type) => {
      if (type !== "TCPWRAP" && type !== "Timeout") return;
      const { stack = "" } = new Error("who made it");
      if (/src\/runtime|amqplib/.test(stack)) this.#open.set(id, type);
    },
    destroy: (id) => this.#open.delete(id),
  }).enable();

  get open(): string[] {
    return [...this.#open.values()];
  }

  stop(): string[] {
    this.#hook.disable();
    return this.open;
  }
}
