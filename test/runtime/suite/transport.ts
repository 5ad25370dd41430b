import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTransport } from "../../../src/runtime/create-transport.js";
import { MessageUndeliverableError, TransportError } from "../../../src/runtime/errors.js";
import type { Transport } from "../../../src/runtime/transport.js";
import type { TransportOptions } from "../../../src/runtime/transport-options.js";
import { uniqueName } from "../../support/broker.js";
import { Inbox, replyQueueName, text } from "../../support/inbox.js";

/** What every transport does. `url` is asked for once a test. */
export function describeTransport(name: string, url: () => Promise<string>): void {
  describe(`a transport on ${name}`, () => {
    const open: Transport[] = [];

    async function transport(options: TransportOptions = {}): Promise<Transport> {
      const made = createTransport(await url(), options);
      open.push(made);
      return made;
    }

    // The first to ask starts the broker.
    beforeAll(async () => {
      await url();
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((each) => each.close()));
    });

    test("delivers a message for a topic to its server, with the bytes and properties it was sent with", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      const body = Buffer.from([0, 255, 10, 13, 128, 0]);
      await t.publish({ target: { topic } }, { body, expiration: 60_000.9 });
      const message = await inbox.next();
      expect(message.body.equals(body)).toBe(true);
      expect(message.contentType).toBe("application/json");
      expect({ ...message.headers }).toEqual({});
      expect(message.expiration).toBe(60_000);
      expect(message.redelivered).toBe(false);
    });

    test("does not deliver inside the publishing call", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      const published = t.publish({ target: { topic } }, text("a"));
      expect(inbox.count).toBe(0);
      await published;
      await inbox.next();
    });

    test("shares a topic's messages among its servers in turn", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inboxes = [new Inbox(), new Inbox()];
      for (const [index, inbox] of inboxes.entries()) {
        await t.subscribe({ target: { topic, server: `s${index}` } }, inbox.listener);
      }
      for (let i = 0; i < 10; i++) await t.publish({ target: { topic } }, text(`${i}`));
      await Promise.all(inboxes.map((inbox) => inbox.take(5)));
      expect(inboxes.map((inbox) => inbox.count)).toEqual([5, 5]);
    });

    test("delivers a message for one server to that server alone", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inboxes = [new Inbox(), new Inbox()];
      for (const [index, inbox] of inboxes.entries()) {
        await t.subscribe({ target: { topic, server: `s${index}` } }, inbox.listener);
      }
      for (const body of ["a", "b", "c"]) await t.publish({ target: { topic, server: "s1" } }, text(body));
      expect(await inboxes[1]?.take(3)).toEqual(["a", "b", "c"]);
      expect(inboxes[0]?.count).toBe(0);
    });

    test("delivers a fanout to every server of the topic, whatever the exchange", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inboxes = [new Inbox(), new Inbox(), new Inbox()];
      for (const [index, inbox] of inboxes.entries()) {
        await t.subscribe({ target: { topic, exchange: uniqueName("exchange"), server: `s${index}` } }, inbox.listener);
      }
      await t.publish({ target: { topic, fanout: true } }, text("all"));
      for (const inbox of inboxes) expect(await inbox.take(1)).toEqual(["all"]);
    });

    test("takes a fanout that nobody receives", async () => {
      const t = await transport();
      await t.publish({ target: { topic: uniqueName("topic"), fanout: true } }, text("all"));
    });

    test("publishes fanouts again after the last server has gone and another has come", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      for (const body of ["first", "second"]) {
        const inbox = new Inbox();
        const subscription = await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
        await t.publish({ target: { topic, fanout: true } }, text(body));
        expect(await inbox.take(1)).toEqual([body]);
        await subscription.cancel();
        await t.publish({ target: { topic, fanout: true } }, text("nobody hears this"));
      }
    });

    test("lets two services with one topic on two exchanges share the topic's queue, as oslo does", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inboxes = [new Inbox(), new Inbox()];
      const exchanges = [uniqueName("nova"), uniqueName("cinder")];
      for (const [index, inbox] of inboxes.entries()) {
        const exchange = exchanges[index] ?? "";
        await t.subscribe({ target: { topic, exchange, server: `s${index}` } }, inbox.listener);
      }
      for (let i = 0; i < 6; i++) await t.publish({ target: { topic, exchange: exchanges[0] ?? "" } }, text(`${i}`));
      await Promise.all(inboxes.map((inbox) => inbox.take(3)));
    });

    test("keeps messages for a topic whose servers have gone until one comes back", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const first = await t.subscribe({ target: { topic, server: "s1" } }, new Inbox().listener);
      await first.cancel();
      for (const body of ["a", "b"]) await t.publish({ target: { topic } }, { ...text(body), mandatory: true });
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      expect(await inbox.take(2)).toEqual(["a", "b"]);
    });

    test("fails a mandatory message that no queue takes, and takes it when it is not mandatory", async () => {
      const t = await transport();
      const target = { topic: uniqueName("nobody") };
      const failure = t.publish({ target }, { ...text("a"), mandatory: true });
      await expect(failure).rejects.toThrow(MessageUndeliverableError);
      await expect(failure).rejects.toThrow(`${target.topic}: nobody serves it`);
      await t.publish({ target }, text("a"));
      await expect(t.publish({ replyQueue: replyQueueName() }, { ...text("a"), mandatory: true })).rejects.toThrow(
        MessageUndeliverableError,
      );
    });

    test("matches every undeliverable message to its own publish among a thousand at once", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      await t.subscribe({ replyQueue }, inbox.listener);
      const outcomes = await Promise.all(
        Array.from({ length: 1_000 }, async (_, i) => {
          // Equal bodies on purpose, a few of each, so that only key and order can tell them apart.
          const message = { ...text(`body ${i % 7}`), mandatory: i % 5 !== 0 };
          const destinations = [
            { target: { topic } },
            { target: { topic, server: "gone" } },
            { target: { topic, server: "s1" } },
            { replyQueue },
            { replyQueue: "reply_gone" },
          ];
          const which = (i * 3) % 4;
          const destination = destinations[i % 11 === 0 ? 4 : which] ?? { target: { topic } };
          const reached = !(which === 1 || i % 11 === 0);
          const outcome = await t.publish(destination, message).then(
            () => "taken",
            (error: unknown) => (error instanceof MessageUndeliverableError ? "undeliverable" : error),
          );
          const expected = message.mandatory && !reached ? "undeliverable" : "taken";
          return { outcome, expected, reached };
        }),
      );
      expect(outcomes.filter(({ outcome, expected }) => outcome !== expected)).toEqual([]);
      await inbox.take(outcomes.filter(({ reached }) => reached).length);
    });

    test("drops a message whose time is over before a server comes", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      await (await t.subscribe({ target: { topic, server: "s1" } }, new Inbox().listener)).cancel();
      await t.publish({ target: { topic } }, { ...text("late"), expiration: 1 });
      await t.publish({ target: { topic } }, { ...text("in time"), expiration: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      expect(await inbox.take(1)).toEqual(["in time"]);
    });

    test("delivers no more than the prefetch before the first acknowledgement", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox({ settle: false });
      await t.subscribe({ target: { topic, server: "s1" }, prefetch: 3 }, inbox.listener);
      for (let i = 0; i < 5; i++) await t.publish({ target: { topic } }, text(`${i}`));
      const first = await inbox.next();
      await inbox.take(2);
      // A message on another queue of the same server comes after what the broker had to send before.
      await t.publish({ target: { topic, server: "s1" } }, text("own"));
      expect(await inbox.take(1)).toEqual(["own"]);
      expect(inbox.count).toBe(4);
      first.ack();
      expect(await inbox.take(1)).toEqual(["3"]);
    });

    test("delivers a message that was rejected with requeue once more, marked as redelivered", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox({ settle: false });
      await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      await t.publish({ target: { topic } }, text("a"));
      (await inbox.next()).reject(true);
      const again = await inbox.next();
      expect(again.redelivered).toBe(true);
      expect(again.body.toString()).toBe("a");
      // The first of ack and reject counts; on a broker a second one would close the channel.
      again.ack();
      again.reject(true);
      again.ack();
      await t.publish({ target: { topic } }, text("b"));
      expect(await inbox.take(1)).toEqual(["b"]);
      expect(inbox.count).toBe(3);
    });

    test("drops a message that was rejected without requeue", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox({ settle: false });
      await t.subscribe({ target: { topic, server: "s1" }, prefetch: 1 }, inbox.listener);
      await t.publish({ target: { topic } }, text("a"));
      await t.publish({ target: { topic } }, text("b"));
      (await inbox.next()).reject();
      expect(await inbox.take(1)).toEqual(["b"]);
    });

    test("gives what a closed transport had not acknowledged to the next server", async () => {
      const [first, second] = [await transport(), await transport()];
      const topic = uniqueName("topic");
      const inbox = new Inbox({ settle: false });
      await first.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      for (const body of ["a", "b"]) await first.publish({ target: { topic } }, text(body));
      await inbox.take(2);
      await first.close();
      const next = new Inbox();
      await second.subscribe({ target: { topic, server: "s2" } }, next.listener);
      const messages = [await next.next(), await next.next()];
      expect(messages.map((message) => [message.body.toString(), message.redelivered])).toEqual([
        ["a", true],
        ["b", true],
      ]);
    });

    test("lets a message that was delivered before the subscription's end be acknowledged after it", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      const inbox = new Inbox({ settle: false });
      const subscription = await t.subscribe({ target: { topic, server: "s1" } }, inbox.listener);
      await t.publish({ target: { topic } }, text("a"));
      const message = await inbox.next();
      await subscription.cancel();
      await subscription.cancel();
      message.ack();
      await t.publish({ target: { topic } }, text("b"));
      const next = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" } }, next.listener);
      expect(await next.take(1)).toEqual(["b"]);
      expect(inbox.count).toBe(1);
    });

    test("survives a listener that throws, and drops its message", async () => {
      const logged: string[] = [];
      const log = (_fields: unknown, message: string): void => {
        logged.push(message);
      };
      const t = await transport({ logger: { debug() {}, info() {}, warn() {}, error: log } });
      const topic = uniqueName("topic");
      const inbox = new Inbox();
      await t.subscribe({ target: { topic, server: "s1" }, prefetch: 1 }, (message) => {
        if (message.body.toString() === "bad") throw new Error("cannot");
        inbox.listener(message);
      });
      for (const body of ["bad", "good"]) await t.publish({ target: { topic } }, text(body));
      expect(await inbox.take(1)).toEqual(["good"]);
      expect(logged).toEqual(["a message listener failed; its message is dropped"]);
    });

    test("keeps the order of what one transport publishes to one queue", async () => {
      const t = await transport();
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await t.subscribe({ replyQueue }, inbox.listener);
      const bodies = Array.from({ length: 3_000 }, (_, i) => `${i}`);
      await Promise.all(bodies.map((body) => t.publish({ replyQueue }, text(body))));
      expect(await inbox.take(bodies.length)).toEqual(bodies);
    });

    test("carries a body of several megabytes unchanged", async () => {
      const t = await transport();
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await t.subscribe({ replyQueue }, inbox.listener);
      const body = Buffer.alloc(3 << 20, "0123456789");
      await t.publish({ replyQueue }, { body });
      expect((await inbox.next()).body.equals(body)).toBe(true);
    });

    test("refuses to publish for a signal that has aborted already", async () => {
      const t = await transport();
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await t.subscribe({ replyQueue }, inbox.listener);
      const failure = t.publish({ replyQueue }, { ...text("a"), signal: AbortSignal.abort() });
      await expect(failure).rejects.toThrow(TransportError);
      await expect(failure).rejects.toMatchObject({ delivery: "not-sent" });
      await t.publish({ replyQueue }, text("b"));
      expect(await inbox.take(1)).toEqual(["b"]);
    });

    test("refuses to work after it was closed, and closes twice without harm", async () => {
      const t = await transport();
      const topic = uniqueName("topic");
      await t.subscribe({ target: { topic, server: "s1" } }, new Inbox().listener);
      await Promise.all([t.close(), t.close()]);
      await t.close();
      await expect(t.publish({ target: { topic } }, text("a"))).rejects.toThrow(/is closed/);
      await expect(t.subscribe({ replyQueue: replyQueueName() }, () => {})).rejects.toThrow(/is closed/);
    });
  });
}
