import { readFileSync } from "node:fs";
import { connect } from "amqplib";
import { expect, test } from "vitest";
import { parseTransportURL } from "../../src/runtime/amqp/transport-url.js";
import { createTransport } from "../../src/runtime/create-transport.js";
import { amqpMethods } from "../support/amqp-methods.js";
import { brokerState, describePrivately, newVirtualHost, type BrokerRow as Row } from "../support/broker.js";
import { startProxy } from "../support/proxy.js";

interface Variant {
  readonly options: string;
  readonly queues: readonly Row[];
  readonly exchanges: readonly Row[];
  readonly bindings: readonly Row[];
  readonly consumers: readonly Row[];
  readonly after_stop?: { readonly queues: readonly string[]; readonly exchanges: readonly string[] };
}

// What Python's oslo.messaging made on a broker, recorded; the file has this shape.
const recorded = JSON.parse(readFileSync(new URL("../wire/topology.json", import.meta.url), "utf8")) as {
  readonly variants: Readonly<Record<string, Variant>>;
};

/** The variants of stream fanouts and of oslo's queue manager are not ours. */
const variants = ["default", "durable", "autodel", "ha", "quorum", "qos", "m_default", "m_tquorum"];

const replyQueue = `reply_${"0123456789abcdef".repeat(2)}`;

describePrivately("the topology on the broker", () => {
  test.each(variants)("equals what oslo.messaging makes with the options of variant %s", async (name) => {
    const variant = recorded.variants[name];
    if (variant === undefined) throw new Error(`no variant ${name} is recorded`);
    const vhost = await newVirtualHost();
    // oslo's default is no limit; a value in the URL counts more.
    const transport = createTransport(`${vhost.url}?${variant.options.replaceAll(",", "&")}`, { prefetch: 0 });
    const replies = await transport.subscribe({ replyQueue }, (message) => message.ack());
    const server = await transport.subscribe({ target: { topic: "compute", server: "host1" } }, (m) => m.ack());
    await transport.publish({ target: { topic: "compute" } }, { body: Buffer.from("{}"), mandatory: true });

    const { queues, exchanges, bindings, consumers } = await brokerState(vhost.name);
    expect(rows(queues)).toEqual(rows(variant.queues));
    expect(rows(exchanges.filter(isOurs))).toEqual(rows(variant.exchanges));
    expect(rows(bindings.filter(({ source_name }) => source_name !== ""))).toEqual(rows(variant.bindings));
    const columns = Object.keys(variant.consumers[0] ?? {});
    const picked = consumers.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
    expect(rows(picked)).toEqual(rows(variant.consumers));

    await server.cancel();
    await replies.cancel();
    await transport.close();
    if (variant.after_stop === undefined) return;
    const names = (listed: readonly Row[]): string[] => listed.map((row) => plain(String(row["name"]))).sort();
    const left = await brokerState(vhost.name);
    expect(names(left.queues)).toEqual(variant.after_stop.queues.map(plain).sort());
    expect(names(left.exchanges.filter(isOurs))).toEqual(variant.after_stop.exchanges.map(plain).sort());
  });

  test("is declared in oslo's order, with an exchange declared once before the first publish to it", async () => {
    const vhost = await newVirtualHost();
    const proxy = await startProxy(parseTransportURL(vhost.url).hosts[0]?.port ?? 0);
    const transport = createTransport(`rabbit://127.0.0.1:${proxy.port}/${vhost.name}`, { prefetch: 0 });
    const server = await transport.subscribe({ target: { topic: "compute", server: "host1" } }, (m) => m.ack());
    await transport.subscribe({ replyQueue }, (message) => message.ack());
    await server.cancel();
    const target = { topic: "compute" };
    for (const to of [
      target,
      { ...target, server: "host1" },
      { ...target, fanout: true },
      { ...target, fanout: true },
    ]) {
      await transport.publish({ target: to }, { body: Buffer.from("{}") });
    }
    await transport.publish({ replyQueue }, { body: Buffer.from("{}") });
    const [consuming = [], publishing = []] = proxy.sent.map((sent) => amqpMethods(sent).map(plain));
    await transport.close();
    await proxy.close();
    expect(consuming).toEqual([
      "connection.start-ok",
      "connection.tune-ok",
      "connection.open",
      "channel.open",
      "exchange.declare openstack topic",
      "queue.declare compute",
      "queue.bind compute openstack compute",
      "exchange.declare openstack topic",
      "queue.declare compute.host1",
      "queue.bind compute.host1 openstack compute.host1",
      "exchange.declare compute_fanout fanout",
      "queue.declare compute_fanout_ID",
      "queue.bind compute_fanout_ID compute_fanout compute",
      "basic.consume compute 1",
      "basic.consume compute.host1 2",
      "basic.consume compute_fanout_ID 3",
      "channel.open",
      "queue.declare reply_ID",
      "basic.consume reply_ID 1",
      "basic.cancel",
      "basic.cancel",
      "basic.cancel",
      "queue.delete compute_fanout_ID",
      "channel.close",
    ]);
    expect(publishing).toEqual([
      "connection.start-ok",
      "connection.tune-ok",
      "connection.open",
      "channel.open",
      "confirm.select",
      "exchange.declare openstack topic",
      "basic.publish openstack compute",
      "basic.publish openstack compute.host1",
      "channel.open",
      "confirm.select",
      "exchange.declare compute_fanout fanout",
      "basic.publish compute_fanout ",
      "basic.publish compute_fanout ",
      "channel.open",
      "confirm.select",
      "basic.publish  reply_ID",
    ]);
  });

  test("carries messages with exactly the properties of oslo.messaging", async () => {
    const { url } = await newVirtualHost();
    const raw = await connect(url.replace("rabbit://", "amqp://"));
    const channel = await raw.createChannel();
    const { queue } = await channel.assertQueue("", { exclusive: true });
    const transport = createTransport(url);
    await transport.publish({ replyQueue: queue }, { body: Buffer.from("a"), expiration: 2_718.2 });
    await transport.publish({ replyQueue: queue }, { body: Buffer.from("b"), mandatory: true });
    const received = [await channel.get(queue), await channel.get(queue)].map((message) => {
      if (message === false) throw new Error("the message is not there");
      return Object.fromEntries(Object.entries(message.properties).filter(([, value]) => value !== undefined));
    });
    await transport.close();
    await raw.close();
    const always = {
      contentType: "application/json",
      contentEncoding: "utf-8",
      headers: {},
      deliveryMode: 2,
      priority: 0,
    };
    expect(received).toEqual([{ ...always, expiration: "2718" }, always]);
  });
});

function isOurs({ name }: Row): boolean {
  return name !== "" && !String(name).startsWith("amq.");
}

/** Suffixes of reply and fanout queues are random. */
function plain(name: string): string {
  return name.replaceAll(/[0-9a-f]{32}/g, "ID");
}

/** Comparable whatever the order of rows, columns and arguments. */
function rows(table: readonly Row[]): string[] {
  return table
    .map((row) =>
      JSON.stringify(
        Object.entries(row)
          .map(([key, value]) => [key, Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value])
          .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      ),
    )
    .map(plain)
    .sort();
}
