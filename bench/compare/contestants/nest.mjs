// NestJS 11 microservices on RabbitMQ. A decorator is called as the function that it is.
import "reflect-metadata";
import { Controller, Logger, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ClientProxyFactory, MessagePattern, Transport } from "@nestjs/microservices";
import { firstValueFrom } from "rxjs";

Logger.overrideLogger(false);
const optionsOf = (url) => ({
  transport: Transport.RMQ,
  options: {
    urls: [url],
    queue: "nest",
    queueOptions: { durable: false },
    prefetchCount: 256,
    socketOptions: { connectionOptions: { noDelay: true } },
  },
});

export async function serve(url, manager) {
  class EchoController {
    async echo(data) {
      return manager.echo(data.report);
    }
  }
  Controller()(EchoController);
  const { prototype } = EchoController;
  MessagePattern("echo")(prototype, "echo", Object.getOwnPropertyDescriptor(prototype, "echo"));
  class EchoModule {}
  Module({ controllers: [EchoController] })(EchoModule);
  const app = await NestFactory.createMicroservice(EchoModule, optionsOf(url));
  await app.listen();
  return () => app.close();
}

export async function connect(url) {
  const client = ClientProxyFactory.create(optionsOf(url));
  await client.connect();
  return {
    call: (report) => firstValueFrom(client.send("echo", { report })),
    close: () => client.close(),
  };
}
