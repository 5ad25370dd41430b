import { child } from "../../document.js";
import { addKey } from "../edits.js";
import type { Rule } from "../rule.js";

/** Calls that only read may be sent again. */
export const readNotIdempotent: Rule = {
  id: "read-not-idempotent",
  group: "strict",
  severity: "warning",
  purpose: "Calls that sound as if they only read say idempotent: true.",
  explanation:
    "After a lost connection a call that is marked as idempotent is sent again by itself; any other fails, and every caller has to think about it. Only the author knows whether a method really changes nothing, which is why the rule is strict.",
  example: "methods:\n  get_host_uptime: { kind: call, returns: string }\n",
  fix: "methods:\n  get_host_uptime: { kind: call, returns: string, idempotent: true }\n",
  fixable: true,
  check({ methods }, report) {
    for (const { file, name, entry } of methods) {
      const kind = child(entry.value, "kind");
      const isCall = kind?.kind === "scalar" && kind.value === "call";
      if (!isCall || !/^(get|list|show|find|count|check|is|has|describe|ping|read|query|search)(_|$)/.test(name))
        continue;
      if (child(entry.value, "idempotent") !== undefined) continue;
      report(entry.keyNode.range, `"${name}" sounds as if it only read, and does not say that it may be sent again`, {
        help: "add idempotent: true, or idempotent: false where it changes something",
        fix: addKey(file.document, entry, "idempotent", "true"),
      });
    }
  },
};
