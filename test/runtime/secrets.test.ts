import { inspect } from "node:util";
import { DeclaredError, type MethodDescriptor, maskSensitive } from "@rpcgen/runtime";
import { describe, expect, test } from "vitest";
import { createTransport } from "../../src/runtime/create-transport.js";
import { maskText, maskThrown } from "../../src/runtime/sensitive.js";
import { brokerURL, describePrivately, privateBrokerURL, uniqueName } from "../support/broker.js";
import { text } from "../support/inbox.js";
import { freePort } from "../support/rabbitmq.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { describeSecrets } from "./suite/secrets.js";

const memory = `memory://${uniqueName("secrets")}`;

describeSecrets("memory", () => Promise.resolve(memory));
describeSecrets("RabbitMQ", brokerURL);

describe("maskSensitive()", () => {
  const method = (...sensitive: string[]): MethodDescriptor => ({ kind: "call", member: "m", sensitive });

  test("masks what the paths name, in a copy", () => {
    const args = {
      password: "p",
      user: { name: "ada", keys: [{ token: "t", kind: 1 }, { token: null }] },
      tags: { a: "x" },
    };
    const before = structuredClone(args);
    expect(maskSensitive(method("password", "user.keys.*.token", "tags.*"), args)).toEqual({
      password: "***",
      user: { name: "ada", keys: [{ token: "***", kind: 1 }, { token: null }] },
      tags: { a: "***" },
    });
    expect(args).toEqual(before);
  });

  test("gives the arguments themselves where nothing is sensitive or nothing is there", () => {
    const args = { a: 1 };
    expect(maskSensitive({ kind: "call", member: "m" }, args)).toBe(args);
    expect(maskSensitive(method("b.c", "a.b"), args)).toEqual(args);
  });

  test("looks into the envelope of a versioned object that was handed through", () => {
    const args = { instance: { "nova_object.name": "Instance", "nova_object.data": { admin_pass: "s", host: "h" } } };
    expect(maskSensitive(method("instance.admin_pass"), args)).toEqual({
      instance: { "nova_object.name": "Instance", "nova_object.data": { admin_pass: "***", host: "h" } },
    });
  });

  test("treats a key named __proto__ as a key", () => {
    const args = JSON.parse('{"map": {"__proto__": "s"}}');
    const masked = maskSensitive(method("map.*"), args);
    expect(JSON.stringify(masked)).toBe('{"map":{"__proto__":"***"}}');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe("maskText()", () => {
  const masked = (line: string, value: unknown): string =>
    maskText(line, { kind: "call", member: "m", sensitive: ["value"] }, { value });

  test.each([
    ["a long value wherever it stands", "xhunter2x hunter2", "hunter2", "x***x ***"],
    ["a short value as a word", "cat a, (a) and a", "a", "cat ***, (***) and ***"],
    ["a value with the characters of a pattern", "is [.*] ok", ".*", "is [***] ok"],
    ["the longer of two values first", "abcdef abcd", ["abcd", "abcdef"], "*** ***"],
    ["numbers, not as parts of others", "pin 12 of 123", 12, "pin *** of 123"],
    ["integers of any size", `id ${2n ** 64n}`, 2n ** 64n, "id ***"],
    ["nothing for what is empty", "a text", ["", null, true], "a text"],
  ])("masks %s", (_what, line, value, expected) => {
    expect(masked(line, value)).toBe(expected);
  });

  test("leaves a frozen error as it is, and ends on causes in a circle", () => {
    const method: MethodDescriptor = { kind: "call", member: "m", sensitive: ["value"] };
    const frozen = Object.freeze(new Error("plain"));
    expect(maskThrown(frozen, method, { value: "plain" })).toBe(frozen);
    const fields: Record<string, unknown> = { text: "hunter2" };
    fields["self"] = fields;
    class Circular extends DeclaredError {}
    const declared = maskThrown(new Circular("declared", fields), method, { value: "hunter2" });
    expect(inspect(declared, { depth: 300 })).not.toContain("hunter2");
    expect(fields["text"]).toBe("hunter2");
    const circle: Error = new Error("hunter2");
    circle.cause = circle;
    expect(maskThrown(circle, method, { value: "hunter2" })).toMatchObject({ message: "***" });
  });
});

describePrivately("credentials", () => {
  const all = (what: unknown): string => inspect(what, { depth: 20, showHidden: true, maxStringLength: null });

  test("are in no error, no log, no state and no number of a transport, whatever goes wrong", async () => {
    const { port } = new URL(await privateBrokerURL());
    const secret = "s3cr3t-passw0rd";
    const wrong = `guest:${secret}@127.0.0.1`;
    for (const url of [
      `rabbit://${wrong}:${port}/`,
      `rabbit://${wrong}:${await freePort()}/`,
      `rabbit://${wrong}:${port}/nowhere`,
      `rabbit://${wrong}:${port}/?ssl=true`,
    ]) {
      const logger = new RecordingLogger();
      const seen: unknown[] = [];
      const onStateChange = (change: unknown): void => void seen.push(change);
      const transport = createTransport(url, { logger, onStateChange });
      const signal = AbortSignal.timeout(300);
      const error = await transport.publish({ replyQueue: "r" }, { ...text("a"), signal }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(logger.entries.length).toBeGreaterThan(0);
      for (const what of [error, logger.entries, seen, transport.stats(), transport, transport.url]) {
        expect(all(what)).not.toContain(secret);
      }
      await transport.close();
    }
    for (const url of [`rabbit://${wrong}:port/`, `rabbit://${wrong}/?nonsense=${secret}`, `http://${wrong}/`]) {
      expect(() => createTransport(url)).toThrow();
      try {
        createTransport(url);
      } catch (error) {
        expect(all(error)).not.toContain(secret);
      }
    }
  });
});
