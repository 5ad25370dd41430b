import { child, textOf } from "../../document.js";
import type { Rule } from "../rule.js";

/** Who waits long hears in time that nobody works any more. */
export const longCallWithoutHeartbeat: Rule = {
  id: "long-call-without-heartbeat",
  group: "wire",
  severity: "warning",
  purpose: "A call that waits longer than two minutes has a heartbeat.",
  explanation:
    "Without a heartbeat the caller of a server that has died waits for the whole time-out. With one it hears after the heartbeat's silence, while a server that still works may take as long as it needs.",
  example: "methods:\n  start: { kind: call, timeout: 30m }\n",
  fix: "methods:\n  start: { kind: call, timeout: 30m, heartbeat: 60s }\n",
  check({ methods, files }, report) {
    const help = "add heartbeat: 60s";
    for (const { name, entry, method } of methods) {
      const node = child(entry.value, "timeout");
      if (node === undefined || typeof method?.timeout !== "number") continue;
      if (method.timeout <= patience || method.heartbeat !== undefined) continue;
      report(node.range, `"${name}" waits up to ${textOf(node)} for a server that may have died`, { help });
    }
    for (const { document, services } of files) {
      const seen = new Set<string>();
      for (const profile of services.flatMap(({ timeouts }) => timeouts)) {
        if (profile.range.path !== document.path || seen.has(profile.name)) continue;
        seen.add(profile.name);
        if (profile.timeout <= patience || profile.heartbeat !== undefined) continue;
        const users = services
          .flatMap(({ methods: all }) => all)
          .filter(({ timeout }) => usesProfile(timeout, profile.name));
        if (users.length > 0 && users.every(({ heartbeat }) => heartbeat !== undefined)) continue;
        report(profile.range, `calls with the profile "${profile.name}" wait long for a server that may have died`, {
          help,
        });
      }
    }
  },
};

/** Milliseconds. */
const patience = 120_000;

function usesProfile(timeout: unknown, name: string): boolean {
  return typeof timeout === "object" && timeout !== null && "profile" in timeout && timeout.profile === name;
}
