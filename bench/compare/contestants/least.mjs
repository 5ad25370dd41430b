// The least that oslo's wire costs in Node.js: the exchange, queues, envelope, properties and broker's guarantees of
// oslo.messaging, with bytes that are made for this one call and know that nothing goes wrong. No validation, deadline,
// error, duplicate, reconnection or time-out; a text that needs escaping would break it. What this reaches is what the
// broker and the event loop leave to anyone who speaks this wire.
import { randomUUID } from "node:crypto";
import amqplib from "amqplib";
import { headOf, read, Writer } from "../least/frames.mjs";

const exchange = "openstack";
const topic = "least";
const expiring = { "x-expires": 1_800_000 };
const options = { noDelay: true };
const q = '\\"';

export async function serve(url, manager) {
  const listening = await amqplib.connect(url, options);
  const publishing = await amqplib.connect(url, options);
  const channel = await listening.createChannel();
  const confirming = await publishing.createConfirmChannel();
  await channel.prefetch(256);
  await channel.assertExchange(exchange, "topic", { durable: false });
  await channel.assertQueue(topic, { durable: false });
  await channel.bindQueue(topic, exchange, topic);
  await channel.consume(topic, () => {});
  const acknowledgements = new Writer(listening.connection.stream, channel.ch);
  const replies = new Writer(publishing.connection.stream, confirming.ch);
  const heads = new Map();
  const headFor = (key) => {
    if (!heads.has(key)) heads.set(key, headOf({ channel: confirming.ch, exchange: "", key, mandatory: 1 }));
    return heads.get(key);
  };
  read(publishing.connection.stream, {});
  read(listening.connection.stream, {
    delivered: async (text, tag) => {
      acknowledgements.acknowledge(tag);
      const { method, args, _msg_id, _reply_q } = unpack(text);
      const result = await manager[method](args.report);
      if (_msg_id === undefined) return;
      const ids = `${q}_msg_id${q}:${q}${_msg_id}${q},${q}_unique_id${q}:${q}${uniqueId()}${q}`;
      const payload = `{${q}result${q}:${textOf(result)},${q}failure${q}:null,${q}ending${q}:true,${ids}}`;
      replies.publish(headFor(_reply_q), pack(payload));
    },
  });
  return () => Promise.all([listening.close(), publishing.close()]);
}

export async function connect(url) {
  const listening = await amqplib.connect(url, options);
  const publishing = await amqplib.connect(url, options);
  const channel = await listening.createChannel();
  const confirming = await publishing.createConfirmChannel();
  await confirming.assertExchange(exchange, "topic", { durable: false });
  const replyQueue = `reply_${hexId()}`;
  await channel.assertQueue(replyQueue, { durable: false, arguments: expiring });
  await channel.consume(replyQueue, () => {});
  const acknowledgements = new Writer(listening.connection.stream, channel.ch);
  const requests = new Writer(publishing.connection.stream, confirming.ch);
  const waiting = new Map();
  const unconfirmed = [];
  let [received, first] = [0, 1];
  read(listening.connection.stream, {
    delivered: (text, tag) => {
      if (++received % 64 === 0) acknowledgements.acknowledge(tag);
      const { result, _msg_id } = unpack(text);
      const resolve = waiting.get(_msg_id);
      waiting.delete(_msg_id);
      resolve(result);
    },
  });
  read(publishing.connection.stream, {
    confirmed: (tag, multiple) => {
      for (let each = multiple ? first : tag; each <= tag; each++) {
        unconfirmed[each - first]?.();
        unconfirmed[each - first] = undefined;
      }
      let settled = 0;
      while (settled < unconfirmed.length && unconfirmed[settled] === undefined) settled++;
      unconfirmed.splice(0, settled);
      first += settled;
    },
  });
  const base = { channel: confirming.ch, exchange, key: topic, mandatory: 1 };
  const heads = {
    call: headOf({ ...base, expiration: "60000" }),
    cast: headOf(base),
  };
  const publish = (head, method, report, more, confirmed) => {
    const request = `{${q}method${q}:${q}${method}${q},${q}args${q}:{${q}report${q}:${textOf(report)}},${q}version${q}:${q}1.0${q}`;
    unconfirmed.push(confirmed);
    requests.publish(head, pack(`${request}${more},${q}_unique_id${q}:${q}${uniqueId()}${q}}`));
  };
  return {
    call: (report) =>
      new Promise((resolve) => {
        const id = uniqueId();
        waiting.set(id, resolve);
        const address = `,${q}_msg_id${q}:${q}${id}${q},${q}_reply_q${q}:${q}${replyQueue}${q},${q}_timeout${q}:null`;
        publish(heads.call, "echo", report, address, ignore);
      }),
    cast: (report) => new Promise((resolve) => publish(heads.cast, "note", report, "", resolve)),
    close: () => Promise.all([listening.close(), publishing.close()]),
  };
}

function pack(payload) {
  return `{"oslo.version": "2.0", "oslo.message": "${payload}"}`;
}

function unpack(text) {
  return JSON.parse(JSON.parse(text)["oslo.message"]);
}

/** A report as JSON, escaped for the text in which it travels. */
function textOf({ id, instances }) {
  return `{${q}id${q}:${id},${q}instances${q}:[${instances.map(instanceText).join(",")}]}`;
}

function instanceText({ uuid, host, vm_state, memory_mb, tags }) {
  const hostText = host === null ? "null" : `${q}${host}${q}`;
  const own = `${q}uuid${q}:${q}${uuid}${q},${q}host${q}:${hostText},${q}vm_state${q}:${q}${vm_state}${q}`;
  return `{${own},${q}memory_mb${q}:${memory_mb},${q}tags${q}:[${q}${tags.join(`${q},${q}`)}${q}]}`;
}

function hexId() {
  return randomUUID().replaceAll("-", "");
}

const start = hexId().slice(0, 24);
let ids = 0x10000000;

/** Unique, and of the right length. */
function uniqueId() {
  return `${start}${(ids++).toString(16)}`;
}

function ignore() {}
