// The same with RabbitMQ: the runtime loads amqplib when it connects first.
import { createTransport } from "@rpcgen/runtime";

const [url, amqplib] = process.argv.slice(2);
createTransport(url);
await import(amqplib);
