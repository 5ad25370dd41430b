import { createTransport, RPCClient, RPCServer } from "@rpcgen/runtime";
import { expect, test } from "vitest";
import { uniqueName } from "../support/broker.js";
import { createLabDispatcher, labService } from "./fixtures/lab.js";
import { TestManager } from "./fixtures/manager.js";

test("one client reaches the broker of the cell that the context names, as nova's ClientRouter does", async () => {
  const names = ["api", "cell1", "cell2"];
  const transports = new Map(names.map((name) => [name, createTransport(`memory://${uniqueName(name)}`)]));
  const transportOf = (name: unknown) => {
    const transport = transports.get(String(name));
    if (transport === undefined) throw new Error(`there is no cell ${String(name)}`);
    return transport;
  };
  const servers = names.map((name) => {
    const dispatcher = createLabDispatcher(new TestManager(name));
    return new RPCServer(transportOf(name), { topic: "lab", server: "host1" }, [dispatcher]);
  });
  for (const server of servers) await server.start();
  const client = new RPCClient(transportOf("api"), labService, {
    transportFor: async (context) => transportOf(context["cell"] ?? "api"),
  });

  const sample = { host: "host1" };
  expect(await client.call("on_host", { cell: "cell1" }, { sample })).toBe("cell1");
  expect(await client.call("on_host", { cell: "cell2" }, { sample })).toBe("cell2");
  expect(await client.call("on_host", {}, { sample })).toBe("api");
  await expect(client.call("on_host", { cell: "cell3" }, { sample })).rejects.toThrow("there is no cell cell3");

  for (const server of servers) await server.stop(0);
  for (const transport of transports.values()) await transport.close();
});
