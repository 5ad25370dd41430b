import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { brokerURL } from "../support/broker.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const demo = `${root}examples/dist/examples/compute/demo.js`;

/** What both forms of the demo must show, whatever their order. */
const expected = [
  "generated is up to date",
  "[nova-compute host1] listens",
  "[nova-compute host2] listens",
  "[nova-compute host1] started 11111111-2222-3333-4444-555555555555 for req-1",
  '-> "login:"',
  "[nova-compute host1] looked at 1 instances again: the demo asks",
  "[nova-compute host2] looked at 0 instances again: the demo asks",
  "-> InstanceNotFound: Instance 99999999-2222-3333-4444-555555555555 could not be found.",
  "-> MessageUndeliverableError: compute.get_console_output on compute.host9 in exchange nova: nobody listens there",
  "-> VersionCapError: compute.rebuild_instance: the argument reimage_boot_volume needs version 6.1",
  "[nova-compute host1] stopped with 1 instances",
  "[nova-compute host2] stopped with 0 instances",
];

beforeAll(async () => {
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}examples/tsconfig.json`]);
});

test("the demo tells the story in one process, on the memory transport", async () => {
  const { stdout, stderr } = await run(process.execPath, [demo], { cwd: root });
  for (const line of expected) expect(stdout).toContain(line);
  expect(stderr).toBe("");
});

test("the demo tells the same story as three processes over a broker", async () => {
  const { stdout, stderr } = await run(process.execPath, [demo, "--url", await brokerURL()], { cwd: root });
  for (const line of expected) expect(stdout).toContain(line);
  expect(stderr).toBe("");
}, 30_000);
