import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/runtime/amqp/options.js";
import { maskUrl, parseTransportURL } from "../../src/runtime/amqp/transport-url.js";
import { createTransport } from "../../src/runtime/create-transport.js";
import { TransportError } from "../../src/runtime/errors.js";
import type { TransportOptions } from "../../src/runtime/transport-options.js";

const guest = { username: "guest", password: "guest" };

describe("the hosts of a transport URL", () => {
  test.each([
    ["rabbit://", [{ hostname: "localhost", port: 5672, ...guest }]],
    ["rabbit:///", [{ hostname: "localhost", port: 5672, ...guest }]],
    ["kombu://h1", [{ hostname: "h1", port: 5672, ...guest }]],
    ["amqp://h1:1234/", [{ hostname: "h1", port: 1234, ...guest }]],
    ["amqps://h1/", [{ hostname: "h1", port: 5671, ...guest }]],
    ["RABBIT://h1:/", [{ hostname: "h1", port: 5672, ...guest }]],
    ["rabbit://u:p@h1:1/", [{ hostname: "h1", port: 1, username: "u", password: "p" }]],
    ["rabbit://u@h1/", [{ hostname: "h1", port: 5672, username: "u", password: "guest" }]],
    ["rabbit://a@b:p@h/", [{ hostname: "h", port: 5672, username: "a@b", password: "p" }]],
    ["rabbit://u:p:q@h/", [{ hostname: "h", port: 5672, username: "u", password: "p:q" }]],
    ["rabbit://u%40x:p%2F%3A%25@h/", [{ hostname: "h", port: 5672, username: "u@x", password: "p/:%" }]],
    ["rabbit://u:p@[::1]:5673/", [{ hostname: "::1", port: 5673, username: "u", password: "p" }]],
    ["rabbit://[fe80::1]/", [{ hostname: "fe80::1", port: 5672, ...guest }]],
    [
      "rabbit://u:p@h1,h2:5673,v:q@[::1]:5674/vh",
      [
        { hostname: "h1", port: 5672, username: "u", password: "p" },
        { hostname: "h2", port: 5673, ...guest },
        { hostname: "::1", port: 5674, username: "v", password: "q" },
      ],
    ],
  ])("are read from %s as oslo.messaging reads them", (url, hosts) => {
    expect(parseTransportURL(url).hosts).toEqual(hosts);
  });
});

describe("the virtual host of a transport URL", () => {
  test.each([
    ["rabbit://h", "/"],
    ["rabbit://h/", "/"],
    ["rabbit://h//", "/"],
    ["rabbit://h/%2F", "/"],
    ["rabbit://h/vh", "vh"],
    ["rabbit://h/a/b", "a/b"],
    ["rabbit://h/%2Fx", "/x"],
    ["rabbit://h/v%20h?ssl=false", "v h"],
  ])("of %s is %s", (url, virtualHost) => {
    expect(parseTransportURL(url).virtualHost).toBe(virtualHost);
  });
});

describe("the options of a transport URL", () => {
  test("carry oslo's names and types and count more than the options in code", () => {
    const query =
      "amqp_durable_queues=True&amqp_auto_delete=on&rabbit_quorum_queue=0&rabbit_ha_queues=yes&rabbit_transient_queues_ttl=60" +
      "&rabbit_qos_prefetch_count=10&heartbeat_timeout_threshold=5&rabbit_retry_interval=2&rabbit_interval_max=7" +
      "&kombu_failover_strategy=shuffle&rabbit_login_method=AMQPLAIN&enable_cancel_on_failover=true&heartbeat_rate=3";
    const settings = resolveSettings(`rabbit://h/?${query}`, {
      durableQueues: false,
      prefetch: 1,
      controlExchange: "nova",
      reconnect: { initial: 1, jitter: 0 },
    });
    expect(settings.topology).toMatchObject({
      controlExchange: "nova",
      durable: true,
      autoDelete: true,
      quorum: false,
      ha: true,
      transientTTL: 60,
      cancelOnFailover: true,
    });
    expect(settings).toMatchObject({
      prefetch: 10,
      heartbeat: 5,
      reconnect: { initial: 2_000, max: 7_000, jitter: 0 },
      failover: "shuffle",
      loginMethod: "AMQPLAIN",
    });
  });

  test("have defaults, which are oslo's but for the prefetch and the login method", () => {
    const settings = resolveSettings("rabbit://");
    expect(settings).toMatchObject({ prefetch: 256, heartbeat: 60, tls: undefined, loginMethod: "PLAIN" });
    expect(settings.topology).toEqual({
      controlExchange: "openstack",
      durable: false,
      autoDelete: false,
      quorum: false,
      deliveryLimit: 0,
      maxMemoryLength: 0,
      maxMemoryBytes: 0,
      ha: false,
      transientTTL: 1_800,
      transientQuorum: false,
      cancelOnFailover: false,
    });
  });

  test("take both spellings of the quorum queue's memory limits", () => {
    const limits = { maxMemoryLength: 5, maxMemoryBytes: 6 };
    for (const word of ["quorum", "quroum"]) {
      const url = `rabbit://h/?rabbit_${word}_max_memory_length=5&rabbit_${word}_max_memory_bytes=6`;
      expect(resolveSettings(url).topology).toMatchObject(limits);
    }
  });

  test("switch TLS on with ssl=true and name its files", () => {
    expect(resolveSettings("rabbit://h/?ssl=true").tls).toEqual({});
    expect(
      resolveSettings(
        "rabbit://h/?ssl=1&ssl_ca_file=/ca.pem&ssl_cert_file=/c.pem&ssl_key_file=/k.pem&ssl_version=TLSv1_3",
      ).tls,
    ).toEqual({ caFile: "/ca.pem", certFile: "/c.pem", keyFile: "/k.pem", minVersion: "TLSv1.3" });
    expect(resolveSettings("amqps://h/").tls).toEqual({});
    expect(resolveSettings("rabbit://h/", { tls: { servername: "broker" } }).tls).toEqual({ servername: "broker" });
    expect(resolveSettings("rabbit://h/?ssl=false", { tls: true }).tls).toBeUndefined();
    expect(resolveSettings("rabbit://h/?ssl=true&ssl_enforce_hostname_verification=false").tls).toEqual({
      verifyHostname: false,
    });
  });
});

describe("a transport URL that is wrong", () => {
  test.each<[string, RegExp, TransportOptions?]>([
    ["localhost", /must begin with memory:\/\/, rabbit:\/\//],
    ["", /must begin with/],
    ["http://u:secret@h/", /must begin with/],
    ["rabbit://u:sec/ret@h/", /percent-encoded/],
    ["rabbit://u:secret@h:port/", /a host is written/],
    ["rabbit://u:secret@[::1/", /a host is written/],
    ["rabbit://u:secret@h:99999/", /port 99999 is not between 1 and 65535/],
    ["rabbit://u:secret%zz@h/", /the password has a "%"/],
    ["rabbit://u:secret@h/%", /the virtual host has a "%"/],
    [
      "rabbit://u:secret@h/?amqp_durable_queue=true",
      /no option "amqp_durable_queue"; did you mean amqp_durable_queues\?/,
    ],
    ["rabbit://u:secret@h/?heartbeat=3", /no option "heartbeat"; did you mean heartbeat_timeout_threshold\?/],
    ["rabbit://u:secret@h/?zzzz=3", /no option "zzzz"; the names are those of oslo/],
    ["rabbit://u:secret@h/?ssl=maybe", /option ssl must be true or false, not "maybe"/],
    ["rabbit://u:secret@h/?heartbeat_timeout_threshold=1.5", /must be a whole number, not "1.5"/],
    ["rabbit://u:secret@h/?kombu_failover_strategy=x", /must be one of round-robin, shuffle, not "x"/],
    ["rabbit://u:secret@h/?ssl=true&ssl=false", /option ssl must be true or false, not "true,false"/],
    ["rabbit://u:secret@h/?ssl_version=SSLv3", /must be one of SSLv23/],
    ["rabbit://u:secret@h/?ssl_ca_file=/ca.pem", /does not switch TLS on: add ssl=true/],
    ["rabbit://u:secret@h/?rabbit_quorum_queue=1&rabbit_ha_queues=1", /quorum queues cannot be HA queues/],
    ["rabbit://u:secret@h/?rabbit_transient_queues_ttl=4000000", /transientQueuesTTL must be at most 2147483/],
    ["rabbit://u:secret@h/", /prefetch must be a whole number/, { prefetch: 70_000 }],
    ["rabbit://u:secret@h/", /heartbeat must be a number that is not negative/, { heartbeat: -1 }],
    ["memory://u:secret@h", /a memory:\/\/ URL is/],
    ["memory://name/x", /a memory:\/\/ URL is/],
  ])("%s is refused in words, without the password", (url, message, options) => {
    const make = (): unknown => createTransport(url, options);
    expect(make).toThrow(TransportError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/secret|sec\/ret/);
  });
});

test("a masked URL has neither names nor passwords nor options, whatever it was", () => {
  expect(maskUrl("rabbit://u:secret@h1:5673,v:secret@h2/vh?ssl=true")).toBe("rabbit://h1:5673,h2:5672/vh");
  expect(maskUrl("amqp://u:secret@[::1]/a%2Fb")).toBe("amqp://[::1]:5672/a%2Fb");
  expect(maskUrl("rabbit://u:sec/ret@h/")).toBe("rabbit://***");
  expect(maskUrl("memory://demo")).toBe("memory://demo");
  expect(maskUrl("u:secret@h")).toBe("***");
});

test("a transport tells its URL without credentials", () => {
  expect(createTransport("rabbit://u:secret@h/vh?heartbeat_timeout_threshold=1").url).toBe("rabbit://h:5672/vh");
  expect(createTransport("memory://demo").url).toBe("memory://demo");
});
