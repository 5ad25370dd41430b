import { BacklogFullError } from "@rpcgen/runtime";
import { describe, expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { brokerURL, uniqueName } from "../support/broker.js";
import { text } from "../support/inbox.js";
import { freePort } from "../support/rabbitmq.js";
import { describeLimits } from "./suite/limits.js";

const memory = `memory://${uniqueName("limits")}`;

describeLimits("memory", () => Promise.resolve(memory));
describeLimits("RabbitMQ", brokerURL);

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
