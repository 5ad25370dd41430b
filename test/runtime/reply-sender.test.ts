import { createTransport, type Transport } from "@rpcgen/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { encodedReply, ReplySender } from "../../src/runtime/reply-sender.js";
import { decodeReply } from "../../src/runtime/wire/reply.js";
import { uniqueName } from "../support/broker.js";
import { Inbox } from "../support/inbox.js";
import { RecordingLogger } from "../support/recording-logger.js";

test.each(["x".repeat(256), "\u00e9".repeat(128)])(
  "a reply to a queue that no broker can have is dropped with a log line, and not tried again",
  async (queue) => {
    const logger = new RecordingLogger();
    const transport = createTransport(`memory://${uniqueName("replies")}`);
    const sender = new ReplySender(transport, logger);
    await sender.send(
      { messageId: "m", queue, heartbeat: 2 },
      encodedReply({ messageId: "m", kind: "result", result: 1 }),
    );
    sender.startHeartbeats({ messageId: "m", queue, heartbeat: 2 })();
    await sender.settled();
    expect(logger.entries.map(({ message }) => message)).toEqual([
      "dropped a reply to a queue whose name is none of AMQP's",
    ]);
    expect(transport.stats()).toMatchObject({ published: 0 });
    await transport.close();
  },
);

describe("replies to a queue that was gone for a minute", () => {
  const queue = "reply_away";
  const address = { messageId: "m", queue, heartbeat: null };
  const reply = (messageId: string) => encodedReply({ messageId, kind: "result", result: messageId });
  let logger: RecordingLogger;
  let transport: Transport;
  let sender: ReplySender;

  beforeEach(async () => {
    logger = new RecordingLogger();
    vi.useFakeTimers({ toFake: ["Date"] });
    transport = createTransport(`memory://${uniqueName("replies")}`);
    sender = new ReplySender(transport, logger);
    await sender.send(address, reply("first"));
    vi.setSystemTime(Date.now() + 61_000);
    await sender.settled();
  });
  afterEach(async () => {
    vi.useRealTimers();
    sender.stop();
    await transport.close();
  });

  test("are not tried again and again: each is tried once", async () => {
    const { published } = transport.stats?.() ?? {};
    for (const name of ["second", "third"]) await sender.send(address, reply(name));
    await sender.settled();
    expect(transport.stats?.()).toMatchObject({ published: (published ?? 0) + 2, returned: (published ?? 0) + 2 });
    expect(logger.entries.filter(({ message }) => message === "a reply could not be delivered")).toHaveLength(1);
  });

  test("arrive when the caller is back, at once", async () => {
    const inbox = new Inbox();
    const subscription = await transport.subscribe({ replyQueue: queue }, inbox.listener);
    await sender.send(address, reply("second"));
    expect(decodeReply(await inbox.next())).toMatchObject({ messageId: "second", result: "second" });
    await subscription.cancel();
  });
});
