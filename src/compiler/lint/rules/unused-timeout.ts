import { child, entriesOf } from "../../document.js";
import { removeEntry } from "../edits.js";
import type { Rule } from "../rule.js";

/** Every time-out profile is used. */
export const unusedTimeout: Rule = {
  id: "unused-timeout",
  group: "tidy",
  severity: "warning",
  purpose: "Every time-out profile is used by a method.",
  explanation:
    "Operators who override a profile expect that something changes. The profiles of a library count as used when a service among the inputs uses them.",
  example: "timeouts: { long: 90s }\nmethods:\n  start: { kind: call }\n",
  fix: "timeouts: { long: 90s }\nmethods:\n  start: { kind: call, timeout: long }\n",
  fixable: true,
  check({ files }, report) {
    for (const { document, services } of files) {
      if (services.length === 0) continue;
      const used = new Set(
        services
          .flatMap(({ methods }) => methods)
          .map(({ timeout }) => (typeof timeout === "object" ? timeout.profile : undefined)),
      );
      const { root } = document;
      const section = root.kind === "map" ? root.byKey.get("timeouts") : undefined;
      for (const entry of entriesOf(child(root, "timeouts"))) {
        if (used.has(entry.key)) continue;
        const fix =
          root.kind === "map" && section?.value.kind === "map"
            ? removeEntry(document, section.value, entry, { owner: root, entry: section })
            : undefined;
        report(entry.keyNode.range, `no method uses the time-out profile "${entry.key}"`, { help: "remove it", fix });
      }
    }
  },
};
