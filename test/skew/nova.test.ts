import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { skew } from "../../src/skew/index.js";

const folder = fileURLToPath(new URL("../../schemas/nova/", import.meta.url));

// It must be fast enough for a check of every change: 73 methods at 20 caps and 20 servers are most of it.
it("proves in less than twenty seconds that nova's definitions keep their promise", async () => {
  const paths = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const sources = paths.map((path) => ({ path, text: readFileSync(`${folder}${path}`, "utf8") }));
  const { reports, diagnostics } = await skew(sources);
  expect(diagnostics).toEqual([]);
  expect(reports.map(({ service, holds }) => ({ service, holds }))).toEqual(
    ["base", "compute", "compute_task", "conductor", "scheduler"].map((service) => ({ service, holds: true })),
  );
  const compute = reports.find(({ service }) => service === "compute");
  const newest = compute?.caps.at(-1)?.servers.at(-1);
  expect(newest?.works).toHaveLength(compute?.methods ?? 0);
  // An old client has fewer methods, and newer servers take all of them.
  const oldest = compute?.caps[0];
  expect(oldest?.servers.at(-1)?.works).toHaveLength((compute?.methods ?? 0) - (oldest?.refusedMethods.length ?? 0));
}, 20_000);
