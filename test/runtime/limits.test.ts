import { BacklogFullError } from "@rpcgen/runtime";
import { describe, expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { replyAddressWithin } from "../../src/runtime/oversized.js";
import { encodeEnvelope } from "../../src/runtime/wire/envelope.js";
import { anyText } from "../../src/runtime/wire/escaped.js";
import { encodeRequest } from "../../src/runtime/wire/request.js";
import { brokerURL, uniqueName } from "../support/broker.js";
import { Inbox, text } from "../support/inbox.js";
import { freePort } from "../support/rabbitmq.js";
import { describeLimits } from "./suite/limits.js";

const memory = `memory://${uniqueName("limits")}`;

describeLimits("memory", () => Promise.resolve(memory));
describeLimits("RabbitMQ", brokerURL);

describe("messages that wait in a queue on memory", () => {
  const full = (bodies: readonly string[]) => ({
    code: "backlog-full",
    message: expect.stringMatching(
      new RegExp(`not sent: ${bodies.length} messages of ${bodies.join("").length} bytes wait in the queue q already`),
    ),
  });

  test.each([
    ["so many", { maxBacklog: 3 }],
    ["so many bytes", { maxBacklogBytes: 300 }],
  ])("are %s at most, with those that are not acknowledged; one that has been makes room", async (_what, options) => {
    const transport = createTransport(`memory://${uniqueName("full")}`, { ...options, prefetch: 2 });
    const inbox = new Inbox({ settle: false });
    await transport.subscribe({ replyQueue: "q" }, inbox.listener);
    const publish = () => transport.publish({ replyQueue: "q" }, text("x".repeat(100)));
    await Promise.all([publish(), publish(), publish()]);
    const [first] = [await inbox.next(), await inbox.next()];
    const error = await publish().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BacklogFullError);
    expect(error).toMatchObject(full(Array.from({ length: 3 }, () => "x".repeat(100))));
    first?.reject(true);
    await expect(publish()).rejects.toBeInstanceOf(BacklogFullError);
    (await inbox.next()).ack();
    await publish();
    expect(transport.stats()).toMatchObject({ published: 6, confirmed: 4, failed: 2 });
    await transport.close();
  });

  test("may be one that is larger than all bytes that may wait, and their time makes room as well", async () => {
    const transport = createTransport(`memory://${uniqueName("full")}`, { maxBacklogBytes: 10 });
    const target = { target: { topic: "t", server: "s" } };
    await (await transport.subscribe({ target: { topic: "t", server: "s" } }, () => {})).cancel();
    await transport.publish(target, { ...text("x".repeat(100)), expiration: 20 });
    await expect(transport.publish(target, text("y"))).rejects.toBeInstanceOf(BacklogFullError);
    await expect
      .poll(() =>
        transport.publish(target, text("y")).then(
          () => "taken",
          () => "full",
        ),
      )
      .toBe("taken");
    await transport.close();
  });

  test("of a fanout are in every queue or in none", async () => {
    const name = `memory://${uniqueName("full")}`;
    const [transport, stuck] = [createTransport(name, { maxBacklog: 2 }), createTransport(name)];
    const [works, stands] = [new Inbox(), new Inbox({ settle: false })];
    await transport.subscribe({ target: { topic: "t", server: "works" } }, works.listener);
    await stuck.subscribe({ target: { topic: "t", server: "stands" } }, stands.listener);
    const fanout = { target: { topic: "t", fanout: true } };
    for (const body of ["1", "2"]) await transport.publish(fanout, text(body));
    await expect(transport.publish(fanout, text("3"))).rejects.toBeInstanceOf(BacklogFullError);
    expect(await works.take(2)).toEqual(["1", "2"]);
    for (let i = 0; i < 2; i++) (await stands.next()).ack();
    await transport.publish(fanout, text("4"));
    expect(await works.take(1)).toEqual(["4"]);
    await transport.close();
    await stuck.close();
  });
});

describe("who waits for the answer to a request that is too large to be read", () => {
  const reply = { messageId: "0123456789abcdef", queue: "reply_queue", heartbeat: null };
  const payload = { method: "m", args: {}, _msg_id: reply.messageId, _reply_q: reply.queue };

  test.each<[string, Buffer]>([
    ["in our own form", encodeRequest({ method: "m", args: {}, reply, context: { a: 1 } })],
    ["in Python's form", encodeEnvelope(anyText(payload).replaceAll(":", ": ").replaceAll(",", ", "))],
    ["without an envelope", Buffer.from(JSON.stringify(payload))],
    ["before a context that talks of it", encodeEnvelope(anyText({ ...payload, _context_a: '"_reply_q": "b"' }))],
    ["before a context with such a name", encodeEnvelope(anyText({ ...payload, _context_a: "_reply_q" }))],
  ])("is found %s", (_where, body) => {
    expect(replyAddressWithin(body)).toEqual(reply);
  });

  test.each<[string, Buffer]>([
    ["of a cast", encodeRequest({ method: "m", args: {}, context: {} })],
    ["of a cast that talks of it", encodeEnvelope(anyText({ method: "m", args: { a: '"_reply_q": "b"' } }))],
    ["where it is cut off", encodeRequest({ method: "m", args: {}, reply, context: {} }).subarray(0, 90)],
    ["of what is empty", Buffer.alloc(0)],
    ["of anything", Buffer.from("_reply_q_msg_id".repeat(1_000))],
  ])("is nobody in the bytes %s", (_what, body) => {
    expect(replyAddressWithin(body)).toBeUndefined();
  });
});

describe("messages that wait for a broker", () => {
  test.each([
    ["so many", { maxBacklog: 3 }],
    ["so many bytes", { maxBacklogBytes: 300 }],
  ])("are %s at most; one more fails at once, and none of those that wait", async (_what, options) => {
    const transport = createTransport(`rabbit://127.0.0.1:${await freePort()}/`, options);
    const publish = () => transport.publish({ replyQueue: "r" }, text("x".repeat(100)));
    const waiting = [publish(), publish(), publish()].map((each) => each.catch((error: unknown) => error));
    await expect(publish()).rejects.toThrow(BacklogFullError);
    await expect(publish()).rejects.toMatchObject({
      code: "backlog-full",
      message: "not sent: 3 messages of 300 bytes wait for RabbitMQ already (maxBacklog, maxBacklogBytes)",
    });
    expect(transport.stats()).toMatchObject({ backlog: 3, backlogBytes: 300, published: 3 });
    await transport.close();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => expect.objectContaining({ delivery: "not-sent" })));
    expect(transport.stats()).toMatchObject({ backlog: 0, backlogBytes: 0, failed: 3 });
  });

  test("may be one that is larger than all bytes that may wait", async () => {
    const transport = createTransport(await brokerURL(), { maxBacklogBytes: 10 });
    await transport.publish({ replyQueue: "r" }, text("x".repeat(100)));
    await transport.close();
  });

  test.each(["maxMessageSize", "maxPendingCalls", "maxBacklog", "maxBacklogBytes"])("%s is a number from 1", (name) => {
    expect(() => createTransport("rabbit://localhost/", { [name]: 0 })).toThrow(`${name} must be a number from 1`);
  });
});
