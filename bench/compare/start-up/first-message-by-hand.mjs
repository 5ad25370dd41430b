// The same with amqplib alone.
import amqplib from "amqplib";

const [url] = process.argv.slice(2);
const connection = await amqplib.connect(url, { noDelay: true });
const channel = await connection.createConfirmChannel();
await channel.assertExchange("first-message", "fanout", { durable: false, autoDelete: true });
channel.publish("first-message", "", Buffer.from(JSON.stringify({ report: { id: 1, instances: [] } })));
await channel.waitForConfirms();
await connection.close();
