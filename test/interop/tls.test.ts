import {
  createDispatcher,
  createTransport,
  RPCClient,
  RPCServer,
  type ServiceDescriptor,
  type Transport,
  type TransportOptions,
} from "@rpcgen/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { describePrivately, uniqueName } from "../support/broker.js";
import { text } from "../support/inbox.js";
import { PythonPeer } from "../support/python-peer.js";
import { freePort, type RabbitMQ, startRabbitMQ } from "../support/rabbitmq.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { tlsConfig, tlsFile } from "../support/tls-broker.js";

const service = {
  name: "lab",
  topic: "lab",
  versions: ["1.0"],
  methods: { echo: { member: "echo", kind: "call", params: { value: { optional: true } } } },
} as const satisfies ServiceDescriptor;

describePrivately("WIRE 14: TLS on a broker that wants a certificate of everybody", () => {
  let rabbitmq: RabbitMQ;
  let tlsPort: number;
  const endings: (() => Promise<unknown>)[] = [];
  /** The user whose certificate is client.pem. */
  const user = "rpcgen test client";

  beforeAll(async () => {
    tlsPort = await freePort();
    rabbitmq = await startRabbitMQ({
      plugins: ["rabbitmq_auth_mechanism_ssl"],
      config: [
        "auth_mechanisms.1 = EXTERNAL",
        "auth_mechanisms.2 = PLAIN",
        "auth_mechanisms.3 = AMQPLAIN",
        "ssl_cert_login_from = common_name",
        ...tlsConfig(tlsPort),
      ],
    });
    await rabbitmq.ctl("add_user", user, "not used");
    await rabbitmq.ctl("clear_password", user);
    await rabbitmq.ctl("set_permissions", user, ".*", ".*", ".*");
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  afterAll(() => rabbitmq?.stop());

  /** oslo's own options, so that one URL is for both programs. */
  function urlOf({ name = "client", ca = "ca", host = "localhost", more = "" } = {}): string {
    const certificate =
      name === "" ? "" : `&ssl_cert_file=${tlsFile(`${name}.pem`)}&ssl_key_file=${tlsFile(`${name}.key`)}`;
    const authority = ca === "" ? "" : `&ssl_ca_file=${tlsFile(`${ca}.pem`)}`;
    return `rabbit://${host}:${tlsPort}/?ssl=true${authority}${certificate}${more}`;
  }

  function connect(url: string, options: TransportOptions = {}): Transport {
    const transport = createTransport(url, options);
    endings.push(() => transport.close());
    return transport;
  }

  async function serve(transport: Transport): Promise<string> {
    const topic = uniqueName("tls");
    const methods = { echo: async (_context: unknown, { value }: { value?: unknown }) => value };
    const dispatcher = createDispatcher({ ...service, topic }, {}, { manager: {}, methods });
    const server = new RPCServer(transport, { topic, server: "host1" }, [dispatcher]);
    await server.start();
    endings.push(() => server.stop(1_000));
    return topic;
  }

  /** User and way of login of each connection, as the broker sees them. */
  async function logins(): Promise<readonly string[]> {
    const printed = await rabbitmq.ctl("list_connections", "user", "auth_mechanism", "ssl", "--no-table-headers");
    return printed.split("\n").filter((line) => line !== "");
  }

  test.each([
    ["a password", "", "guest\tPLAIN\ttrue", "guest\tAMQPLAIN\ttrue"],
    [
      "the certificate (EXTERNAL)",
      "&rabbit_login_method=EXTERNAL",
      `${user}\tEXTERNAL\ttrue`,
      `${user}\tEXTERNAL\ttrue`,
    ],
  ])(
    "one URL of oslo's options is for Python and for us: with a login by %s each calls the other",
    async (_how, more, ours, theirs) => {
      const url = urlOf({ more });
      const transport = connect(url);
      const python = await PythonPeer.start(url);
      endings.push(() => python.stop());
      const topic = await serve(transport);
      const target = { topic, version: "1.0" };
      const called = await python.run("send", {
        kind: "call",
        method: "echo",
        target,
        args: { value: "to us" },
        timeout: 10,
      });
      expect(called).toMatchObject({ result: "to us" });
      const there = uniqueName("tls");
      await python.run("serve", { topic: there, server: "host1" });
      const client = new RPCClient(transport, { ...service, topic: there });
      expect(await client.call("echo", {}, { value: "to Python" })).toBe("to Python");
      const seen = await logins();
      expect(seen).toContain(ours);
      expect(seen).toContain(theirs);
      expect(seen.filter((login) => login !== ours && login !== theirs)).toEqual([]);
    },
    30_000,
  );

  test("a login by certificate needs no name and no password, and sends none", async () => {
    const transport = connect(urlOf({ host: "someone:s3cr3t@localhost", more: "&rabbit_login_method=EXTERNAL" }));
    await transport.publish({ replyQueue: "r" }, text("a"));
    expect(await logins()).toEqual([`${user}\tEXTERNAL\ttrue`]);
  });

  describe("what is refused ends at once, and says what is wrong and what to do", () => {
    test.each<[string, () => string, RegExp]>([
      [
        "a certificate whose name is no user of the broker",
        () => urlOf({ name: "server", more: "&rabbit_login_method=EXTERNAL" }),
        /refused the login by certificate: .*name.*user/,
      ],
      [
        "a certificate of an authority that the broker does not know",
        () => urlOf({ name: "stranger" }),
        /localhost:\d+ did not accept our certificate.*ssl_cert_file/,
      ],
      ["no certificate at all", () => urlOf({ name: "" }), /wants a certificate of us.*ssl_cert_file/],
      [
        "a broker whose certificate is from an authority that we do not know",
        () => urlOf({ ca: "" }),
        /certificate of RabbitMQ at localhost:\d+ is not accepted.*ssl_ca_file/,
      ],
      [
        "a broker whose certificate has another name",
        () => urlOf({ host: "127.0.0.1" }),
        /certificate of RabbitMQ at 127\.0\.0\.1:\d+ is not accepted.*connect to the name that it carries/,
      ],
    ])("%s", async (_what, url, expected) => {
      const logger = new RecordingLogger();
      const transport = connect(url(), { logger });
      const begun = performance.now();
      const failure = transport.publish({ replyQueue: "r" }, { ...text("a"), signal: AbortSignal.timeout(5_000) });
      await expect(failure).rejects.toThrow(expected);
      await expect(failure).rejects.toMatchObject({ code: "transport", delivery: "not-sent" });
      expect(performance.now() - begun).toBeLessThan(4_000);
      // Not again and again: nothing waits for a connection any more.
      const attempts = logger.entries.filter(({ level }) => level === "warn").length;
      expect(attempts).toBe(1);
    });

    test("options of TLS without ssl=true, which would send a password in clear", () => {
      expect(() => createTransport(urlOf().replace("ssl=true&", ""))).toThrow(/does not switch TLS on: add ssl=true/);
    });
  });

  test("the name of the broker's certificate is checked unless ssl_enforce_hostname_verification is false", async () => {
    const url = urlOf({ host: "127.0.0.1", more: "&ssl_enforce_hostname_verification=false" });
    await connect(url).publish({ replyQueue: "r" }, text("a"));
  });
});
