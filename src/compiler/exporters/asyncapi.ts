import { newestVersion } from "../emit/shape.js";
import type { Method, MethodKind, Service } from "../model.js";
import { placesOf, ruleAt, serverPaths } from "../routes.js";
import { Examples } from "../samples/examples.js";
import { capOf, hasEnded, type SampleRequest, sampleRequest } from "../samples/request.js";
import { Sealer } from "../samples/sealed.js";
import { timesOf } from "../samples/times.js";
import { type WireSchemas, wireSchemasOf } from "./wire-schemas.js";

type Part = Readonly<Record<string, unknown>>;

/**
 * AsyncAPI 3.0, seen from the server: each method is an operation that receives a request and, for a call, replies. A
 * payload is what the text `oslo.message` of the envelope holds.
 */
export function asyncApiOf(service: Service): Part {
  const schemas = wireSchemasOf(service, { types: "#/components/schemas/", wrapsRefs: true });
  const newest = newestVersion(service);
  const described = service.methods
    .filter(({ interval }) => !hasEnded(interval, newest))
    .map((method) => describe(service, method));
  const channels = new Map<string, Channel>();
  for (const each of described) {
    const present = channels.get(each.channel.id);
    const methods = [...(present?.methods ?? []), each.method.name];
    channels.set(each.channel.id, { ...each.channel, methods });
  }
  const calls = described.filter(({ answers }) => answers);
  return {
    asyncapi: "3.0.0",
    id: `urn:rpcgen:${service.name}`,
    info: {
      title: service.name,
      version: newest,
      description: [service.description?.trim(), envelopeText].filter((text) => text !== undefined).join("\n\n"),
    },
    defaultContentType: "application/json",
    channels: {
      ...Object.fromEntries([...channels].map(([id, channel]) => [id, channelOf(channel)])),
      ...(calls.length === 0 ? {} : { reply: replyChannel(calls.map(({ method }) => method.name)) }),
    },
    operations: Object.fromEntries(described.map((each) => [each.method.name, operationOf(service, each)])),
    components: {
      messages: Object.fromEntries([
        ...described.map((each) => [`${each.method.name}.request`, requestMessage(service, each, schemas)] as const),
        ...calls.map(({ method }) => [`${method.name}.reply`, replyMessage(method, schemas)] as const),
      ]),
      schemas: { ...schemas.types, ...errorSchemas(service, schemas) },
    },
  };
}

const envelopeText =
  'The body of every message is the envelope {"oslo.version": "2.0", "oslo.message": "…"}; the payloads here are the JSON in the text of oslo.message.';

/** What is known of a method before anything is written. */
interface Described {
  readonly method: Method;
  readonly request: SampleRequest;
  readonly kinds: readonly MethodKind[];
  readonly answers: boolean;
  readonly channel: Channel;
}

interface Channel {
  readonly id: string;
  readonly address: string;
  readonly exchange: string;
  readonly exchangeType: "topic" | "fanout";
  readonly parameters: Part;
  readonly methods: readonly string[];
}

function describe(service: Service, method: Method): Described {
  const request = sampleRequest(service, method, new Examples(service), new Sealer(service));
  const rule = ruleAt(method.kind, capOf(service, method)) ?? "call";
  const kinds = typeof rule === "string" ? [rule] : [rule.true, rule.false];
  return { method, request, kinds, answers: kinds.includes("call"), channel: channelFor(service, method, request) };
}

/** A channel for each topic and way to route: what the definition leaves open is a parameter of the address. */
function channelFor(service: Service, { server }: Method, { kind, topicRule }: SampleRequest): Channel {
  const places = placesOf(topicRule);
  const topic = topicRule.replace(/\{([^}]*)\}/g, (_, path: string) => `{${parameterName(path)}}`);
  const parameters = Object.fromEntries(
    places.map((path) => [parameterName(path), { description: `The argument ${path}.` }]),
  );
  if (kind === "fanout") {
    const exchange = `${topicRule}_fanout`;
    return {
      id: channelId(exchange),
      address: exchange,
      exchange,
      exchangeType: "fanout",
      parameters: {},
      methods: [],
    };
  }
  const isDirect = server.length > 0;
  const address = isDirect ? `${topic}.{server}` : topic;
  return {
    id: channelId(isDirect ? `${topicRule}.server` : topicRule),
    address,
    exchange: service.exchange ?? "openstack",
    exchangeType: "topic",
    parameters: isDirect ? { ...parameters, server: { description: "The host that takes the request." } } : parameters,
    methods: [],
  };
}

function channelId(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, "-");
}

function parameterName(path: string): string {
  return channelId(path.split("|")[0]?.trim() ?? "");
}

function channelOf({ address, exchange, exchangeType, parameters, methods }: Channel): Part {
  return {
    address,
    messages: messageRefs(methods, "request"),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    bindings: {
      amqp: {
        is: "routingKey",
        exchange: { name: exchange, type: exchangeType, durable: false, autoDelete: exchangeType === "fanout" },
        bindingVersion: "0.3.0",
      },
    },
  };
}

function replyChannel(methods: readonly string[]): Part {
  return {
    address: null,
    description:
      "The caller's own queue, which the request names in _reply_q; replies go there through the default exchange.",
    messages: messageRefs(methods, "reply"),
    bindings: {
      amqp: { is: "queue", queue: { durable: false, exclusive: false, autoDelete: false }, bindingVersion: "0.3.0" },
    },
  };
}

function messageRefs(methods: readonly string[], suffix: string): Part {
  return Object.fromEntries(
    methods.map((name) => [`${name}.${suffix}`, { $ref: `#/components/messages/${name}.${suffix}` }]),
  );
}

function operationOf(service: Service, { method, request, kinds, answers, channel }: Described): Part {
  const { priority } = method;
  return {
    action: "receive",
    channel: { $ref: `#/channels/${channel.id}` },
    ...(method.description === undefined ? {} : { description: method.description.trim() }),
    messages: [{ $ref: `#/channels/${channel.id}/messages/${method.name}.request` }],
    ...(answers
      ? {
          reply: {
            address: { location: "$message.payload#/_reply_q", description: "The caller's reply queue." },
            channel: { $ref: "#/channels/reply" },
            messages: [{ $ref: `#/channels/reply/messages/${method.name}.reply` }],
          },
        }
      : {}),
    bindings: {
      amqp: {
        ...(answers ? { expiration: timesOf(service, method).timeout } : {}),
        ...(priority === undefined ? {} : { priority }),
        deliveryMode: 2,
        mandatory: request.kind !== "fanout",
        bindingVersion: "0.3.0",
      },
    },
    ...(method.deprecated === undefined ? {} : { "x-deprecated": method.deprecated }),
    "x-kinds": kinds,
    ...(method.server.length === 0 ? {} : { "x-server": serverPaths(method) }),
  };
}

function requestMessage(service: Service, { method, request, answers }: Described, schemas: WireSchemas): Part {
  const { heartbeat } = timesOf(service, method);
  const required = ["method", "args", "version", ...(service.namespace === undefined ? [] : ["namespace"])];
  return {
    name: request.method,
    title: `Request of ${method.name}`,
    contentType: "application/json",
    payload: {
      type: "object",
      required,
      properties: {
        method: { const: request.method },
        args: schemas.args(method),
        ...(service.namespace === undefined ? {} : { namespace: { const: service.namespace } }),
        version: { type: "string", examples: [request.version] },
        ...(answers
          ? {
              _msg_id: { type: "string", description: "Correlates request and reply." },
              _reply_q: { type: "string", description: "The queue for the reply." },
              _timeout: {
                type: ["number", "null"],
                description: "Call monitor: the longest silence in seconds.",
                ...(heartbeat === undefined ? {} : { examples: [heartbeat / 1000] }),
              },
            }
          : {}),
        _unique_id: { type: "string", description: "For the suppression of duplicates." },
      },
    },
  };
}

function replyMessage(method: Method, schemas: WireSchemas): Part {
  const errors = method.errors.map((name) => `#/components/schemas/${name}.fields`);
  return {
    name: `${method.name}.reply`,
    title: `Reply of ${method.name}`,
    contentType: "application/json",
    payload: {
      type: "object",
      required: ["result", "failure", "ending"],
      properties: {
        result: { anyOf: [schemas.result(method) ?? { type: "null" }, { type: "null" }] },
        failure: {
          type: ["string", "null"],
          description: "JSON with class, module, message, tb, args and kwargs where the method failed.",
          ...(errors.length === 0 ? {} : { "x-kwargs": errors }),
        },
        ending: { type: "boolean", description: "False in a sign of life of a monitored call." },
        _msg_id: { type: "string" },
        _unique_id: { type: "string" },
      },
    },
  };
}

function errorSchemas(service: Service, schemas: WireSchemas): Part {
  return Object.fromEntries(
    service.errors.map((error) => [
      `${error.name}.fields`,
      { description: `The fields of ${error.wire}.`, ...schemas.fields(error) },
    ]),
  );
}
