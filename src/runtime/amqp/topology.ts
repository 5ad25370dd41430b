import type { Target } from "../target.js";
import { type Destination, deadLetterQueue } from "../transport.js";

/** Which exchanges and queues oslo.messaging makes, as far as its options change them. Pure: nothing here talks to a broker. */
export interface TopologySettings {
  readonly controlExchange: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly quorum: boolean;
  readonly deliveryLimit: number;
  readonly maxMemoryLength: number;
  readonly maxMemoryBytes: number;
  readonly ha: boolean;
  /** In seconds; 0 for ever. */
  readonly transientTTL: number;
  readonly transientQuorum: boolean;
  readonly cancelOnFailover: boolean;
}

/** Where a message is published. */
export interface Address {
  readonly exchange: string;
  readonly routingKey: string;
}

export interface Exchange {
  readonly name: string;
  readonly type: "topic" | "fanout";
  readonly durable: boolean;
  readonly autoDelete: boolean;
}

export interface Queue {
  readonly name: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Arguments;
}

/** An integer has a width on the wire, and RabbitMQ shows it: amqplib would send 5 as a byte where Python sends 32 bits. */
export type Arguments = Readonly<Record<string, string | boolean | { readonly "!": "int"; readonly value: number }>>;

/** One queue with all that stands before and after it, in the order in which oslo declares them. */
export interface QueueSetup {
  /** Absent for a reply queue, which is reached through the default exchange. */
  readonly exchange?: Exchange;
  readonly queue: Queue;
  readonly routingKey: string;
  readonly consumerTag: string;
  readonly consumerArguments: Arguments;
  /** The server removes its own fanout queue when it stops. */
  readonly deleteAtEnd: boolean;
}

/** The exchange and routing key of a destination. */
export function addressOf(destination: Destination, settings: TopologySettings): Address {
  if ("replyQueue" in destination) return { exchange: "", routingKey: destination.replyQueue };
  if ("queue" in destination) return { exchange: "", routingKey: destination.queue };
  const { target } = destination;
  if (target.fanout === true) return { exchange: fanoutName(target.topic), routingKey: "" };
  return {
    exchange: target.exchange ?? settings.controlExchange,
    routingKey: target.server === undefined ? target.topic : `${target.topic}.${target.server}`,
  };
}

/** What a sender declares before it publishes to the destination; nothing for the default exchange. */
export function exchangeOf(destination: Destination, settings: TopologySettings): Exchange | undefined {
  if (!("target" in destination)) return undefined;
  const { target } = destination;
  return target.fanout === true ? fanoutExchange(target.topic, settings) : topicExchange(target, settings);
}

/** A server's three queues. They are not scoped by the exchange: services of one topic share them, as in oslo. */
export function serverQueues(
  target: Target & { readonly server: string },
  fanoutSuffix: string,
  settings: TopologySettings,
): QueueSetup[] {
  const { topic, server } = target;
  const exchange = topicExchange(target, settings);
  const consumerArguments = consumerArgumentsOf(settings);
  const request = (name: string, consumerTag: string): QueueSetup => ({
    exchange,
    queue: requestQueue(name, settings),
    routingKey: name,
    consumerTag,
    consumerArguments,
    deleteAtEnd: false,
  });
  return [
    request(topic, "1"),
    request(`${topic}.${server}`, "2"),
    {
      exchange: fanoutExchange(topic, settings),
      queue: transientQueue(`${fanoutName(topic)}_${fanoutSuffix}`, settings),
      // A fanout exchange ignores the key; oslo binds with the topic and publishes with none.
      routingKey: topic,
      consumerTag: "3",
      consumerArguments,
      deleteAtEnd: true,
    },
  ];
}

/** A client's reply queue. The broker removes it some time after its last user; until then late replies find it. */
export function replyQueue(name: string, settings: TopologySettings): QueueSetup[] {
  return [
    {
      queue: transientQueue(name, settings),
      routingKey: name,
      consumerTag: "1",
      consumerArguments: consumerArgumentsOf(settings),
      deleteAtEnd: false,
    },
  ];
}

/** Where a topic's messages go that could not be processed. It is durable in every fleet: it must not lose them either. */
export function deadLetters(topic: string, settings: TopologySettings): Queue {
  return {
    name: deadLetterQueue(topic),
    durable: true,
    autoDelete: false,
    arguments: { ...highAvailability(settings), ...(settings.quorum ? { "x-queue-type": "quorum" } : {}) },
  };
}

/** The dead letters of a topic, to be read. */
export function deadLetterQueues(topic: string, settings: TopologySettings): QueueSetup[] {
  const queue = deadLetters(topic, settings);
  const consumerArguments = consumerArgumentsOf(settings);
  return [{ queue, routingKey: queue.name, consumerTag: "1", consumerArguments, deleteAtEnd: false }];
}

function topicExchange(target: Target, settings: TopologySettings): Exchange {
  return {
    name: target.exchange ?? settings.controlExchange,
    type: "topic",
    durable: settings.durable || settings.quorum,
    autoDelete: settings.autoDelete,
  };
}

function fanoutExchange(topic: string, settings: TopologySettings): Exchange {
  return { name: fanoutName(topic), type: "fanout", durable: settings.transientQuorum, autoDelete: true };
}

function fanoutName(topic: string): string {
  return `${topic}_fanout`;
}

function requestQueue(name: string, settings: TopologySettings): Queue {
  return {
    name,
    durable: settings.durable || settings.quorum,
    autoDelete: settings.autoDelete,
    arguments: {
      ...highAvailability(settings),
      ...(settings.quorum
        ? {
            "x-queue-type": "quorum",
            ...positive("x-delivery-limit", settings.deliveryLimit),
            ...positive("x-max-in-memory-length", settings.maxMemoryLength),
            ...positive("x-max-in-memory-bytes", settings.maxMemoryBytes),
          }
        : {}),
    },
  };
}

function transientQueue(name: string, settings: TopologySettings): Queue {
  return {
    name,
    durable: settings.transientQuorum,
    autoDelete: false,
    arguments: {
      ...highAvailability(settings),
      ...(settings.transientQuorum ? { "x-queue-type": "quorum" } : {}),
      ...positive("x-expires", settings.transientTTL * 1_000),
    },
  };
}

function highAvailability(settings: TopologySettings): Arguments {
  return settings.ha ? { "x-ha-policy": "all" } : {};
}

function consumerArgumentsOf(settings: TopologySettings): Arguments {
  return settings.cancelOnFailover ? { "x-cancel-on-ha-failover": true } : {};
}

function positive(name: string, value: number): Arguments {
  return value > 0 ? { [name]: { "!": "int", value } } : {};
}
