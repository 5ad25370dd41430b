import { expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { brokerURL, uniqueName } from "../support/broker.js";
import { Inbox, replyQueueName, text } from "../support/inbox.js";

// Alone in its file: transports of other tests would leave their last sockets here.
test("a closed transport leaves no socket and no timer", async () => {
  const url = await brokerURL();
  const before = resources();
  const t = createTransport(url);
  const replyQueue = replyQueueName();
  const inbox = new Inbox();
  await t.subscribe({ replyQueue }, inbox.listener);
  await t.subscribe({ target: { topic: uniqueName("topic"), server: "s1" } }, inbox.listener);
  const published = Array.from({ length: 500 }, (_, i) => t.publish({ replyQueue }, text(`${i}`)));
  await t.close();
  await Promise.all(published);
  // A destroyed socket leaves the list at the end of the turn after.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(resources()).toEqual(before);
});

function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|Timeout/.test(name));
}
