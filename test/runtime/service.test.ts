import { setTimeout as delay } from "node:timers/promises";
import {
  createTransport,
  type Dispatcher,
  type Logger,
  RPCClient,
  Service,
  type ServiceOptions,
  type Transport,
} from "@rpcgen/runtime";
import { afterEach, describe, expect, test } from "vitest";
import { uniqueName } from "../support/broker.js";
import { createLabDispatcher, labService } from "./fixtures/lab.js";
import { TestManager } from "./fixtures/manager.js";

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const connect = (): Transport => {
  const transport = createTransport(`memory://${uniqueName("service")}`);
  endings.push(() => transport.close());
  return transport;
};

const create = async (options: Partial<ServiceOptions> & Pick<ServiceOptions, "endpoints">): Promise<Service> => {
  const service = await Service.create({ binary: "lab-server", host: "host1", transport: connect(), ...options });
  endings.push(() => service.stop({ timeout: 0 }));
  return service;
};

/** A manager that writes down when its hooks are called. */
class HookedManager extends TestManager {
  readonly steps: string[] = [];
  initHost(host: string): void {
    this.steps.push(`initHost ${host}`);
  }
  preStart(): void {
    this.steps.push("preStart");
  }
  async postStart(): Promise<void> {
    this.steps.push("postStart");
  }
  cleanupHost(): void {
    this.steps.push("cleanupHost");
  }
  reset(): void {
    this.steps.push("reset");
  }
}

const withPeriodic = (dispatcher: Dispatcher, ...periodic: Dispatcher["periodic"]): Dispatcher => ({
  ...dispatcher,
  periodic,
});

describe("a service", () => {
  test("calls its manager's hooks in nova's order, around the time in which it serves", async () => {
    const transport = connect();
    const manager = new HookedManager();
    const service = await create({ transport, endpoints: [createLabDispatcher(manager)] });
    expect(service.state).toBe("created");
    await service.start();
    expect(service.state).toBe("running");
    expect(manager.steps).toEqual(["initHost host1", "preStart", "postStart"]);
    expect(await new RPCClient(transport, labService).call("echo", {}, { value: 1 })).toBe(1);
    await service.reset();
    await service.stop();
    expect(service.state).toBe("stopped");
    expect(manager.steps).toEqual(["initHost host1", "preStart", "postStart", "reset", "cleanupHost"]);
  });

  test("does not listen before initHost and preStart have ended", async () => {
    const transport = connect();
    const manager = new HookedManager();
    const gate = manager.gate("init");
    manager.initHost = () => gate.promise;
    const service = await create({ transport, endpoints: [createLabDispatcher(manager)] });
    const started = service.start();
    const early = new RPCClient(transport, labService).call("echo", {}, { value: 1 });
    await expect(early).rejects.toMatchObject({ code: "undeliverable" });
    gate.open();
    await started;
    expect(await new RPCClient(transport, labService).call("echo", {}, { value: 1 })).toBe(1);
  });

  test("whose manager fails at the start is stopped, and start() tells why", async () => {
    const manager = new HookedManager();
    manager.preStart = () => {
      throw new Error("no disk");
    };
    const service = await create({ endpoints: [createLabDispatcher(manager)] });
    await expect(service.start()).rejects.toThrow("no disk");
    expect(service.state).toBe("stopped");
    expect(manager.steps).toContain("cleanupHost");
    await service.wait();
  });

  test("serves several endpoints on one topic; the first that has the version and the method answers", async () => {
    const transport = connect();
    const first = new TestManager("first");
    const second = new TestManager("second");
    const other = createLabDispatcher(second);
    const base = {
      ...other,
      find: (request: Parameters<Dispatcher["find"]>[0]) => other.find({ ...request, namespace: undefined }),
    };
    const inNamespace: Dispatcher = {
      ...base,
      find: (request) => (request.namespace === "baseapi" ? base.find(request) : { kind: "unsupported-version" }),
    };
    const service = await create({ transport, endpoints: [createLabDispatcher(first), inNamespace] });
    await service.start();
    const sample = { host: "host1" };
    expect(await new RPCClient(transport, labService).call("on_host", {}, { sample })).toBe("first");
    const baseapi = new RPCClient(transport, { ...labService, namespace: "baseapi" });
    expect(await baseapi.call("on_host", {}, { sample })).toBe("second");
  });

  test("listens on every topic that its endpoints' rules name", async () => {
    const transport = connect();
    const dispatcher = createLabDispatcher(new TestManager());
    const topic = [{ since: "2.1", value: "lab-alt" }, { value: "lab" }];
    const methods = { ...labService.methods, echo: { ...labService.methods.echo, topic } };
    const service = await create({ transport, endpoints: [{ ...dispatcher, service: { ...labService, methods } }] });
    await service.start();
    for (const name of ["lab", "lab-alt"]) {
      expect(await new RPCClient(transport, { ...labService, topic: name }).call("echo", {}, { value: name })).toBe(
        name,
      );
    }
  });

  test("listens on the topic it is given in place of its endpoints' own", async () => {
    const transport = connect();
    const service = await create({ transport, topic: "cell1", endpoints: [createLabDispatcher(new TestManager())] });
    await service.start();
    expect(await new RPCClient(transport, { ...labService, topic: "cell1" }).call("echo", {}, { value: 1 })).toBe(1);
    await expect(new RPCClient(transport, labService).call("echo", {})).rejects.toMatchObject({
      code: "undeliverable",
    });
  });

  test("stop() waits for what runs, sends its reply, and wait() resolves after it", async () => {
    const transport = connect();
    const manager = new TestManager();
    const service = await create({ transport, endpoints: [createLabDispatcher(manager)] });
    await service.start();
    let isStopped = false;
    const waited = service.wait().then(() => {
      isStopped = true;
    });
    const call = new RPCClient(transport, labService).call("wait", {}, { for: "gate" });
    await manager.until(() => manager.seen.length === 1);
    const stopped = service.stop();
    expect(service.state).toBe("stopping");
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    manager.gate("gate").open();
    expect(await call).toBe("gate");
    await Promise.all([stopped, waited]);
  });

  test("a second stop with a shorter time-out cuts the drain short", async () => {
    const transport = connect();
    const manager = new TestManager();
    const service = await create({ transport, endpoints: [createLabDispatcher(manager)], drainTimeout: 60_000 });
    await service.start();
    const call = new RPCClient(transport, labService).call("wait", {}, { for: "never" }, { timeout: 2_000 });
    call.catch(() => {});
    await manager.until(() => manager.seen.length === 1);
    const stopped = service.stop();
    await service.stop({ timeout: 10 });
    await stopped;
    expect(service.state).toBe("stopped");
    await expect(call).rejects.toMatchObject({ code: "timeout" });
  });

  test("closes the transport which it made from a URL, and leaves one that it was given", async () => {
    const url = `memory://${uniqueName("service")}`;
    const service = await create({ transport: url, endpoints: [createLabDispatcher(new TestManager())] });
    await service.start();
    await service.stop();
    const given = connect();
    const second = await create({ transport: given, endpoints: [createLabDispatcher(new TestManager())] });
    await second.start();
    await second.stop();
    await expect(given.publish({ replyQueue: "nobody" }, { body: Buffer.from("{}") })).resolves.toBeUndefined();
  });
});

describe("a periodic task", () => {
  /** Resolves at the n-th run. */
  const counted = (spacing: number, runImmediately: boolean, run: (count: number) => Promise<void> | void) => {
    let count = 0;
    return {
      name: "tick",
      member: "tick",
      spacing,
      runImmediately,
      run: async () => {
        count += 1;
        await run(count);
      },
    };
  };

  test("runs at the start where it says so, and again after its spacing", async () => {
    const times: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const task = counted(60, true, (count) => {
        times.push(Date.now());
        if (count === 3) resolve();
      });
      create({ endpoints: [withPeriodic(createLabDispatcher(new TestManager()), task)] })
        .then((service) => service.start())
        .catch(reject);
    });
    const [first = 0, second = 0, third = 0] = times;
    // 5 % of jitter, and a timer may be a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(55);
    expect(third - second).toBeGreaterThanOrEqual(55);
  });

  test("never runs twice at the same time, and a failure is logged and ends nothing", async () => {
    let running = 0;
    let most = 0;
    const errors: string[] = [];
    const ignore = (): void => {};
    const logger: Logger = {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (_fields, message) => errors.push(message),
    };
    await new Promise<void>((resolve, reject) => {
      const task = counted(1, true, async (count) => {
        running += 1;
        most = Math.max(most, running);
        await delay(10);
        running -= 1;
        if (count === 5) resolve();
        throw new Error("this run failed");
      });
      create({ logger, endpoints: [withPeriodic(createLabDispatcher(new TestManager()), task)] })
        .then((service) => service.start())
        .catch(reject);
    });
    expect(most).toBe(1);
    expect(errors.length).toBeGreaterThanOrEqual(4);
  });

  test("does not run any more after stop(), which waits for the run that is on", async () => {
    const steps: string[] = [];
    let service: Service | undefined;
    await new Promise<void>((resolve, reject) => {
      const task = counted(1, true, async (count) => {
        steps.push("begin");
        if (count === 1) resolve();
        await delay(30);
        steps.push("end");
      });
      create({ endpoints: [withPeriodic(createLabDispatcher(new TestManager()), task)] })
        .then((made) => {
          service = made;
          return made.start();
        })
        .catch(reject);
    });
    await service?.stop();
    expect(steps).toEqual(["begin", "end"]);
  });
});
