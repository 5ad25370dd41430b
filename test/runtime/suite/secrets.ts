import { inspect } from "node:util";
import {
  createDispatcher,
  createTransport,
  DeclaredError,
  type DeclaredErrorDetails,
  InvalidArgumentsError,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
} from "@rpcgen/runtime";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { uniqueName } from "../../support/broker.js";
import { Inbox } from "../../support/inbox.js";
import { RecordingLogger } from "../../support/recording-logger.js";

/** The values that must not be seen, at each kind of place that a path can name. */
const secrets = {
  password: "correct horse",
  user: {
    name: "ada",
    keys: [{ token: "tok-81726354" }, { token: "tok-99887766" }],
    pins: { home: 4711, work: 90210 },
  },
  any: { deep: ["all of this is s3cret"] },
};
const values = ["correct horse", "tok-81726354", "tok-99887766", "4711", "90210", "all of this is s3cret"];

interface RefusedFields {
  readonly name: string;
  readonly asked?: unknown;
}

class Refused extends DeclaredError<RefusedFields> {
  static readonly wireName = "vault.exception.Refused";

  constructor(fields: RefusedFields, details?: DeclaredErrorDetails) {
    super(`${fields.name} is refused`, fields, details);
  }
}

const sensitive = ["password", "user.keys.*.token", "user.pins.*", "any"];
const params = { how: {}, password: {}, user: {}, any: {} };
const vault = {
  name: "vault",
  topic: "vault",
  versions: ["1.0"],
  errors: { Refused },
  methods: {
    open: { member: "open", kind: "call", params, sensitive },
    store: { member: "store", kind: "cast", params, sensitive },
    keep: { member: "keep", kind: "cast", params, sensitive, delivery: "at-least-once", attempts: 1 },
  },
} as const satisfies ServiceDescriptor;

/** Ways in which a method can quote what it was given. */
const quotes: Readonly<Record<string, (args: typeof secrets) => unknown>> = {
  "its text": ({ password }) => new Error(`wrong password: ${password}`),
  "the text of its cause": ({ user }) => new Error("refused", { cause: new Error(`token ${user.keys[1]?.token}`) }),
  "a text that has all": (args) => new TypeError(`cannot open with ${inspect(args, { depth: 9 })}`),
  "several errors": ({ any }) => new AggregateError([new Error(any.deep[0])], "several"),
  "a declared error's text": ({ user }) =>
    new Refused({ name: user.name }, { message: `pin ${user.pins.home} of ${user.name}` }),
  "a declared error's fields": ({ user, password, any }) =>
    new Refused({ name: user.name, asked: { password, all: [user, any, `pin ${user.pins.home}`] } }),
  "the violations of an error": ({ password }) =>
    new InvalidArgumentsError([{ path: "password", message: `must not be ${password}` }]),
  "no error, but a text": ({ password }) => `no: ${password}`,
};

/** What is never said, whatever the transport. */
export function describeSecrets(name: string, url: () => Promise<string>): void {
  describe(`sensitive values over ${name}`, () => {
    const endings: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const end of endings.splice(0).reverse()) await end();
    });
    let address: string;
    beforeAll(async () => {
      address = await url();
    });
    const serve = async () => {
      const service = { ...vault, topic: uniqueName("vault") };
      const logger = new RecordingLogger();
      const transport = createTransport(address, { logger });
      endings.push(() => transport.close());
      const run = async (_context: unknown, { how, ...args }: typeof secrets & { how: string }): Promise<unknown> => {
        throw quotes[how]?.(args);
      };
      const methods = { open: run, store: run, keep: run };
      const dispatcher = createDispatcher(vault, {}, { manager: {}, methods });
      const server = new RPCServer(transport, { topic: service.topic, server: "host1" }, [dispatcher], {
        logger,
        traces: true,
      });
      await server.start();
      endings.push(() => server.stop(0));
      return { client: new RPCClient(transport, service, { logger }), transport, logger, service };
    };
    const said = (what: unknown): string => inspect(what, { depth: 20, showHidden: true, maxStringLength: null });
    const leaked = (what: unknown): readonly string[] => values.filter((value) => said(what).includes(value));

    test.each(Object.keys(quotes))(
      "are in no error and no log of a call whose failure quotes them in %s",
      async (how) => {
        const { client, logger } = await serve();
        const error = await client.call("open", {}, { how, ...secrets }).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Error);
        expect(leaked(error)).toEqual([]);
        await logger.seen(/a call failed|refused a call/);
        expect(leaked(logger.entries)).toEqual([]);
      },
    );

    test.each(Object.keys(quotes))("are in no log of a cast whose failure quotes them in %s", async (how) => {
      const { client, logger } = await serve();
      await client.cast("store", {}, { how, ...secrets });
      await logger.seen(/a cast failed/);
      expect(leaked(logger.entries)).toEqual([]);
    });

    test.each(Object.keys(quotes))("are in no header of a dead letter whose failure quotes them in %s", async (how) => {
      const { client, logger, transport, service } = await serve();
      await client.cast("keep", {}, { how, ...secrets });
      await logger.seen(/dead-lettered/);
      const inbox = new Inbox();
      await transport.subscribe({ deadLetters: service.topic }, inbox.listener);
      const { headers } = await inbox.next();
      expect(String(headers["x-rpcgen-message"])).toMatch(/./);
      expect(leaked(headers)).toEqual([]);
      expect(leaked(logger.entries)).toEqual([]);
    });

    test("stay where a failure's other words are: the mask replaces the value alone", async () => {
      const { client } = await serve();
      const call = client.call("open", {}, { how: "its text", ...secrets });
      await expect(call).rejects.toThrow("the server failed with Error: wrong password: ***");
      const declared = client.call("open", {}, { how: "a declared error's text", ...secrets });
      await expect(declared).rejects.toMatchObject({ message: "pin *** of ada", fields: { name: "ada" } });
      const inFields = client.call("open", {}, { how: "a declared error's fields", ...secrets });
      await expect(inFields).rejects.toMatchObject({
        message: "ada is refused",
        fields: {
          name: "ada",
          asked: {
            password: "***",
            all: [
              { name: "ada", keys: [{ token: "***" }, { token: "***" }], pins: { home: "***", work: "***" } },
              { deep: ["***"] },
              "pin ***",
            ],
          },
        },
      });
    });

    test("of a message that cannot be read are not in the log", async () => {
      const { transport, logger, service } = await serve();
      const broken = '{"oslo.version": "2.0", "oslo.message": "{\\"_context_auth_token\\": \\"correct horse\\", oops"}';
      for (const body of [broken, '{"password": "correct horse"', "correct horse"]) {
        await transport.publish({ target: { topic: service.topic } }, { body: Buffer.from(body) });
      }
      await logger.seen(/not a request/, { times: 3 });
      expect(leaked(logger.entries)).toEqual([]);
    });
  });
}
