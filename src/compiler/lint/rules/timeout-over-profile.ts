import { child, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** No method waits longer than the longest profile. */
export const timeoutOverProfile: Rule = {
  id: "timeout-over-profile",
  group: "wire",
  severity: "warning",
  purpose: "No method waits longer than the longest time-out profile, and no heartbeat outlasts the time-out.",
  explanation:
    "Profiles are what operators tune: programs may override their values. A method with a longer time of its own escapes that, and whoever reads the profiles believes that nothing takes longer. A heartbeat which is not shorter than the profile's time-out never fires.",
  example:
    "timeouts: { long: 30m }\nmethods:\n  start: { kind: call, timeout: 45m, heartbeat: 60s }\n  stop: { kind: call, timeout: long, heartbeat: 60s }\n",
  fix: "timeouts: { long: 30m, longest: 45m }\nmethods:\n  start: { kind: call, timeout: longest, heartbeat: 60s }\n  stop: { kind: call, timeout: long, heartbeat: 60s }\n",
  check({ methods }, report) {
    for (const { file, name, entry, method } of methods) {
      const profiles = file.services.flatMap(({ timeouts }) => timeouts);
      const longest = [...profiles].sort((a, b) => b.timeout - a.timeout)[0];
      if (method === undefined || longest === undefined) continue;
      const { timeout, heartbeat } = method;
      const node = child(entry.value, "timeout");
      if (typeof timeout === "number" && timeout > longest.timeout && node !== undefined) {
        const related = [{ message: `the profile "${longest.name}"`, range: longest.range }];
        report(node.range, `"${name}" waits ${textOf(node)}, longer than the longest profile, "${longest.name}"`, {
          help: "make it a profile of its own, so that programs can override it",
          related,
        });
      }
      const own = typeof timeout === "object" ? profiles.find((one) => one.name === timeout.profile) : undefined;
      const beat = child(entry.value, "heartbeat");
      if (own !== undefined && heartbeat !== undefined && beat !== undefined && heartbeat >= own.timeout) {
        const related = [{ message: `the profile "${own.name}"`, range: own.range }];
        report(beat.range, `a heartbeat of ${textOf(beat)} never matters: "${own.name}" times out before`, {
          help: "make it shorter than the time-out",
          related,
        });
      }
    }
  },
};
