import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  type IncomingMessage,
  MessageUndeliverableError,
  RemoteError,
  type Transport,
  UnsupportedVersionError,
} from "@rpcgen/runtime";
import { connect } from "amqplib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BaseAPI } from "../../generated/nova/base/index.js";
import {
  ComputeAPI,
  ConsoleTypeInvalid,
  ConsoleTypeUnavailable,
  type Instance,
  NotImplementedError,
} from "../../generated/nova/compute/index.js";
import { InstanceNotFound, type VersionedObject } from "../../generated/nova/conductor/index.js";
import { describePrivately } from "../support/broker.js";
import { Events } from "../support/events.js";
import { type Nova, novaHost, startNova } from "../support/nova.js";
import { fieldsOf, NovaDatabase, novaContext, uuidOf } from "../support/nova-database.js";

/** Nova's methods until 5.13 have other arguments; the Python server has both. */
const caps = ["zed", "6.1", "wallaby", "5.13", "auto"] as const;

const converters = {
  legacy_request_spec: {
    encode: () => {
      throw new Error("no method of these tests needs it");
    },
    decode: () => {
      throw new Error("a client does not read it");
    },
  },
};

describePrivately("a generated client of nova calls the real nova (zed)", () => {
  let nova: Nova;
  let database: NovaDatabase;
  let running: VersionedObject;

  beforeAll(async () => {
    nova = await startNova();
    database = new NovaDatabase(nova.transport);
    running = await start(await database.createInstance());
  });
  afterAll(() => nova?.stop());

  const computeAt = (versionCap: string, transport = nova.transport): ComputeAPI =>
    new ComputeAPI(transport, { versionCap, converters, autoCap: { provider: computeVersion } });
  /** As nova itself finds it: every service has written into the database what it is. */
  const computeVersion = async (): Promise<string | undefined> => {
    const services: Readonly<Record<number, string>> = { 64: "6.1" };
    const found = await database.run("Service", "1.22", "get_minimum_version", { binary: "nova-compute" });
    return services[Number(found)];
  };

  describe("the base API", () => {
    test("a ping comes back from the conductor and from a compute host", async () => {
      const arg = { text: "h\u00e9llo", list: [1, 1.5, null, true] };
      const conductor = new BaseAPI(nova.transport, { topic: "conductor" });
      expect(await conductor.ping(novaContext(), { arg })).toEqual({ service: "conductor", arg });
      const compute = new BaseAPI(nova.transport, { topic: "compute" });
      expect(await compute.ping(novaContext(), { arg }, { server: novaHost })).toEqual({ service: "compute", arg });
    });

    test("a service without a backdoor answers null", async () => {
      const compute = new BaseAPI(nova.transport, { topic: "compute" });
      expect(await compute.getBackdoorPort(novaContext(), { host: novaHost })).toBeNull();
    });
  });

  describe("the conductor", () => {
    test("an object that the client creates is in the database", async () => {
      const created = await database.createInstance({
        display_name: "t\u00e9st \u{1F600}",
        metadata: { key: "value" },
      });
      expect(created).toMatchObject({ "nova_object.name": "Instance", "nova_object.version": "2.7" });
      expect(fieldsOf(created)).toMatchObject({
        display_name: "t\u00e9st \u{1F600}",
        metadata: { key: "value" },
        host: novaHost,
        vm_state: "active",
        memory_mb: 512,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        flavor: { "nova_object.name": "Flavor", "nova_object.data": { name: "m1.tiny", vcpus: 1 } },
      });
    });

    test("a method of an object changes the database", async () => {
      const instance = await database.createInstance();
      const changed = {
        ...instance,
        "nova_object.data": { ...fieldsOf(instance), display_name: "renamed" },
        "nova_object.changes": ["display_name"],
      };
      const [updates, result] = await database.conductor.objectAction(novaContext(), {
        objinst: changed,
        objmethod: "save",
        args: [],
        kwargs: {},
      });
      expect([updates, result]).toEqual([expect.objectContaining({ obj_what_changed: expect.any(Array) }), null]);
      expect(fieldsOf(await database.loadInstance(uuidOf(instance)))["display_name"]).toBe("renamed");
    });

    test("an object that is not there is the declared error, with nova's text and fields", async () => {
      const uuid = randomUUID();
      const error = await database.loadInstance(uuid).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InstanceNotFound);
      expect(error).toMatchObject({
        message: `Instance ${uuid} could not be found.`,
        fields: { instance_id: uuid, code: 404 },
      });
    });

    test("an error that nobody declared has nova's class, text and trace", async () => {
      const none = { objname: "Nothing", objmethod: "get", object_versions: { Nothing: "1.0" }, args: [], kwargs: {} };
      const error = await database.conductor
        .objectClassActionVersions(novaContext(), none)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject({
        module: "oslo_versionedobjects.exception",
        className: "UnsupportedObjectError",
        remoteMessage: "Unsupported object type Nothing",
        remoteTrace: expect.stringContaining("Traceback"),
      });
    });

    test("an object is made older, with what is in it", async () => {
      const objinst = await database.createInstance();
      const object_versions = { Instance: "2.0", Flavor: "1.1", InstanceInfoCache: "1.5" };
      const older = await database.conductor.objectBackportVersions(novaContext(), { objinst, object_versions });
      expect(older).toMatchObject({
        "nova_object.version": "2.0",
        "nova_object.data": { uuid: uuidOf(objinst), flavor: { "nova_object.version": "1.1" } },
      });
      expect(fieldsOf(objinst)).toHaveProperty("hidden");
      expect(fieldsOf(older)).not.toHaveProperty("hidden");
    });
  });

  describe.each(caps)("a compute host, at the cap %s", (cap) => {
    let compute: ComputeAPI;
    let instance: Instance;
    beforeAll(() => {
      compute = computeAt(cap);
      instance = unopened(running);
    });

    test("returns text, and objects with their fields", async () => {
      const tail_length = 1;
      expect(await compute.getConsoleOutput(novaContext(), { instance, tail_length })).toBe("LAST LINE");
      expect(await compute.getInstanceDiagnostics(novaContext(), { instance })).toMatchObject({
        state: "running",
        uptime: 46664,
        config_drive: true,
        cpu_details: [{ "nova_object.name": "CpuDiagnostics" }],
      });
    });

    test("returns a map", async () => {
      const console_type = "novnc";
      expect(await compute.getVncConsole(novaContext(), { instance, console_type })).toMatchObject({
        host: "fakevncconsole.com",
        port: 6969,
        token: expect.any(String),
        access_url: expect.stringContaining("vnc_auto.html"),
      });
    });

    test("throws the declared classes, with nova's text and fields", async () => {
      const invalid = await compute
        .getVncConsole(novaContext(), { instance, console_type: "c\u00f6nsole" })
        .catch((thrown: unknown) => thrown);
      expect(invalid).toBeInstanceOf(ConsoleTypeInvalid);
      expect(invalid).toMatchObject({
        fields: { console_type: "c\u00f6nsole" },
        message: "Invalid console type c\u00f6nsole",
      });
      const unavailable = await compute
        .getSpiceConsole(novaContext(), { instance, console_type: "spice-html5" })
        .catch((thrown: unknown) => thrown);
      expect(unavailable).toBeInstanceOf(ConsoleTypeUnavailable);
      expect(unavailable).toMatchObject({ fields: { console_type: "spice-html5" } });
    });

    test("runs what is sent to it without an answer, and what it changes is in the database", async () => {
      const { context, instance: pausing } = await database.request(
        await database.createInstance(),
        "pause",
        "pausing",
      );
      await compute.pauseInstance(context, { instance: unopened(pausing) });
      await untilInstance(pausing, { vm_state: "paused", task_state: null });
    });
  });

  describe.each(caps.filter((cap) => cap !== "auto"))("objects made in TypeScript, at the cap %s", (cap) => {
    test("go out in versions that the host knows, though today's are newer", async () => {
      const instance = { uuid: uuidOf(running), host: novaHost, node: novaHost, power_state: 1, compute_id: null };
      const compute = computeAt(cap);
      expect(await compute.getConsoleOutput(novaContext(), { instance, tail_length: "1" })).toBe("LAST LINE");
    });
  });

  describe("a compute host", () => {
    test("that is not there is a MessageUndeliverableError at once", async () => {
      const start = performance.now();
      await expect(computeAt("zed").getHostUptime(novaContext(), { host: "host2" })).rejects.toThrow(
        MessageUndeliverableError,
      );
      expect(performance.now() - start).toBeLessThan(5_000);
    });

    test("whose driver cannot do something is a NotImplementedError", async () => {
      await expect(computeAt("zed").getHostUptime(novaContext(), { host: novaHost })).rejects.toThrow(
        NotImplementedError,
      );
    });

    test("gets an argument which only the older major version has", async () => {
      const args = { instance: unopened(running), data: { filename: "none" }, host: novaHost };
      for (const cap of ["5.13", "6.0"]) {
        const found = computeAt(cap).checkInstanceSharedStorage(novaContext(), args);
        // The driver has no storage to look at; a wrong argument would be a TypeError.
        await expect(found).rejects.toThrow(NotImplementedError);
      }
    });

    test("stops, starts, pauses and unpauses an instance", async () => {
      const compute = computeAt("zed");
      const created = await start(await database.createInstance());

      const stop = await database.request(created, "stop", "powering-off");
      await compute.stopInstance(stop.context, {
        instance: unopened(stop.instance),
        do_cast: false,
      });
      // That was a call: it is done.
      const stopped = await database.loadInstance(uuidOf(created));
      expect(fieldsOf(stopped)).toMatchObject({ vm_state: "stopped", power_state: 4, task_state: null });

      const begin = await database.request(stopped, "start", "powering-on");
      await compute.startInstance(begin.context, { instance: unopened(begin.instance) });
      const active = await untilInstance(stopped, { vm_state: "active", power_state: 1, task_state: null });

      const pause = await database.request(active, "pause", "pausing");
      await compute.pauseInstance(pause.context, { instance: unopened(pause.instance) });
      const paused = await untilInstance(active, { vm_state: "paused", task_state: null });

      const unpause = await database.request(paused, "unpause", "unpausing");
      await compute.unpauseInstance(unpause.context, { instance: unopened(unpause.instance) });
      await untilInstance(paused, { vm_state: "active", task_state: null });
    });

    test("knows the request by the id in its context", async () => {
      const { context, action, instance } = await database.request(await database.createInstance(), "pause", "pausing");
      expect(fieldsOf(action)["request_id"]).toBe(context.request_id);
      await computeAt("zed").pauseInstance(context, { instance: unopened(instance) });
      const action_id = fieldsOf(action)["id"];
      const events = async (): Promise<unknown> => {
        const list = await database.run("InstanceActionEventList", "1.1", "get_by_action", { action_id });
        // A list object has its items in this field.
        return (fieldsOf(list)["objects"] as VersionedObject[]).map(fieldsOf);
      };
      await expect
        .poll(events, { timeout: 10_000 })
        .toMatchObject([{ event: "compute_pause_instance", result: "Success", host: novaHost }]);
    });

    test("sees the fields of an object that the definition does not list, and the request's context", async () => {
      const notified = await notifications();
      const { context, instance } = await database.request(await database.createInstance(), "pause", "pausing");
      const created_at = "2001-02-03T04:05:06Z";
      const changed = { ...instance, "nova_object.data": { ...fieldsOf(instance), created_at } };
      await computeAt("zed").pauseInstance(context, { instance: unopened(changed) });
      const paused = (all: readonly Notification[]): Notification | undefined =>
        all.find(({ _context_request_id, event_type }) => {
          return _context_request_id === context.request_id && event_type === "compute.instance.pause.start";
        });
      const all = await notified.events.until((some) => paused(some) !== undefined);
      expect(paused(all)).toMatchObject({
        _context_user_id: "user1",
        _context_project_id: "project1",
        payload: { instance_id: uuidOf(instance), created_at: "2001-02-03 04:05:06+00:00" },
      });
      await notified.stop();
    });

    test("returns an object with the fields that the definition does not list, and takes it back", async () => {
      const compute = computeAt("zed");
      const created = await database.createInstance();
      const instance = unopened(created);
      const volume = { volume_id: randomUUID(), disk_bus: null, device_type: null, tag: "t", multiattach: false };
      const bdm = await compute.reserveBlockDeviceName(novaContext(), { instance, device: "/dev/vdb", ...volume });
      expect(bdm).toMatchObject({ volume_id: volume.volume_id, tag: "t", source_type: "volume" });
      expect(bdm).toHaveProperty("created_at");
      const bdms = async (): Promise<unknown> => {
        const query = { instance_uuid: uuidOf(created) };
        const list = await database.run("BlockDeviceMappingList", "1.18", "get_by_instance_uuid", query);
        // A list object has its items in this field.
        return (fieldsOf(list)["objects"] as VersionedObject[]).map((each) => fieldsOf(each)["id"]);
      };
      expect(await bdms()).toEqual([bdm.id]);
      // There is no volume service: the host fails, and forgets the object that it was sent.
      const attach = await database.request(created, "attach_volume", null);
      await compute.attachVolume(attach.context, { instance: unopened(attach.instance), bdm });
      await expect.poll(bdms, { timeout: 10_000 }).toEqual([]);
    });

    test("keeps a monitored call alive for longer than its silence allows", async () => {
      const replies = new Events<IncomingMessage>();
      const compute = computeAt("zed", listened(nova.transport, replies));
      const instance = unopened(await database.createInstance());
      const volume_id = randomUUID();
      const volume = { volume_id, device: null, disk_bus: null, device_type: null, tag: null, multiattach: false };
      const lock = await lockDatabase(nova.database);
      const options = { timeout: 30_000, heartbeat: 2_000 };
      const reserved = compute.reserveBlockDeviceName(novaContext(), { instance, ...volume }, options);
      // It sends a sign of life each second, while it waits for the database.
      await Promise.race([replies.until(3), reserved]);
      await lock.release();
      expect(await reserved).toMatchObject({ volume_id });
    });

    test("refuses what is newer than itself", async () => {
      const instance = unopened(await database.createInstance());
      const args = { instance, volume_id: randomUUID(), host: novaHost };
      // 6.3 has the argument, and 6.5 has another topic as well.
      const newer = computeAt("6.3").removeVolumeConnection(novaContext(), { ...args, delete_attachment: true });
      await expect(newer).rejects.toThrow(UnsupportedVersionError);
      const newest = computeAt("6.5").removeVolumeConnection(novaContext(), { ...args, delete_attachment: true });
      await expect(newest).rejects.toThrow(MessageUndeliverableError);
    });
  });

  /** Lets the host's driver have an instance: it makes one that it does not have when it reboots it hard. */
  async function start(created: VersionedObject): Promise<VersionedObject> {
    const { context, instance } = await database.request(created, "reboot", "rebooting_hard");
    const reboot = { block_device_info: null, reboot_type: "HARD" };
    await computeAt("zed").rebootInstance(context, { instance: unopened(instance), ...reboot });
    return untilInstance(instance, { vm_state: "active", power_state: 1, task_state: null });
  }

  /** Waits until the database has these fields of an instance, and returns it. */
  async function untilInstance(instance: VersionedObject, fields: object): Promise<VersionedObject> {
    return vi.waitFor(
      async () => {
        const found = await database.loadInstance(uuidOf(instance));
        expect(fieldsOf(found)).toMatchObject(fields);
        return found;
      },
      { timeout: 10_000, interval: 50 },
    );
  }

  /** What nova tells the world of what it does. */
  async function notifications() {
    const events = new Events<Notification>();
    const model = await connect(nova.url.replace(/^rabbit:/, "amqp:"));
    const channel = await model.createChannel();
    await channel.assertQueue("notifications.info", { durable: false });
    const add = (content: string): void => events.add(JSON.parse(JSON.parse(content)["oslo.message"]));
    await channel.consume("notifications.info", (message) => void (message && add(message.content.toString())), {
      noAck: true,
    });
    return { events, stop: () => model.close() };
  }
});

interface Notification {
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly _context_request_id: string;
}

/** An object of the conductor's, which goes to a host in the envelope in which it came. */
function unopened(instance: VersionedObject): Instance {
  // The conductor serves objects of every class, so that its client cannot say which one this is.
  return instance as unknown as Instance;
}

/** A transport that tells of every message that arrives. */
function listened(transport: Transport, messages: Events<IncomingMessage>): Transport {
  return {
    url: transport.url,
    publish: (destination, message) => transport.publish(destination, message),
    subscribe: (source, listener) =>
      transport.subscribe(source, (message) => {
        messages.add(message);
        listener(message);
      }),
    close: () => transport.close(),
  };
}

/** Keeps everybody else out of a database. */
async function lockDatabase(file: string): Promise<{ release(): Promise<void> }> {
  const script = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
`;
  const child: ChildProcess = spawn("/usr/bin/python3", ["-c", script, file], { stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("the program that locks the database has no output");
  await once(child.stdout, "data");
  return {
    async release() {
      const exited = once(child, "exit");
      child.stdin?.end();
      await exited;
    },
  };
}
