import { once } from "node:events";
import { createServer } from "node:net";
import { inspect } from "node:util";
import { RPCClient } from "@rpcgen/runtime";
import { connect } from "amqplib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseTransportURL } from "../../src/runtime/amqp/transport-url.js";
import { createTransport } from "../../src/runtime/create-transport.js";
import { TransportError } from "../../src/runtime/errors.js";
import type { Transport } from "../../src/runtime/transport.js";
import type { TransportOptions } from "../../src/runtime/transport-options.js";
import { describePrivately, privateBrokerURL, uniqueName } from "../support/broker.js";
import { Inbox, publishUntilTaken, replyQueueName, text } from "../support/inbox.js";
import { startProxy, type TCPProxy } from "../support/proxy.js";
import { freePort } from "../support/rabbitmq.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { ledgerService } from "./fixtures/ledger.js";

describePrivately("a transport on RabbitMQ", () => {
  const quick = { initial: 20, max: 100 };
  const open: Transport[] = [];
  let url: string;
  let port: number;

  beforeAll(async () => {
    url = await privateBrokerURL();
    port = parseTransportURL(url).hosts[0]?.port ?? 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  function transport(at: string, options: TransportOptions = {}): Transport {
    const made = createTransport(at, { reconnect: quick, ...options });
    open.push(made);
    return made;
  }

  describe("a broker that says no", () => {
    test("to a password ends the operation at once, in words without the password", async () => {
      const t = transport(`rabbit://guest:wrong-secret@127.0.0.1:${port}/`);
      const failures = [
        t.publish({ replyQueue: replyQueueName() }, text("a")),
        t.subscribe({ replyQueue: replyQueueName() }, () => {}),
      ];
      for (const { status, reason } of await Promise.allSettled<unknown>(failures).then((all) =>
        all.map((each) => ({ status: each.status, reason: each.status === "rejected" ? each.reason : undefined })),
      )) {
        expect(status).toBe("rejected");
        expect(reason).toBeInstanceOf(TransportError);
        expect(String(reason)).toMatch(/refused the login of user "guest": check name and password/);
        expect(inspect(reason)).not.toContain("wrong-secret");
      }
    });

    test("to a virtual host ends the operation at once and names it", async () => {
      const t = transport(`rabbit://127.0.0.1:${port}/nowhere`);
      const failure = t.publish({ replyQueue: replyQueueName() }, text("a"));
      await expect(failure).rejects.toThrow(
        /refused virtual host "nowhere": it does not exist, user "guest" may not use it, .*; correct the path .* add_vhost/,
      );
      await expect(failure).rejects.toMatchObject({ delivery: "not-sent" });
    });

    test("to the login method ends the operation at once and names it", async () => {
      const t = transport(url, { loginMethod: "EXTERNAL" });
      const failure = t.subscribe({ replyQueue: replyQueueName() }, () => {});
      await expect(failure).rejects.toThrow(/does not offer the login method EXTERNAL/);
    });

    test("lets the next host have its turn before anything fails", async () => {
      const t = transport(`rabbit://guest:wrong@127.0.0.1:${port},guest:guest@127.0.0.1:${port}/`);
      await t.publish({ replyQueue: replyQueueName() }, text("a"));
    });

    test("logs in with AMQPLAIN as with PLAIN", async () => {
      await transport(url, { loginMethod: "AMQPLAIN" }).publish({ replyQueue: replyQueueName() }, text("a"));
    });
  });

  describe("a topology that differs from the broker's", () => {
    test("fails publishes to the exchange in words with the way out, and no other publish", async () => {
      const exchange = uniqueName("durable");
      const raw = await connect(url.replace("rabbit://", "amqp://"));
      await (await raw.createChannel()).assertExchange(exchange, "topic", { durable: true });
      const t = transport(url);
      const others = [];
      for (let i = 0; i < 50; i++) others.push(t.publish({ target: { topic: "any" } }, text("a")));
      const failure = t.publish({ target: { topic: "any", exchange } }, text("a"));
      await expect(failure).rejects.toThrow(
        `topology mismatch: exchange ${exchange} is durable on the broker and not durable here; set amqp_durable_queues`,
      );
      await expect(failure).rejects.toThrow(TransportError);
      await Promise.all(others);
      await raw.close();
    });

    test("fails the subscription in words with the way out", async () => {
      const topic = uniqueName("topic");
      const plain = transport(url);
      await plain.subscribe({ target: { topic, server: "s1" } }, () => {});
      const reply = replyQueueName();
      await plain.subscribe({ replyQueue: reply }, () => {});
      const exchange = uniqueName("exchange");
      await expect(
        transport(`${url}?rabbit_quorum_queue=true`).subscribe({ target: { topic, exchange, server: "s1" } }, () => {}),
      ).rejects.toThrow(`topology mismatch: queue ${topic} is not durable on the broker and durable here`);
      await expect(
        transport(`${url}?rabbit_transient_queues_ttl=60`).subscribe({ replyQueue: reply }, () => {}),
      ).rejects.toThrow(/has x-expires '1800000' on the broker and '60000' here; set rabbit_transient_queues_ttl/);
    });
  });

  describe("a broker that cannot be reached", () => {
    test("fails a publish when its signal aborts, with the last reason as the cause", async () => {
      const t = transport(`rabbit://127.0.0.1:${await freePort()}/`);
      const failure = t.publish({ target: { topic: "t" } }, { ...text("a"), signal: AbortSignal.timeout(150) });
      await expect(failure).rejects.toThrow(TransportError);
      await expect(failure).rejects.toThrow(
        /t: not sent: cannot connect to RabbitMQ at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
      );
      await expect(failure).rejects.toMatchObject({ delivery: "not-sent", cause: { code: "transport" } });
    });

    test("is the reason in the text of a call's and a cast's time-out, also of the first", async () => {
      const client = new RPCClient(transport(`rabbit://127.0.0.1:${await freePort()}/`), ledgerService, {
        timeout: 200,
      });
      const reason = "within 0.2 s: not sent: cannot connect to RabbitMQ at 127.0.0.1:";
      await expect(client.call("read", {}, { entry: 1 })).rejects.toThrow(`ledger.read on ledger: no reply ${reason}`);
      await expect(client.cast("forget", {}, { entry: 1 })).rejects.toThrow(
        `ledger.forget on ledger: no confirmation ${reason}`,
      );
      await expect(client.call("read", {}, { entry: 1 })).rejects.toMatchObject({
        code: "timeout",
        cause: { delivery: "not-sent" },
      });
    });

    test("is passed over for the next host", async () => {
      const t = transport(`rabbit://127.0.0.1:${await freePort()},127.0.0.1:${port},127.0.0.1:${await freePort()}/`);
      await t.publish({ replyQueue: replyQueueName() }, text("a"));
    });

    test("is passed over for the next host when it takes the connection and says nothing", async () => {
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      const address = silent.address();
      const silentPort = typeof address === "object" ? address?.port : 0;
      // The order of hosts is left to chance, so several transports try.
      for (let i = 0; i < 4; i++) {
        await transport(`rabbit://127.0.0.1:${silentPort},127.0.0.1:${port}/`, { connectTimeout: 100 }).publish(
          { replyQueue: replyQueueName() },
          text("a"),
        );
      }
      const alone = transport(`rabbit://127.0.0.1:${silentPort}/`, { connectTimeout: 50 });
      const failure = alone.publish({ replyQueue: "r" }, { ...text("a"), signal: AbortSignal.timeout(200) });
      await expect(failure).rejects.toThrow(/cannot connect to .*: no answer within 50 ms/);
      silent.close();
    });

    test("does not keep close waiting, and close ends what waits", async () => {
      const t = transport(`rabbit://127.0.0.1:${await freePort()}/`);
      const published = expect(t.publish({ replyQueue: "r" }, text("a"))).rejects.toThrow(/was closed|cannot connect/);
      const subscribed = expect(t.subscribe({ replyQueue: "r" }, () => {})).rejects.toThrow(TransportError);
      const begun = performance.now();
      await t.close();
      await published;
      await subscribed;
      expect(performance.now() - begun).toBeLessThan(2_000);
    });
  });

  describe("a connection that breaks", () => {
    let proxy: TCPProxy;

    beforeAll(async () => {
      proxy = await startProxy(port);
    });
    afterEach(() => proxy.restore());
    afterAll(() => proxy.close());

    test("is made again, with every subscription under its old names", async () => {
      const logger = new RecordingLogger();
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/`, { logger });
      const topic = uniqueName("topic");
      const replyQueue = replyQueueName();
      const [requests, replies] = [new Inbox(), new Inbox()];
      await t.subscribe({ target: { topic, server: "s1" } }, requests.listener);
      await t.subscribe({ replyQueue }, replies.listener);
      // To a queue that nobody consumes: a delivery whose acknowledgement the cut takes along would come twice.
      await t.publish({ replyQueue: "r" }, text("0"));
      proxy.cut();
      await logger.seen(/was lost/, { times: 2 });
      const other = transport(url);
      // These wait in queues that outlived the connection.
      await other.publish({ replyQueue }, { ...text("1"), mandatory: true });
      await other.publish({ target: { topic, server: "s1" } }, { ...text("2"), mandatory: true });
      await other.publish({ target: { topic, fanout: true } }, { ...text("3"), mandatory: true });
      proxy.restore();
      expect(await replies.take(1)).toEqual(["1"]);
      expect((await requests.take(2)).sort()).toEqual(["2", "3"]);
      await t.publish({ replyQueue }, text("4"));
      expect(await replies.take(1)).toEqual(["4"]);
    });

    test("fails what was sent and not confirmed, saying so, and sends what was waiting", async () => {
      const logger = new RecordingLogger();
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/`, { logger });
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await transport(url).subscribe({ replyQueue }, inbox.listener);
      await t.publish({ replyQueue }, text("before"));
      proxy.freeze();
      const sent = t.publish({ replyQueue }, text("sent"));
      const failure = expect(sent).rejects.toMatchObject({ code: "transport", delivery: "unknown" });
      await expect(t.publish({ replyQueue }, { ...text("b"), signal: AbortSignal.timeout(50) })).rejects.toThrow(
        /did not confirm the message in time; whether it took it is unknown/,
      );
      proxy.cut();
      await failure;
      await expect(sent).rejects.toThrow(/had not confirmed the message; whether it took it is unknown/);
      const waiting = ["w1", "w2", "w3"].map((body) => t.publish({ replyQueue }, text(body)));
      await logger.seen(/cannot connect/);
      proxy.restore();
      await Promise.all(waiting);
      expect(await inbox.take(4)).toEqual(["before", "w1", "w2", "w3"]);
    });

    test("stops taking messages when the socket does, so that what piles up is known to be unsent", async () => {
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/`);
      await t.publish({ replyQueue: "r" }, text("a"));
      proxy.freeze();
      const giveUp = new AbortController();
      const body = Buffer.alloc(20_000);
      const outcomes = Array.from({ length: 5_000 }, () =>
        t.publish({ replyQueue: "r" }, { body, signal: giveUp.signal }).then(
          () => "taken",
          // A failed publish rejects with a TransportError.
          (error: TransportError) => error.delivery,
        ),
      );
      giveUp.abort();
      const ended = await Promise.all(outcomes);
      const count = (outcome: string): number => ended.filter((each) => each === outcome).length;
      expect(count("taken")).toBe(0);
      // amqplib holds 1,024 frames before it says that it is full; a message of this size has two.
      expect(count("unknown")).toBeLessThan(1_500);
      expect(count("not-sent")).toBeGreaterThan(3_500);
      proxy.cut();
    });

    test("is noticed by missing heartbeats when it goes silent", async () => {
      const logger = new RecordingLogger();
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/?heartbeat_timeout_threshold=1`, { logger });
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      await t.subscribe({ replyQueue }, inbox.listener);
      proxy.freeze();
      await logger.seen(/was lost/, { role: "consume" });
      proxy.cut();
      proxy.restore();
      await transport(url).publish({ replyQueue }, text("a"));
      expect(await inbox.take(1)).toEqual(["a"]);
    });

    test("does not keep close waiting when it goes silent", async () => {
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/`, { closeTimeout: 100 });
      await t.subscribe({ target: { topic: uniqueName("topic"), server: "s1" } }, () => {});
      await t.publish({ replyQueue: "r" }, text("a"));
      proxy.freeze();
      const failure = expect(t.publish({ replyQueue: "r" }, text("b"))).rejects.toMatchObject({ delivery: "unknown" });
      await t.close();
      await failure;
    });

    test("takes no message with it that was acknowledged", async () => {
      const logger = new RecordingLogger();
      const t = transport(`rabbit://127.0.0.1:${proxy.port}/`, { logger });
      const replyQueue = replyQueueName();
      const inbox = new Inbox({ settle: false });
      await t.subscribe({ replyQueue }, inbox.listener);
      await transport(url).publish({ replyQueue }, text("a"));
      const stale = await inbox.next();
      proxy.cut();
      await logger.seen(/was lost/);
      proxy.restore();
      const again = await inbox.next();
      expect(again.redelivered).toBe(true);
      // The acknowledgement of a delivery on the old channel must not reach the new one.
      stale.ack();
      again.ack();
      await transport(url).publish({ replyQueue }, text("b"));
      expect(await inbox.take(1)).toEqual(["b"]);
    });
  });

  describe("what others do at the broker", () => {
    test("a queue that is deleted is declared again under its name, and its consumer goes on", async () => {
      const raw = await connect(url.replace("rabbit://", "amqp://"));
      const channel = await raw.createChannel();
      const logger = new RecordingLogger();
      const t = transport(url, { logger });
      const topic = uniqueName("topic");
      const replyQueue = replyQueueName();
      const [requests, replies] = [new Inbox(), new Inbox()];
      await t.subscribe({ replyQueue }, replies.listener);
      await t.subscribe({ target: { topic, server: "s1" } }, requests.listener);
      for (let round = 1; round <= 3; round++) {
        await channel.deleteQueue(replyQueue);
        await channel.deleteQueue(topic);
        await publishUntilTaken(t, { replyQueue }, "again");
        await publishUntilTaken(t, { target: { topic } }, "again");
        expect(await replies.take(1)).toEqual(["again"]);
        expect(await requests.take(1)).toEqual(["again"]);
      }
      await raw.close();
    });

    test("an exchange that is deleted is declared again, and no publish fails for it", async () => {
      const raw = await connect(url.replace("rabbit://", "amqp://"));
      const channel = await raw.createChannel();
      const exchange = uniqueName("exchange");
      const t = transport(url);
      const target = { topic: uniqueName("topic"), exchange };
      await t.publish({ target }, text("a"));
      await channel.deleteExchange(exchange);
      await Promise.all(Array.from({ length: 100 }, () => t.publish({ target }, text("b"))));
      await channel.checkExchange(exchange);
      await raw.close();
    });
  });

  test("a message that cannot be encoded fails alone", async () => {
    const t = transport(url);
    const replyQueue = replyQueueName();
    const inbox = new Inbox();
    await t.subscribe({ replyQueue }, inbox.listener);
    const good = [t.publish({ replyQueue }, text("1"))];
    const bad = t.publish({ replyQueue: "x".repeat(300) }, text("2"));
    const headers = { a: "x".repeat(200_000) };
    const large = t.publish({ replyQueue }, { ...text("4"), headers }).catch((error: unknown) => error);
    good.push(t.publish({ replyQueue }, text("3")));
    await expect(bad).rejects.toThrow(/cannot be encoded/);
    expect(await large).toMatchObject({
      message: expect.stringMatching(/not sent: the headers have 200017 bytes/),
      delivery: "not-sent",
    });
    // RabbitMQ would have closed the connection for it.
    expect(t.stats?.().connections.publish.lost).toBe(0);
    await Promise.all(good);
    expect(await inbox.take(2)).toEqual(["1", "3"]);
  });
});
