import { readFileSync } from "node:fs";
import { RPCClient, RPCServer } from "@rpcgen/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import type { BrokerTransport } from "../../src/runtime/transport.js";
import type { TransportOptions } from "../../src/runtime/transport-options.js";
import { describePrivately, uniqueName } from "../support/broker.js";
import { Events } from "../support/events.js";
import { Inbox, publishUntilTaken, replyQueueName, text } from "../support/inbox.js";
import { startProxy } from "../support/proxy.js";
import { freePort, type RabbitMQ, startRabbitMQ } from "../support/rabbitmq.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { tlsConfig, tlsFile } from "../support/tls-broker.js";
import { createLedgerDispatcher, ledgerService } from "./fixtures/ledger.js";

describePrivately("a broker in trouble", () => {
  // A node of its own: these tests kill it, block it and encrypt it.
  let rabbitmq: RabbitMQ;
  let tlsPort: number;
  const open: BrokerTransport[] = [];

  beforeAll(async () => {
    tlsPort = await freePort();
    rabbitmq = await startRabbitMQ({ config: tlsConfig(tlsPort) });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  afterAll(() => rabbitmq?.stop());

  function transport(url: string, options: TransportOptions = {}): BrokerTransport {
    const made = createTransport(url, { reconnect: { initial: 50, max: 200 }, ...options });
    open.push(made);
    return made;
  }

  test("a broker that is killed and comes back finds every queue declared again", async () => {
    const logger = new RecordingLogger();
    const t = transport(rabbitmq.url, { logger });
    const topic = uniqueName("topic");
    const replyQueue = replyQueueName();
    const [requests, replies] = [new Inbox(), new Inbox()];
    await t.subscribe({ target: { topic, server: "s1" } }, requests.listener);
    await t.subscribe({ replyQueue }, replies.listener);
    await t.publish({ replyQueue }, text("before"));
    expect(await replies.take(1)).toEqual(["before"]);
    await rabbitmq.kill();
    await logger.seen(/was lost/, { times: 2 });
    // Sent when the broker is back; the queues may not be yet, so these may find nobody.
    const waiting = ["1", "2"].map((body) => t.publish({ target: { topic } }, text(body)));
    await rabbitmq.start();
    await Promise.all(waiting);
    for (const destination of [{ replyQueue }, { target: { topic } }, { target: { topic, server: "s1" } }]) {
      await publishUntilTaken(t, destination, "after");
    }
    expect(await replies.take(1)).toEqual(["after"]);
    for (let seen = 0; seen < 2; ) if ((await requests.take(1))[0] === "after") seen++;
  }, 60_000);

  test("calls and casts of a client that is back before its servers wait for them", async () => {
    const proxy = await startProxy(rabbitmq.port);
    try {
      const topic = uniqueName("ledger");
      const logger = new RecordingLogger();
      const t = transport(rabbitmq.url, { logger });
      const client = new RPCClient(t, { ...ledgerService, topic });
      const runs = new Events<unknown>();
      const serving = transport(`rabbit://guest:guest@127.0.0.1:${proxy.port}/`);
      const dispatcher = createLedgerDispatcher({ write: runs.add, forget: runs.add });
      const server = new RPCServer(serving, { topic, server: "host1" }, [dispatcher]);
      await server.start();
      await client.call("write", {}, { entry: 1 });
      proxy.cut();
      await rabbitmq.kill();
      await logger.seen(/was lost/, { role: "publish" });
      const sent = [client.call("write", {}, { entry: 2 }), client.cast("forget", {}, { entry: 3 })];
      await rabbitmq.start();
      // The topic's queue went with the broker, and its server has no way to declare it again.
      while (t.stats().returned < 2) await new Promise((resolve) => setImmediate(resolve));
      proxy.restore();
      await Promise.all(sent);
      await runs.until(3);
      expect(runs.all.toSorted()).toEqual([1, 2, 3]);
      await server.stop(0);
    } finally {
      await proxy.close();
    }
  }, 60_000);

  test("connections that an operator closes are made again", async () => {
    const logger = new RecordingLogger();
    const t = transport(rabbitmq.url, { logger });
    const replyQueue = replyQueueName();
    const inbox = new Inbox();
    await t.subscribe({ replyQueue }, inbox.listener);
    await t.publish({ replyQueue }, text("1"));
    await rabbitmq.ctl("close_all_connections", "maintenance");
    await logger.seen(/was lost/, { times: 2 });
    await t.publish({ replyQueue }, { ...text("2"), mandatory: true });
    expect(await inbox.take(2)).toEqual(["1", "2"]);
  });

  test("a broker short of memory makes publishes wait within their signal, and sends them when it has recovered", async () => {
    const logger = new RecordingLogger();
    const t = transport(rabbitmq.url, { logger });
    const replyQueue = replyQueueName();
    const inbox = new Inbox();
    await t.subscribe({ replyQueue }, inbox.listener);
    await t.publish({ replyQueue }, text("1"));
    await rabbitmq.ctl("set_vm_memory_high_watermark", "0.00001");
    // The broker tells a connection that it is blocked when that publishes.
    const first = t.publish({ replyQueue }, text("2"));
    await logger.seen(/takes no messages for now/, { role: "publish" });
    const second = t.publish({ replyQueue }, text("3"));
    const impatient = t.publish({ replyQueue }, { ...text("never"), signal: AbortSignal.timeout(50) });
    await expect(impatient).rejects.toThrow(/not sent: RabbitMQ takes no messages for now/);
    await rabbitmq.ctl("set_vm_memory_high_watermark", "0.4");
    await Promise.all([first, second]);
    expect(await inbox.take(3)).toEqual(["1", "2", "3"]);
  });

  describe("TLS", () => {
    const certificates = { caFile: tlsFile("ca.pem"), certFile: tlsFile("client.pem"), keyFile: tlsFile("client.key") };

    test("connects where the broker's certificate is from our authority and for the host's name", async () => {
      const replyQueue = replyQueueName();
      const inbox = new Inbox();
      const inURL = `ssl=true&ssl_ca_file=${tlsFile("ca.pem")}&ssl_cert_file=${tlsFile("client.pem")}&ssl_key_file=${tlsFile("client.key")}`;
      const t = transport(`rabbit://localhost:${tlsPort}/?${inURL}`);
      await t.subscribe({ replyQueue }, inbox.listener);
      await t.publish({ replyQueue }, text("1"));
      const inCode = transport(`amqps://127.0.0.1:${tlsPort}/`, {
        tls: {
          ca: readFileSync(tlsFile("ca.pem")),
          cert: readFileSync(tlsFile("client.pem")),
          key: readFileSync(tlsFile("client.key"), "utf8"),
          servername: "broker.test",
        },
      });
      await inCode.publish({ replyQueue }, text("2"));
      expect(await inbox.take(2)).toEqual(["1", "2"]);
    });

    test.each<[string, string, TransportOptions]>([
      [
        "an unknown authority",
        "localhost",
        { tls: { certFile: certificates.certFile, keyFile: certificates.keyFile } },
      ],
      ["another name", "127.0.0.1", { tls: certificates }],
      ["another name, given", "localhost", { tls: { ...certificates, servername: "elsewhere.test" } }],
    ])("refuses a certificate of %s, and says so at once", async (_what, host, options) => {
      const t = transport(`rabbit://${host}:${tlsPort}/`, options);
      const failure = t.publish({ replyQueue: replyQueueName() }, text("a"));
      await expect(failure).rejects.toThrow(/the certificate of RabbitMQ at .* is not accepted: /);
    });

    test("checks less where it is told to", async () => {
      const anyName = transport(`rabbit://127.0.0.1:${tlsPort}/`, { tls: { ...certificates, verifyHostname: false } });
      await anyName.publish({ replyQueue: replyQueueName() }, text("a"));
      const { caFile: _, ...own } = certificates;
      const anyone = transport(`rabbit://127.0.0.1:${tlsPort}/`, { tls: { ...own, verify: false } });
      await anyone.publish({ replyQueue: replyQueueName() }, text("a"));
      const unknown = transport(`rabbit://127.0.0.1:${tlsPort}/`, { tls: { ...own, verifyHostname: false } });
      await expect(unknown.publish({ replyQueue: "r" }, text("a"))).rejects.toThrow(/certificate .* is not accepted/);
    });

    test("says which file it cannot read", async () => {
      const t = transport(`rabbit://localhost:${tlsPort}/?ssl=true&ssl_ca_file=/nowhere/ca.pem`);
      await expect(t.publish({ replyQueue: "r" }, text("a"))).rejects.toThrow(/cannot read .*\/nowhere\/ca\.pem/);
    });

    test("says that the port speaks no TLS", async () => {
      const t = transport(`rabbit://localhost:${rabbitmq.port}/`, { tls: true });
      await expect(
        t.publish({ replyQueue: "r" }, { ...text("a"), signal: AbortSignal.timeout(1_000) }),
      ).rejects.toThrow(/TLS/);
    });
  });

  test("a broker that refuses a server which runs already is asked again", async () => {
    const logger = new RecordingLogger();
    const t = transport(rabbitmq.url, { logger });
    const replyQueue = replyQueueName();
    const inbox = new Inbox();
    await t.subscribe({ replyQueue }, inbox.listener);
    await rabbitmq.ctl("change_password", "guest", "other");
    await rabbitmq.ctl("close_all_connections", "maintenance");
    await logger.seen(/refused the login/, { role: "consume" });
    await rabbitmq.ctl("change_password", "guest", "guest");
    await logger.seen(/^connected/, { role: "consume", times: 2 });
    await t.publish({ replyQueue }, text("a"));
    expect(await inbox.take(1)).toEqual(["a"]);
  });
});
