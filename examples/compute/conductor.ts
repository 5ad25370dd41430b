import { parseArgs } from "node:util";
import { createTransport, MessageUndeliverableError, type Transport, VersionCapError } from "@rpcgen/runtime";
import { ComputeAPI, type Instance, InstanceNotFound } from "../../generated/compute/index.js";

/** What another service does with the generated client: nova's conductor, in a minute. */
export async function conduct(transport: Transport, say: (line: string) => void): Promise<void> {
  const compute = new ComputeAPI(transport);
  const context = { request_id: "req-1", user_id: "alice", project_id: "demo" };
  const instance: Instance = {
    uuid: "11111111-2222-3333-4444-555555555555",
    host: "host1",
    vm_state: "building",
  };

  say("cast start_instance: goes to compute.host1, resolves when the broker has it");
  await compute.startInstance(context, { instance });

  say("call get_console_output: waits for the reply");
  const output = await compute.getConsoleOutput(context, { instance, tail_length: 1 });
  say(`  -> ${JSON.stringify(output)}`);

  say("fanout sync_instances: to every host of the topic");
  await compute.syncInstances(context, { reason: "the demo asks" });

  say(
    "call get_console_output of an instance on host2 that does not exist: the declared error comes back as its class",
  );
  const stranger = { ...instance, uuid: "99999999-2222-3333-4444-555555555555", host: "host2" };
  await compute.getConsoleOutput(context, { instance: stranger }).catch((error: unknown) => {
    if (!(error instanceof InstanceNotFound)) throw error;
    say(`  -> ${error.name}: ${error.message} (instance_id ${error.fields.instance_id})`);
  });

  say("call to a host where nobody listens: fails at once, not after a minute");
  await compute.getConsoleOutput(context, { instance: { ...instance, host: "host9" } }).catch((error: unknown) => {
    if (!(error instanceof MessageUndeliverableError)) throw error;
    say(`  -> ${error.name}: ${error.message}`);
  });

  say('the same client pinned to the release "wallaby", while older hosts are being upgraded');
  const pinned = new ComputeAPI(transport, { versionCap: "wallaby" });
  say(
    `  canSend.rebuildInstance({ reimage_boot_volume: true }) is ${pinned.canSend.rebuildInstance({ reimage_boot_volume: true })}`,
  );
  const rebuild = { instance, accel_uuids: [], reimage_boot_volume: true };
  await pinned.rebuildInstance(context, rebuild).catch((error: unknown) => {
    if (!(error instanceof VersionCapError)) throw error;
    say(`  -> ${error.name}: ${error.message}`);
  });
}

// Run as a program of its own, it talks over the broker.
const { values } = parseArgs({ options: { url: { type: "string" } }, strict: false });
if (import.meta.url === `file://${process.argv[1]}` && typeof values.url === "string") {
  const transport = createTransport(values.url);
  await conduct(transport, (line) => console.log(`[conductor] ${line}`));
  await transport.close();
}
