// amqplib by hand, as an engineer would write it who wants speed and knows RabbitMQ: direct reply-to, no delay, prefetch,
// JSON in and out, nothing else. This is the measure of all others.
import amqplib from "amqplib";

const queue = "raw";
const noteQueue = "raw.notes";
const noteExchange = "raw.all";
const options = { noDelay: true };

export async function serve(url, manager) {
  const connection = await amqplib.connect(url, options);
  const channel = await connection.createChannel();
  await channel.prefetch(256);
  await channel.assertQueue(queue, { durable: false });
  await channel.assertQueue(noteQueue, { durable: false });
  await channel.assertExchange(noteExchange, "fanout", { durable: false });
  const own = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(own.queue, noteExchange, "");
  await channel.consume(queue, async (message) => {
    const result = await manager.echo(JSON.parse(message.content.toString()).report);
    const { replyTo, correlationId } = message.properties;
    channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(result)), { correlationId });
    channel.ack(message);
  });
  for (const each of [noteQueue, own.queue]) {
    await channel.consume(each, async (message) => {
      await manager.note(JSON.parse(message.content.toString()).report);
      channel.ack(message);
    });
  }
  return () => connection.close();
}

export async function connect(url) {
  const connection = await amqplib.connect(url, options);
  const channel = await connection.createChannel();
  const confirmed = await connection.createConfirmChannel();
  await confirmed.assertExchange(noteExchange, "fanout", { durable: false });
  const waiting = new Map();
  let next = 0;
  const replyTo = "amq.rabbitmq.reply-to";
  await channel.consume(
    replyTo,
    (message) => {
      const { correlationId } = message.properties;
      const resolve = waiting.get(correlationId);
      waiting.delete(correlationId);
      resolve?.(JSON.parse(message.content.toString()));
    },
    { noAck: true },
  );
  const publish = (exchange, key, report) =>
    new Promise((resolve, reject) => {
      confirmed.publish(exchange, key, Buffer.from(JSON.stringify({ report })), {}, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  return {
    call: (report) =>
      new Promise((resolve) => {
        const correlationId = String(next++);
        waiting.set(correlationId, resolve);
        channel.sendToQueue(queue, Buffer.from(JSON.stringify({ report })), { replyTo, correlationId });
      }),
    cast: (report) => publish("", noteQueue, report),
    fanout: (report) => publish(noteExchange, "", report),
    close: () => connection.close(),
  };
}
