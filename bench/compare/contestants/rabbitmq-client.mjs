// rabbitmq-client 5: its RPC client and its consumer, which replies. Its sockets delay small writes by default, which would cost
// it 40 ms a call with 1 in flight.
import { Connection } from "rabbitmq-client";

const queue = "rabbitmq-client";
const noteQueue = `${queue}.notes`;

export async function serve(url, manager) {
  const connection = new Connection({ url, noDelay: true });
  const common = { qos: { prefetchCount: 256 }, queueOptions: { durable: false } };
  const echo = connection.createConsumer({ queue, ...common }, async (request, reply) => {
    await reply(await manager.echo(request.body.report));
  });
  const note = connection.createConsumer({ queue: noteQueue, ...common }, (message) =>
    manager.note(message.body.report),
  );
  await Promise.all([echo, note].map((consumer) => new Promise((resolve) => consumer.once("ready", resolve))));
  return async () => {
    await Promise.all([echo.close(), note.close()]);
    await connection.close();
  };
}

export async function connect(url) {
  const connection = new Connection({ url, noDelay: true });
  const rpc = connection.createRPCClient({ confirm: true, maxAttempts: 1 });
  const publisher = connection.createPublisher({ confirm: true });
  return {
    call: async (report) => (await rpc.send(queue, { report })).body,
    cast: (report) => publisher.send(noteQueue, { report }),
    close: async () => {
      await Promise.all([rpc.close(), publisher.close()]);
      await connection.close();
    },
  };
}
