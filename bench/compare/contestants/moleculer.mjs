// Moleculer 0.14 on AMQP. Its prefetch is 1 by default, which would cost it more than half.
import { ServiceBroker } from "moleculer";

const optionsOf = (url, nodeID) => ({
  nodeID,
  logger: false,
  transporter: { type: "AMQP", options: { url, prefetch: 256, socketOptions: { noDelay: true } } },
});

export async function serve(url, manager, name) {
  const broker = new ServiceBroker(optionsOf(url, name));
  broker.createService({ name: "bench", actions: { echo: async ({ params }) => manager.echo(params.report) } });
  await broker.start();
  return () => broker.stop();
}

export async function connect(url) {
  const broker = new ServiceBroker(optionsOf(url, "client"));
  await broker.start();
  await broker.waitForServices("bench");
  return {
    call: (report) => broker.call("bench.echo", { report }),
    close: () => broker.stop(),
  };
}
