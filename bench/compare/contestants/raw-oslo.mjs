// amqplib by hand again, with the topology, the envelope and the guarantees of oslo.messaging: acknowledged on receipt,
// confirmed, replies mandatory. Neither validation, versions, deadlines nor reconnection, which nobody writes twice.
import { randomUUID } from "node:crypto";
import amqplib from "amqplib";

const exchange = "openstack";
const topic = "byhand";
const fanoutExchange = `${topic}_fanout`;
const options = { noDelay: true };
const properties = {
  contentType: "application/json",
  contentEncoding: "utf-8",
  deliveryMode: 2,
  priority: 0,
  headers: {},
};
const expiring = { "x-expires": 1_800_000 };

export async function serve(url, manager) {
  const name = id();
  const listening = await amqplib.connect(url, options);
  const publishing = await amqplib.connect(url, options);
  const channel = await listening.createChannel();
  const replies = await publishing.createConfirmChannel();
  await channel.prefetch(256);
  await channel.assertExchange(exchange, "topic", { durable: false });
  await channel.assertExchange(fanoutExchange, "fanout", { durable: false, autoDelete: true });
  const fanoutQueue = `${fanoutExchange}_${id()}`;
  await channel.assertQueue(fanoutQueue, { durable: false, arguments: expiring });
  await channel.bindQueue(fanoutQueue, fanoutExchange, topic);
  for (const queue of [topic, `${topic}.${name}`]) {
    await channel.assertQueue(queue, { durable: false });
    await channel.bindQueue(queue, exchange, queue);
  }
  const methods = { echo: ({ report }) => manager.echo(report), note: ({ report }) => manager.note(report) };
  const receive = async (message) => {
    channel.ack(message);
    const request = unpack(message);
    let [result, failure] = [null, null];
    try {
      result = (await methods[request.method](request.args)) ?? null;
    } catch (error) {
      failure = JSON.stringify({
        class: "Error",
        module: "builtins",
        message: error.message,
        tb: [],
        args: [],
        kwargs: {},
      });
    }
    if (request._msg_id === undefined) return;
    const reply = { result, failure, ending: true, _msg_id: request._msg_id, _unique_id: id() };
    replies.publish("", request._reply_q, pack(reply), { ...properties, mandatory: true });
  };
  for (const queue of [topic, `${topic}.${name}`, fanoutQueue]) await channel.consume(queue, receive);
  return () => Promise.all([listening.close(), publishing.close()]);
}

export async function connect(url) {
  const listening = await amqplib.connect(url, options);
  const publishing = await amqplib.connect(url, options);
  const replies = await listening.createChannel();
  const channel = await publishing.createConfirmChannel();
  await channel.assertExchange(exchange, "topic", { durable: false });
  await channel.assertExchange(fanoutExchange, "fanout", { durable: false, autoDelete: true });
  const replyQueue = `reply_${id()}`;
  const waiting = new Map();
  await replies.assertQueue(replyQueue, { durable: false, arguments: expiring });
  await replies.consume(replyQueue, (message) => {
    replies.ack(message);
    const { result, failure, ending, _msg_id } = unpack(message);
    const call = waiting.get(_msg_id);
    if (call === undefined || !ending) return;
    waiting.delete(_msg_id);
    if (failure) call.reject(new Error(JSON.parse(failure).message));
    else call.resolve(result);
  });
  const publish = (to, key, request, more) =>
    new Promise((resolve, reject) => {
      channel.publish(to, key, pack({ ...request, _unique_id: id() }), { ...properties, ...more }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  const request = (method, report) => ({ method, args: { report }, version: "1.0" });
  return {
    call: (report) =>
      new Promise((resolve, reject) => {
        const _msg_id = id();
        waiting.set(_msg_id, { resolve, reject });
        const call = { ...request("echo", report), _msg_id, _reply_q: replyQueue, _timeout: null };
        publish(exchange, topic, call, { mandatory: true, expiration: "60000" }).catch(reject);
      }),
    cast: (report) => publish(exchange, topic, request("note", report), { mandatory: true }),
    fanout: (report) => publish(fanoutExchange, "", request("note", report), {}),
    close: () => Promise.all([listening.close(), publishing.close()]),
  };
}

function pack(payload) {
  return Buffer.from(JSON.stringify({ "oslo.version": "2.0", "oslo.message": JSON.stringify(payload) }));
}

function unpack(message) {
  return JSON.parse(JSON.parse(message.content.toString())["oslo.message"]);
}

function id() {
  return randomUUID().replaceAll("-", "");
}
