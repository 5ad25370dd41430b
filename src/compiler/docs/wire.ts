import { durationText as everyText } from "../emit/docs.js";
import { returnsNothing } from "../emit/shape.js";
import type { ErrorType, Method, Service } from "../model.js";
import { serverPathsAt } from "../routes.js";
import type { Examples } from "../samples/examples.js";
import { jsonText } from "../samples/json-text.js";
import { type SampleRequest, sampleRequest } from "../samples/request.js";
import type { Sealer } from "../samples/sealed.js";
import { timesOf } from "../samples/times.js";
import type { Fact } from "./document.js";

/** What one call of a method looks like to the broker. */
export interface WireDoc {
  readonly facts: readonly Fact[];
  /** The request inside the envelope. */
  readonly request: string;
  /** Undefined where nothing comes back. */
  readonly reply: string | undefined;
  /** The text in `failure` of a reply, as the JSON that it holds. */
  readonly failures: readonly { readonly name: string; readonly json: string }[];
  readonly notes: readonly string[];
}

const messageId = "5f0c1d6a2b7e4f3c9a8d7e6f5c4b3a21";
const replyQueue = "reply_9d3e0b1f6c5a4e7d8f2a1b3c4d5e6f70";

/** Describes the messages of a method with arguments of its example, or with made-up ones. */
export function wireDoc(service: Service, method: Method, examples: Examples, sealer: Sealer): WireDoc {
  const request = sampleRequest(service, method, examples, sealer, exampleArguments(method));
  const { timeout, heartbeat } = timesOf(service, method);
  const isCall = request.kind === "call";
  return {
    facts: [
      ...addressOf(service, method, request),
      ...(isCall ? [{ label: "Expiration", value: durationText(timeout), isCode: false }] : []),
      ...(method.priority === undefined ? [] : [fact("Priority", String(method.priority))]),
      {
        label: "Properties",
        value: "content_type `application/json`, content_encoding `utf-8`, delivery_mode `2`",
        isCode: false,
      },
      { label: "Headers", value: "none", isCode: false },
    ],
    request: jsonText({
      method: request.method,
      args: request.args,
      namespace: service.namespace,
      version: request.version,
      ...(isCall
        ? { _msg_id: messageId, _reply_q: replyQueue, _timeout: heartbeat === undefined ? null : heartbeat / 1000 }
        : {}),
      _unique_id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      _context_request_id: "req-7f3c2a9e",
    }),
    reply: isCall ? replyText(method, examples, sealer) : undefined,
    failures: isCall ? method.errors.flatMap((name) => failureOf(service, name, examples, sealer)) : [],
    notes: notesOf(service, method, request),
  };
}

/** The arguments of the first example that has some. */
function exampleArguments(method: Method): Readonly<Record<string, unknown>> | undefined {
  // The compiler has read them as { params, returns }.
  const examples = method.examples as readonly { readonly params?: Readonly<Record<string, unknown>> }[];
  return examples.find(({ params }) => params !== undefined)?.params;
}

function addressOf(service: Service, method: Method, request: SampleRequest): readonly Fact[] {
  const { topic, topicRule, server, kind } = request;
  if (kind === "fanout") {
    return [
      fact("Exchange", `${topic}_fanout`),
      { label: "Routing key", value: "empty", isCode: false },
      { label: "Queue", value: `\`${topic}_fanout_…\`, one of each server`, isCode: false },
    ];
  }
  const key = server === undefined ? topic : `${topic}.${server}`;
  const isGeneral = topicRule !== topic || server !== undefined;
  const rule =
    server === undefined ? topicRule : `${topicRule}.{${serverPathsAt(method, request.cap).join(" or ") || "server"}}`;
  return [
    service.exchange === undefined
      ? { label: "Exchange", value: "`openstack`, or the transport's control exchange", isCode: false }
      : fact("Exchange", service.exchange),
    fact("Routing key", key),
    ...(isGeneral ? [fact("In general", rule)] : []),
    fact("Queue", key),
  ];
}

function replyText(method: Method, examples: Examples, sealer: Sealer): string {
  // The compiler has read them as { params, returns }.
  const given = (method.examples as readonly { readonly returns?: unknown }[]).find((each) => "returns" in each);
  const { type, constraints } = method.returns;
  const made = (): unknown => (returnsNothing(method) ? null : examples.of({ name: method.name, type, constraints }));
  const result = sealer.seal(type, given === undefined ? made() : given.returns);
  return jsonText({
    result,
    failure: null,
    ending: true,
    _msg_id: messageId,
    _unique_id: "c0ffee00112233445566778899aabbcc",
  });
}

function failureOf(service: Service, name: string, examples: Examples, sealer: Sealer): WireDoc["failures"] {
  const error = service.errors.find((each) => each.name === name);
  if (error === undefined) return [];
  const fields = Object.fromEntries(
    error.fields
      .filter(({ optional }) => !optional)
      .map((field) => [field.name, sealer.seal(field.type, examples.of(field))]),
  );
  const message = messageText(error, fields);
  const dot = error.wire.lastIndexOf(".");
  const json = jsonText({
    class: error.wire.slice(dot + 1),
    module: dot === -1 ? "" : error.wire.slice(0, dot),
    message,
    tb: [],
    args: [message],
    kwargs: fields,
  });
  return [{ name, json }];
}

function messageText({ message }: ErrorType, fields: Readonly<Record<string, unknown>>): string {
  return message.replace(/\{([^{}]*)\}/g, (all, name: string) =>
    Object.hasOwn(fields, name) ? String(fields[name]) : all,
  );
}

function notesOf(service: Service, method: Method, { cap, converters, version }: SampleRequest): readonly string[] {
  const newest = service.versions.at(-1)?.version;
  return [
    ...(cap === newest ? [] : [`A client of version ${cap} sends it; newer ones cannot.`]),
    ...(isForOption(method, version)
      ? [`The version is ${version} because of an argument that is new in it; without that it is lower.`]
      : []),
    ...converters.map((name) => `What ${name} makes is known to the program alone.`),
  ];
}

/** Whether a request has its version for nothing but arguments that callers may leave out. */
function isForOption({ interval, params, label, was }: Method, version: string): boolean {
  const younger = params.filter((param) => param.interval.since === version);
  const isOther = version === interval.since || label.length > 0 || was.some(({ before }) => before === version);
  return (
    !isOther &&
    younger.length > 0 &&
    younger.every(({ optional, default: fallback, from, const: constant }) => {
      return (optional || fallback !== undefined) && from === undefined && constant === undefined;
    })
  );
}

/** `10 minutes`, `1 minute`. */
export function durationText(milliseconds: number): string {
  const words = everyText(milliseconds);
  return /^\d/.test(words) ? words : `1 ${words}`;
}

function fact(label: string, value: string): Fact {
  return { label, value, isCode: true };
}
