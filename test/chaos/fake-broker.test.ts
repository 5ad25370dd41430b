import {
  createTransport,
  MessageUndeliverableError,
  type Subscription,
  type Transport,
  TransportError,
  type TransportOptions,
} from "@rpcgen/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type FakeBroker,
  frame,
  long,
  longlong,
  longstr,
  octet,
  reason,
  type Script,
  short,
  shortstr,
  startFakeBroker,
} from "../support/fake-broker.js";
import { text } from "../support/inbox.js";
import { watchWarnings } from "../support/traffic.js";

describe("a broker that misbehaves", () => {
  const warnings = watchWarnings();
  const open: Transport[] = [];
  let broker: FakeBroker;
  const strays: unknown[] = [];
  const stray = (error: unknown): void => {
    strays.push(error);
  };

  beforeEach(async () => {
    broker = await startFakeBroker();
    process.on("unhandledRejection", stray);
  });
  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close();
    await broker.close();
    process.off("unhandledRejection", stray);
    expect(strays.splice(0)).toEqual([]);
    expect(warnings.splice(0)).toEqual([]);
  });

  function transport(options: TransportOptions = {}): Transport {
    const made = createTransport(broker.url, {
      reconnect: { initial: 10, max: 20 },
      connectTimeout: 200,
      closeTimeout: 200,
      ...options,
    });
    open.push(made);
    return made;
  }
  const target = { target: { topic: "t" } };
  const publish = (to: Transport, body = "a", timeout = 2_000): Promise<void> =>
    to.publish(target, { ...text(body), mandatory: true, signal: AbortSignal.timeout(timeout) });

  /** Misbehaves so many times, then as RabbitMQ would. */
  const times =
    (most: number, on: string, does: Script): Script =>
    (received, peer, count) =>
      received.name === on && count < most ? (does(received, peer, count) ?? true) : undefined;

  describe("in the handshake", () => {
    test.each<[string, Script]>([
      ["hangs up at once", times(2, "connect", (_, { socket }) => void socket.destroy())],
      ["resets at once", times(2, "connect", (_, { socket }) => void socket.resetAndDestroy())],
      ["speaks HTTP", times(2, "connect", (_, { socket }) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))],
      ["wants another version of AMQP", times(2, "header", (_, { socket }) => void socket.end("AMQP\x01\x01\x00\x0a"))],
      ["says nothing", times(2, "header", () => true)],
      ["falls silent after the login", times(2, "connection.start-ok", () => true)],
      ["falls silent after the tuning", times(2, "connection.open", () => true)],
      ["hangs up after the login", times(2, "connection.start-ok", (_, { socket }) => void socket.end())],
      ["hangs up after the tuning", times(2, "connection.open", (_, { socket }) => void socket.end())],
      [
        "opens a channel before it is asked",
        times(2, "header", (_, peer) => void peer.send(1, "channel.open-ok", long(0))),
      ],
      [
        "asks for a second round of the login",
        times(
          2,
          "connection.start-ok",
          (_, { socket }) => void socket.write(frame(1, 0, Buffer.concat([short(10), short(20), longstr("?")]))),
        ),
      ],
      [
        "offers frames that are too small",
        times(
          2,
          "connection.start-ok",
          (_, peer) => void peer.send(0, "connection.tune", short(1), long(16), short(60)),
        ),
      ],
      [
        "ends a frame with the wrong byte",
        times(2, "header", (_, { socket }) => void socket.write(Buffer.from([1, 0, 0, 0, 0, 0, 1, 7, 0]))),
      ],
      [
        "announces a frame of 4 GB",
        times(2, "header", (_, { socket }) => void socket.write(Buffer.from([1, 0, 0, 255, 255, 255, 255]))),
      ],
      [
        "sends an unknown method",
        times(2, "header", (_, { socket }) => void socket.write(frame(1, 0, Buffer.concat([short(99), short(99)])))),
      ],
      [
        "sends a table that is cut off",
        times(2, "header", (_, peer) => void peer.send(0, "connection.start", octet(0), octet(9), long(1_000))),
      ],
      [
        "shuts down",
        times(
          2,
          "connection.start-ok",
          (_, peer) =>
            void peer.send(0, "connection.close", reason(320, "CONNECTION_FORCED - broker forced connection closure")),
        ),
      ],
    ])("%s, twice: the message is sent at the third attempt", async (_what, script) => {
      broker.script = script;
      await publish(transport());
      expect(broker.published.map(String)).toEqual(["a"]);
      expect(broker.connections).toBe(3);
    });

    test("says everything byte by byte: the message is sent", async () => {
      broker.script = ({ name }, { socket }) => {
        if (name !== "connect") return undefined;
        const write = socket.write.bind(socket);
        socket.setNoDelay(true);
        socket.write = ((data: Buffer) => {
          for (const byte of data) write(Buffer.from([byte]));
          return true;
        }) as typeof socket.write;
        return undefined;
      };
      await publish(transport());
      expect(broker.published.map(String)).toEqual(["a"]);
    });

    test("never answers: the publish ends with its signal, as not sent", async () => {
      broker.script = times(1_000, "header", () => true);
      await expect(publish(transport(), "a", 500)).rejects.toMatchObject({ code: "transport", delivery: "not-sent" });
      expect(broker.connections).toBeGreaterThan(1);
    });

    test("refuses the virtual host of a connection that has been open: it is starting, so what waits goes on waiting", async () => {
      const t = transport();
      await publish(t, "before");
      let refusals = 0;
      broker.script = ({ name }, peer) => {
        if (name === "content" && refusals === 0) peer.socket.resetAndDestroy();
        if (name !== "connection.open" || refusals >= 2) return undefined;
        refusals++;
        peer.send(0, "connection.close", reason(541, "INTERNAL_ERROR - vhost '/' is down"));
        return true;
      };
      await expect(publish(t, "lost")).rejects.toMatchObject({ delivery: "unknown" });
      await publish(t, "after");
      expect(refusals).toBe(2);
    });
  });

  describe("while messages are published", () => {
    test("confirms nothing: the publish ends with its signal, as unknown", async () => {
      broker.script = times(1, "content", () => true);
      await expect(publish(transport(), "a", 200)).rejects.toMatchObject({ code: "transport", delivery: "unknown" });
    });

    test("refuses the message (basic.nack): whether one of the queues took it is unknown", async () => {
      broker.script = times(
        1,
        "content",
        ({ channel }, peer) => void peer.send(channel, "basic.nack", longlong(peer.tag(channel)), octet(0)),
      );
      const t = transport();
      await expect(publish(t)).rejects.toMatchObject({ code: "transport", delivery: "unknown" });
      await publish(t, "b");
    });

    test("refuses everything on one channel for a second: another channel takes over, and the first is closed", async () => {
      let stale = 0;
      const closed = new Promise<void>((resolve) => {
        broker.script = ({ name, channel }, peer) => {
          if (name === "channel.close" && channel === stale) resolve();
          if (name !== "content") return undefined;
          if (stale === 0) stale = channel;
          if (channel !== stale) return undefined;
          peer.send(channel, "basic.nack", longlong(peer.tag(channel)), octet(0));
          return true;
        };
      });
      const t = transport();
      const isTaken = (): Promise<boolean> =>
        publish(t).then(
          () => true,
          () => false,
        );
      while (!(await isTaken()));
      await closed;
      expect(broker.connections).toBe(1);
    });

    test.each<[string, Script]>([
      ["hangs up", times(1, "content", (_, { socket }) => void socket.end())],
      ["resets", times(1, "content", (_, { socket }) => void socket.resetAndDestroy())],
      [
        "hangs up between method and content",
        times(1, "basic.publish", (_, { socket }) => void socket.resetAndDestroy()),
      ],
      [
        "closes the connection",
        times(1, "content", (_, peer) => void peer.send(0, "connection.close", reason(541, "INTERNAL_ERROR"))),
      ],
      ["sends rubbish", times(1, "content", (_, { socket }) => void socket.write(Buffer.alloc(64, 0xff)))],
      [
        "sends a delivery without a consumer",
        times(
          1,
          "content",
          ({ channel }, peer) =>
            void peer.send(channel, "basic.deliver", shortstr("?"), longlong(1), octet(0), shortstr(""), shortstr("")),
        ),
      ],
      [
        "sends a message to a channel that nobody opened",
        times(1, "content", (_, peer) => void peer.send(77, "basic.ack", longlong(1), octet(0))),
      ],
      [
        "sends content that nobody announced",
        times(1, "content", ({ channel }, { socket }) => void socket.write(frame(3, channel, Buffer.from("body")))),
      ],
    ])("%s before the confirmation: the message is unknown, the next is sent", async (_what, script) => {
      broker.script = script;
      const t = transport();
      await expect(publish(t, "a", 1_000)).rejects.toMatchObject({ code: "transport", delivery: "unknown" });
      await publish(t, "b");
      expect(broker.published.map(String)).toContain("b");
    });

    test("closes the channel for a precondition: the message fails, the next goes over a new channel", async () => {
      broker.script = times(
        1,
        "content",
        ({ channel }, peer) =>
          void peer.send(channel, "channel.close", reason(406, "PRECONDITION_FAILED - invalid expiration")),
      );
      const t = transport();
      await expect(publish(t)).rejects.toThrow(/PRECONDITION_FAILED - invalid expiration/);
      await publish(t, "b");
      expect(broker.connections).toBe(1);
    });

    test("has lost the exchange: it is declared again and the message is sent again", async () => {
      broker.script = times(
        2,
        "content",
        ({ channel }, peer) =>
          void peer.send(channel, "channel.close", reason(404, "NOT_FOUND - no exchange 'openstack'")),
      );
      await publish(transport());
      expect(broker.published).toHaveLength(3);
    });

    test("loses the exchange each time: the message fails in the end", async () => {
      broker.script = times(
        1_000,
        "content",
        ({ channel }, peer) =>
          void peer.send(channel, "channel.close", reason(404, "NOT_FOUND - no exchange 'openstack'")),
      );
      await expect(publish(transport())).rejects.toThrow(/NOT_FOUND/);
      expect(broker.published.length).toBeLessThan(10);
    });

    test("returns a message and confirms it: that one is undeliverable, its neighbours are sent", async () => {
      broker.script = ({ name, channel, payload }, peer) => {
        if (name === "content" && String(payload) === "b") peer.returnLast(channel);
        return undefined;
      };
      const t = transport();
      const [a, b, c] = await Promise.allSettled(["a", "b", "c"].map((body) => publish(t, body)));
      expect([a?.status, c?.status]).toEqual(["fulfilled", "fulfilled"]);
      expect(b).toMatchObject({ status: "rejected", reason: expect.any(MessageUndeliverableError) });
    });

    test("confirms many at once, in any order, twice, and what was never sent: each message is settled by its own", async () => {
      const late: (() => void)[] = [];
      broker.script = ({ name, channel }, peer) => {
        if (name !== "content") return undefined;
        const tag = peer.tag(channel);
        if (tag === 5) {
          peer.send(channel, "basic.ack", longlong(900), octet(0));
          peer.send(channel, "basic.ack", longlong(5), octet(0));
          peer.send(channel, "basic.ack", longlong(5), octet(0));
          peer.send(channel, "basic.ack", longlong(3), octet(1));
          late.push(() => peer.send(channel, "basic.nack", longlong(4), octet(1)));
        }
        return true;
      };
      const t = transport();
      const outcomes = Array.from({ length: 5 }, (_, i) => publish(t, String(i)));
      await Promise.all([outcomes[0], outcomes[1], outcomes[2], outcomes[4]]);
      late[0]?.();
      await expect(outcomes[3]).rejects.toBeInstanceOf(TransportError);
    });

    test("blocks, and unblocks: what waits is sent; what does not wait that long was not sent", async () => {
      const unblock: (() => void)[] = [];
      broker.script = times(1, "content", (_, peer) => {
        peer.send(0, "connection.blocked", shortstr("low on memory"));
        unblock.push(() => peer.send(0, "connection.unblocked"));
        return false;
      });
      const t = transport();
      await publish(t, "a");
      await expect(publish(t, "impatient", 100)).rejects.toMatchObject({ delivery: "not-sent" });
      const patient = publish(t, "patient");
      unblock[0]?.();
      await patient;
      expect(broker.published.map(String)).toEqual(["a", "patient"]);
    });

    test("blocks and dies: what waits is sent over the next connection", async () => {
      broker.script = times(1, "content", (_, peer) => {
        peer.send(0, "connection.blocked", shortstr("low on memory"));
        setTimeout(() => peer.socket.resetAndDestroy(), 50);
        return false;
      });
      const t = transport();
      await publish(t, "a");
      await publish(t, "b");
      expect(broker.published.map(String)).toEqual(["a", "b"]);
    });

    test("never opens a channel: the publish ends with its signal, as not sent", async () => {
      broker.script = times(1_000, "channel.open", () => true);
      await expect(publish(transport(), "a", 200)).rejects.toMatchObject({ delivery: "not-sent" });
    });
  });

  describe("while messages are consumed", () => {
    const subscribe = (to: Transport): Promise<Subscription> =>
      to.subscribe({ target: { topic: "t", server: "s" } }, (message) => message.ack());

    test.each<[string, Script]>([
      [
        "hangs up while queues are declared",
        times(2, "queue.declare", (_, { socket }) => void socket.resetAndDestroy()),
      ],
      ["hangs up while consumers start", times(2, "basic.consume", (_, { socket }) => void socket.resetAndDestroy())],
      [
        "closes the connection while consumers start",
        times(1, "basic.consume", (_, peer) => void peer.send(0, "connection.close", reason(541, "INTERNAL_ERROR"))),
      ],
    ])("%s: the subscription starts at the next attempt", async (_what, script) => {
      broker.script = script;
      await (await subscribe(transport())).cancel();
    });

    test("refuses a queue: the subscription fails with the reason", async () => {
      broker.script = times(
        1,
        "queue.declare",
        ({ channel }, peer) =>
          void peer.send(channel, "channel.close", reason(403, "ACCESS_REFUSED - access to queue refused")),
      );
      await expect(subscribe(transport())).rejects.toThrow(/ACCESS_REFUSED/);
    });

    test("cancels a consumer again and again: each time all are set up anew", async () => {
      let consumed = 0;
      const all = new Promise<void>((resolve) => {
        broker.script = ({ name, channel }, peer) => {
          if (name !== "basic.consume" || ++consumed % 3 !== 0) return undefined;
          if (consumed >= 15) resolve();
          else setImmediate(() => peer.send(channel, "basic.cancel", shortstr("1"), octet(1)));
          return undefined;
        };
      });
      const subscription = await subscribe(transport());
      await all;
      await subscription.cancel();
    });

    test("answers neither the cancel nor the close: both end in their time", async () => {
      broker.script = ({ name }) => name === "basic.cancel" || name === "connection.close";
      const t = transport();
      const subscription = await subscribe(t);
      const begun = performance.now();
      await subscription.cancel();
      await t.close();
      expect(performance.now() - begun).toBeLessThan(2_000);
    });
  });
});
