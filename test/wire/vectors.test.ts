import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeEnvelope } from "../../src/runtime/wire/envelope.js";
import { decodeReply, encodeReply } from "../../src/runtime/wire/reply.js";
import { decodeRequest, encodeRequest } from "../../src/runtime/wire/request.js";

/** Messages which real oslo.messaging 14.0.3 peers exchanged over RabbitMQ 3.10.8, recorded from the wire. */
interface Vector {
  readonly name: string;
  readonly direction: "client->server" | "server->client";
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly bodyUtf8: string | null;
  readonly bodyBase64?: string;
  readonly inflatedUtf8?: string;
}

const vectors: readonly Vector[] = JSON.parse(readFileSync(new URL("./vectors.json", import.meta.url), "utf8"));

const messageOf = ({ bodyUtf8, bodyBase64, headers, properties }: Vector) => ({
  body: bodyUtf8 === null ? Buffer.from(bodyBase64 ?? "", "base64") : Buffer.from(bodyUtf8),
  contentType: String(properties["contentType"]),
  headers,
});

/** The payload read without our code: what JSON.parse cannot read is first written as a text. */
function payloadOf(vector: Vector): Record<string, unknown> {
  const envelope = JSON.parse(vector.bodyUtf8 ?? vector.inflatedUtf8 ?? "");
  const quoted = envelope["oslo.message"].replace(/(?<=[:[,] ?)(-?\d{16,}|NaN|-?Infinity)(?=[,}\]])/g, '"@$1"');
  return JSON.parse(quoted, (_key, value) => {
    if (typeof value !== "string" || !value.startsWith("@")) return value;
    return /\d/.test(value) ? BigInt(value.slice(1)) : Number(value.slice(1));
  });
}

const messageToPayload = (body: Buffer): unknown =>
  decodeEnvelope({ body, contentType: "application/json", headers: {} });

describe("a recorded request", () => {
  for (const vector of vectors.filter(({ direction }) => direction === "client->server")) {
    const payload = payloadOf(vector);

    test(`${vector.name} is read as it was meant`, () => {
      const request = decodeRequest(messageOf(vector));
      expect(request.method).toBe(payload["method"]);
      expect(request.args).toEqual(payload["args"]);
      expect(request.namespace).toBe(payload["namespace"]);
      expect(request.version).toBe(payload["version"]);
      expect(request.uniqueId).toBe(payload["_unique_id"]);
      const isCall = "_msg_id" in payload;
      const { _msg_id: messageId, _reply_q: queue, _timeout: heartbeat } = payload;
      expect(request.reply).toEqual(isCall ? { messageId, queue, heartbeat } : undefined);
      const context = Object.entries(payload).filter(([key]) => key.startsWith("_context_"));
      expect(request.context).toEqual(Object.fromEntries(context.map(([key, value]) => [key.slice(9), value])));
    });

    test(`${vector.name} is written as it was recorded`, () => {
      const written = messageToPayload(encodeRequest(decodeRequest(messageOf(vector))));
      expect(written).toEqual(payload);
      expect(Object.keys(written as object)).toEqual(Object.keys(payload));
    });
  }
});

describe("a recorded reply", () => {
  for (const vector of vectors.filter(({ direction }) => direction === "server->client")) {
    const payload = payloadOf(vector);

    test(`${vector.name} is read as it was meant`, () => {
      const reply = decodeReply(messageOf(vector));
      expect(reply.messageId).toBe(payload["_msg_id"]);
      if (payload["ending"] === false) {
        expect(reply.kind).toBe("heartbeat");
      } else if (payload["failure"] === null) {
        expect(reply).toEqual({ kind: "result", messageId: payload["_msg_id"], result: payload["result"] });
      } else {
        const failure = JSON.parse(String(payload["failure"]));
        expect(reply).toEqual({
          kind: "failure",
          messageId: payload["_msg_id"],
          failure: {
            className: failure.class,
            module: failure.module,
            message: failure.message,
            trace: failure.tb,
            args: failure.args,
            kwargs: failure.kwargs,
          },
        });
      }
    });

    test(`${vector.name} is written as it was recorded`, () => {
      const written = messageToPayload(encodeReply(decodeReply(messageOf(vector)), String(payload["_unique_id"])));
      const parsed = (value: unknown): unknown => {
        const { failure, ...rest } = value as Record<string, unknown>;
        return { ...rest, failure: failure === null ? null : JSON.parse(String(failure)) };
      };
      expect(parsed(written)).toEqual(parsed(payload));
      expect(Object.keys(written as object)).toEqual(Object.keys(payload));
    });
  }
});

test("all 97 recordings are here", () => {
  expect(vectors).toHaveLength(97);
});
